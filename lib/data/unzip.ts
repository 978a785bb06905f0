import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Python's own zip reader, because Node has none: archive, target folder, names of the files to take. */
const script = `
import os, sys, zipfile
archive, folder, *names = sys.argv[1:]
with zipfile.ZipFile(archive) as source:
    for name in names:
        with open(os.path.join(folder, os.path.basename(name)), "wb") as target:
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
 * @throws when Python is missing, the archive is none, or a file is not in it.
 */
export async function unzip(archive: string, files: readonly string[], folder: string): Promise<void> {
  try {
    await run(python(), ["-c", script, archive, folder, ...files]);
  } catch (error) {
    throw new Error(`unzip of ${join(archive)} failed: ${lastLine(error)}`);
  }
}

/** The last line a failed command wrote to stderr, which for Python is the reason. */
export function lastLine(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string };
  const lines = (stderr ?? "").trim().split("\n");
  return lines[lines.length - 1] || message;
}
