import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Python's own zip reader, because Node has none: archive, target folder, then name and new name of each file to take. */
const script = `
import os, sys, zipfile
archive, folder, *names = sys.argv[1:]
with zipfile.ZipFile(archive) as source:
    for name, new in zip(names[::2], names[1::2]):
        path = os.path.join(folder, new)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as target:
            target.write(source.read(name))
`;

/** The project's Python where set-up has made it, else the machine's. */
export function python(): string {
  const own = resolve(".venv", "bin", "python");
  return existsSync(own) ? own : "python3";
}

/**
 * Takes some files out of a zip archive into a folder, without the folders they were in.
 *
 * @param options.under a folder of the archive: what lies below it keeps its folders
 * @returns the files' names in the folder
 * @throws when Python is missing, the archive is none, or a file is not in it.
 */
export async function unzip(
  archive: string,
  files: readonly string[],
  { folder, under }: { readonly folder: string; readonly under?: string | undefined },
): Promise<readonly string[]> {
  const names = files.map((file) =>
    under !== undefined && file.startsWith(`${under}/`) ? file.slice(under.length + 1) : basename(file),
  );
  try {
    await run(python(), ["-c", script, archive, folder, ...files.flatMap((file, i) => [file, names[i]!])]);
  } catch (error) {
    throw new Error(`unzip of ${join(archive)} failed: ${lastLine(error)}`);
  }
  return names;
}

/** The last line a failed command wrote to stderr, which for Python is the reason. */
export function lastLine(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string };
  const lines = (stderr ?? "").trim().split("\n");
  return lines[lines.length - 1] || message;
}
