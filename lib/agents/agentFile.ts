import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically, writeJsonAtomically } from "../data/writeAtomically";

const [textName, binaryName] = ["agent.json", "agent.bin"] as const;

/** Writes an agent as agent.bin (its numbers) and then agent.json (what they are, and their hash). */
export async function writeAgentFile(
  folder: string,
  about: object,
  arrays: readonly {
    readonly buffer: ArrayBufferLike;
    readonly byteOffset: number;
    readonly byteLength: number;
  }[],
): Promise<void> {
  const bytes = Buffer.concat(
    arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
  await writeAtomically(join(folder, binaryName), bytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await writeJsonAtomically(join(folder, textName), { ...about, sha256 });
}

/**
 * Reads what `writeAgentFile` wrote. `check` looks at what the numbers are said to be before they are trusted.
 *
 * @throws when the bytes are not those that were written.
 */
export async function readAgentFile<About extends object>(
  folder: string,
  check: (about: About) => void,
): Promise<{ readonly about: About; readonly bytes: Uint8Array }> {
  const about = JSON.parse(await readFile(join(folder, textName), "utf8")) as About & { sha256: string };
  const bytes = new Uint8Array(await readFile(join(folder, binaryName)));
  check(about);
  if (createHash("sha256").update(bytes).digest("hex") !== about.sha256)
    throw new Error(`load requires the agent.bin that was written, got other bytes in ${folder}`);
  return { about, bytes };
}
