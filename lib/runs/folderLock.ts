import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { InputError } from "../data/inputError";
import { makeFolder, writeFailure } from "../data/writeFailure";

/** The file that says who works in a folder. */
export const lockFile = ".lock";

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the system's own count: numbers of processes come again. Null where it is not told. */
  readonly began: string | null;
  /** Tells apart two locks of one process. */
  readonly key: string;
}

export interface LockOptions {
  /** Called once when another process has the folder, which is then waited for; without it the folder is refused. */
  readonly onWait?: (pid: number) => void;
}

/**
 * Does some work while no other process works in the same folder. The lock of a process that ended without giving it
 * back (a kill, a crash) counts no more; on another machine that shares the folder nothing can be known of it, so there
 * its lock has to be removed by hand.
 *
 * @throws InputError that names the process, where one works there and is not to be waited for.
 */
export async function withFolderLock<T>(
  folder: string,
  work: () => Promise<T>,
  { onWait }: LockOptions = {},
): Promise<T> {
  await makeFolder(folder);
  const file = resolve(folder, lockFile);
  const own: Owner = { pid: process.pid, host: hostname(), began: beginOf(process.pid), key: randomUUID() };
  let told = false;
  for (let other = await taken(file, own); other !== undefined; other = await taken(file, own)) {
    if (onWait === undefined)
      throw new InputError(`another process works here (${other.pid} on ${other.host})`, {
        file: folder,
        expected: `a folder of its own for each run, or wait; if there is no such process, remove ${join(folder, lockFile)}`,
      });
    if (!told) onWait(other.pid);
    told = true;
    await setTimeout(200);
  }
  const giveBack = (): void => rmSync(file, { force: true });
  process.on("exit", giveBack);
  try {
    return await work();
  } finally {
    process.off("exit", giveBack);
    giveBack();
  }
}

/** The process that works in a folder; undefined where none does. */
export async function workerIn(folder: string): Promise<number | undefined> {
  const owner = await ownerOf(resolve(folder, lockFile));
  return owner !== undefined && isAlive(owner) ? owner.pid : undefined;
}

/** Takes the lock, or says who has it. */
async function taken(file: string, own: Owner): Promise<Owner | undefined> {
  // Written beside and linked: whoever sees the lock sees the whole of it.
  const written = `${file}.${own.key}.tmp`;
  try {
    await writeFile(written, JSON.stringify(own));
    for (;;) {
      try {
        await link(written, file);
        return undefined;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const other = await ownerOf(file);
      if (other === undefined) continue; // given back meanwhile
      if (isAlive(other)) return other;
      await putAside(file, other);
    }
  } catch (error) {
    throw writeFailure(error, dirname(file));
  } finally {
    await rm(written, { force: true }).catch(() => {}); // on a disk that is read-only, it never was there
  }
}

async function ownerOf(file: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Owner;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return { pid: 0, host: hostname(), began: null, key: "" }; // no lock of ours: a disk that was full
  }
}

/** Removes a lock whose process ended; if somebody else has replaced it meanwhile, theirs is put back. */
async function putAside(file: string, dead: Owner): Promise<void> {
  const aside = `${file}.${randomUUID()}.tmp`;
  try {
    await rename(file, aside);
  } catch {
    return; // somebody else was first
  }
  if ((await ownerOf(aside))?.key !== dead.key) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

function isAlive({ pid, host, began }: Owner): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid && began === beginOf(pid)) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH" || pid <= 0) return false;
  }
  return pid > 0 && (began === null || began === beginOf(pid));
}

/** Linux tells when a process began, in ticks since the machine did. */
function beginOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return null;
  }
}
