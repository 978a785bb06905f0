import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atEnd } from "./atEnd";

/** A folder for copies that nobody keeps. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Makes a folder in the system's temporary folder. It goes with `remove`; and when the process ends before that, by
 * itself or by Ctrl-C, it goes as well.
 *
 * @example const folder = await temporaryFolder(); // { path: "/tmp/offshelf-Xy12ab", ... }
 */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), "offshelf-"));
  const forget = atEnd(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true });
      forget();
    },
  };
}
