import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { runFiles } from "../runs/runFolder";

/** Says whether a run folder holds another run than before; undefined while no finished run is there. */
export async function runStamp(folder: string): Promise<string | undefined> {
  const file = join(folder, runFiles.summary);
  try {
    const [text, { ino, mtimeMs }, place] = await Promise.all([readFile(file), stat(file), realpath(folder)]);
    return createHash("sha256").update(`${place}\n${ino}\n${mtimeMs}\n`).update(text).digest("hex");
  } catch {
    return undefined;
  }
}
