import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Unzipped, unzipSync } from "fflate";

/**
 * Takes some files out of a zip archive into a folder, without the folders they were in. The archive is read whole into
 * memory: ours are of a few megabytes.
 *
 * @param options.under a folder of the archive: what lies below it keeps its folders
 * @returns the files' names in the folder
 * @throws when the archive is none, or a file is not in it.
 * @example await unzip("ml-100k.zip", ["ml-100k/u.data"], { folder: "data/raw/ml-100k" }) // ["u.data"]
 */
export async function unzip(
  archive: string,
  files: readonly string[],
  { folder, under }: { readonly folder: string; readonly under?: string },
): Promise<readonly string[]> {
  const names = files.map((file) =>
    under !== undefined && file.startsWith(`${under}/`) ? file.slice(under.length + 1) : basename(file),
  );
  const contents = await contentsOf(archive, files);
  for (const [i, file] of files.entries()) {
    const bytes = contents[file];
    if (bytes === undefined)
      throw new Error(`unzip of ${archive} failed: There is no item named '${file}' in the archive`);
    const target = join(folder, names[i]);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
  return names;
}

async function contentsOf(archive: string, files: readonly string[]): Promise<Unzipped> {
  const bytes = await readFile(archive);
  try {
    return unzipSync(bytes, { filter: ({ name }) => files.includes(name) });
  } catch (error) {
    throw new Error(`unzip of ${archive} failed: ${(error as Error).message}`);
  }
}
