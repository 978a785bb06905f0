import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { InputError } from "./inputError";
import { writeAtomically } from "./writeAtomically";

const sidecar = "SHA256SUMS";

/** The SHA-256 of a file, in hexadecimal. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/**
 * Writes the checksums of files beside them (SHA256SUMS, which `sha256sum -c` reads too). Written last, it
 * also says that all files are whole.
 */
export async function keepChecksums(folder: string, files: readonly string[]): Promise<void> {
  const lines: string[] = [];
  for (const file of files) lines.push(`${await sha256Of(join(folder, file))}  ${file}\n`);
  await writeAtomically(join(folder, sidecar), lines.join(""));
}

/** Whether a folder was filled to the end by a download. */
export function isComplete(folder: string): boolean {
  return existsSync(join(folder, sidecar));
}

/**
 * Compares the files of a downloaded folder with the checksums kept beside them; does nothing where none are.
 *
 * @throws InputError naming the file that has changed since, or is gone.
 */
export async function verifyChecksums(folder: string): Promise<void> {
  const kept = join(folder, sidecar);
  if (!existsSync(kept)) return;
  for (const entry of (await readFile(kept, "utf8")).split("\n")) {
    const [, sum, name] = /^([0-9a-f]{64}) {2}(.+)$/.exec(entry) ?? [];
    if (name === undefined) continue;
    const file = join(folder, name);
    const advice = `the file that was downloaded (delete ${folder} to download it again)`;
    if (!existsSync(file)) throw new InputError("is gone", { file, expected: advice });
    if ((await sha256Of(file)) !== sum)
      throw new InputError(`has changed since its checksum was kept`, { file, expected: advice });
  }
}
