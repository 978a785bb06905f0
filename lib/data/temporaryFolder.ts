import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for copies that nobody keeps. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

const present = new Set<string>();
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Makes a folder in the system's temporary folder. It goes with `remove`; and when the process ends before that, by
 * itself or by Ctrl-C, it goes as well.
 *
 * @example const folder = await temporaryFolder(); // { path: "/tmp/offshelf-Xy12ab", ... }
 */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), "offshelf-"));
  if (present.size === 0) {
    process.on("exit", removeAll);
    for (const signal of signals) process.on(signal, stopped);
  }
  present.add(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true });
      forget(path);
    },
  };
}

function forget(path: string): void {
  present.delete(path);
  if (present.size > 0) return;
  process.off("exit", removeAll);
  for (const signal of signals) process.off(signal, stopped);
}

function removeAll(): void {
  for (const path of [...present]) {
    rmSync(path, { recursive: true, force: true });
    forget(path);
  }
}

/** Somebody who listens to the signal as well decides what it does; where nobody does, it ends the process as usual. */
function stopped(signal: NodeJS.Signals): void {
  removeAll();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
