import { randomBytes } from "node:crypto";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { withFolderLock } from "../../runs/folderLock";
import type { ServedSlate, ServingLog } from "../servingLog";
import { findSlate } from "./findSlate";
import { writeJoinedLog } from "./joinedLog";
import {
  createLogFile,
  cutTornEnd,
  type LogFile,
  logFileNumbers,
  logFileOf,
  logKeyOf,
  syncFolder,
} from "./logFiles";
import { feedbackLine, headLine, slateLine } from "./logLines";
import { slateIds } from "./slateIds";

export interface ServingLogOptions {
  /** Bytes after which a new file begins; 64 MB by default. */
  readonly rotateBytes?: number;
  /** Told what was cut off, and when the log cannot be written and when it can again. */
  readonly onNotice?: (notice: string) => void;
  /** Makes a new file; for tests of disks that are full. */
  readonly createFile?: (path: string) => Promise<LogFile>;
}

/** Milliseconds until a slate is written, where no feedback comes first. */
const slateDelay = 50;
/** Milliseconds until a disk that was full is tried again for slates alone. */
const retryDelay = 1000;
/** The log as ope reads it, written when the service ends. */
export const joinedFile = "log.csv";
/** Bytes of a log up to which that is done: a service that is stopped is to stop. */
const mostJoined = 256 << 20;
/** Bytes that wait at most; beyond it nothing is taken, so that memory stays flat while a disk is full. */
const mostWaiting = 16 << 20;

interface Waiting {
  readonly line: string;
  readonly slate?: ServedSlate;
  /** Of feedback: told once it is on disk, or refused. */
  readonly settle?: (error?: Error) => void;
}

/**
 * Opens the log of a service, one append-only sequence of JSON lines, for as long as the service lives. Everything that
 * waits is written at once, with one fsync where there is feedback in it (group commit). A file is never written again by
 * a later service, which begins with a new one.
 *
 * @throws InputError when another service has the folder, or it holds a log of another version.
 * @example const log = await openServingLog("data/served");
 */
export async function openServingLog(
  folder: string,
  { rotateBytes = 64 << 20, onNotice = () => {}, createFile = createLogFile }: ServingLogOptions = {},
): Promise<ServingLog> {
  const giveBack = await heldFolder(folder);
  try {
    const numbers = await logFileNumbers(folder);
    const last = numbers.at(-1) ?? 0;
    const cut = last === 0 ? 0 : await cutTornEnd(logFileOf(folder, last));
    if (cut > 0) onNotice(`${logFileOf(folder, last)}: the last line was torn, ${cut} bytes are cut off`);
    const key = (await logKeyOf(folder, numbers)) ?? randomBytes(12).toString("hex");
    const files = await fileSequence({ folder, key, createFile, rotateBytes, after: last });
    return logOn({ folder, key, files, onNotice, giveBack });
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/** Takes a folder until it is given back. */
function heldFolder(folder: string): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const held = withFolderLock(
      folder,
      () =>
        new Promise<void>((free) => {
          resolve(() => {
            free();
            return held;
          });
        }),
    );
    held.catch(reject);
  });
}

/** The files of one opening, written one after the other. */
interface FileSequence {
  /** Where whatever is written next will stand, or after it. */
  place(): { readonly file: number; readonly offset: number };
  /** Writes all of it or, as if it had never been tried, nothing. */
  write(bytes: Buffer, sync: boolean): Promise<void>;
  close(): Promise<void>;
}

interface FileSequenceOptions {
  readonly folder: string;
  readonly key: string;
  readonly createFile: (path: string) => Promise<LogFile>;
  readonly rotateBytes: number;
  /** The last number that was used. */
  readonly after: number;
}

async function fileSequence({
  folder,
  key,
  createFile,
  rotateBytes,
  after,
}: FileSequenceOptions): Promise<FileSequence> {
  let last = after;
  const begun = async () => {
    const number = ++last;
    const path = logFileOf(folder, number);
    const file = await createFile(path);
    const head = Buffer.from(headLine({ key, file: number }));
    try {
      await file.write(head, 0);
      await file.sync();
      await syncFolder(folder);
    } catch (error) {
      await file.close().catch(() => {});
      await rm(path, { force: true }).catch(() => {});
      throw error;
    }
    return { number, path, file, head: head.length, end: head.length, isBroken: false };
  };
  let current = await begun();
  return {
    place: () => ({ file: current.number, offset: current.end }),
    async write(bytes, sync) {
      const isFull = current.end > current.head && current.end + bytes.length > rotateBytes;
      if (isFull || current.isBroken) {
        const next = await begun();
        // What feedback of the new file speaks of may stand in this one.
        await current.file.sync().catch(async (error) => {
          await next.file.close();
          await rm(next.path, { force: true });
          throw error;
        });
        await current.file.close();
        current = next;
      }
      try {
        await current.file.write(bytes, current.end);
        if (sync) await current.file.sync();
        current.end += bytes.length;
      } catch (error) {
        await current.file.truncate(current.end).catch(() => {
          current.isBroken = true;
        });
        throw error;
      }
    },
    async close() {
      await current.file.sync();
      await current.file.close();
      if (current.end === current.head) await rm(current.path, { force: true });
    },
  };
}

interface LogOnFiles {
  readonly folder: string;
  readonly key: string;
  readonly files: FileSequence;
  readonly onNotice: (notice: string) => void;
  readonly giveBack: () => Promise<void>;
}

function logOn({ folder, key, files, onNotice, giveBack }: LogOnFiles): ServingLog {
  const ids = slateIds(key);
  const unwritten = new Map<string, ServedSlate>();
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let problem: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let draining: Promise<void> | undefined;
  let isClosed = false;

  const take = (entry: Waiting): void => {
    if (isClosed) throw new Error("the log of the service is closed");
    if (waitingBytes > mostWaiting)
      throw new Error(`the log of the service cannot be written: ${problem ?? "the disk is too slow"}`);
    waiting.push(entry);
    waitingBytes += entry.line.length;
  };
  const later = (delay: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      drain();
    }, delay);
  };
  const drain = (): Promise<void> => {
    draining ??= written().finally(() => {
      draining = undefined;
      if (waiting.some(({ settle }) => settle)) drain();
      else if (waiting.length > 0 && !isClosed) later(problem === undefined ? slateDelay : retryDelay);
    });
    return draining;
  };

  /** Writes what waits until no feedback does. */
  async function written(): Promise<void> {
    do {
      const batch = waiting;
      waiting = [];
      waitingBytes = 0;
      if (batch.length === 0) return;
      const feedback = batch.filter(({ settle }) => settle);
      try {
        await files.write(Buffer.from(batch.map(({ line }) => line).join("")), feedback.length > 0);
      } catch (error) {
        if (problem === undefined) onNotice(`the log cannot be written: ${(error as Error).message}`);
        problem = (error as Error).message;
        // Slates were shown, and will be written when it can be; feedback is the caller's to send again.
        waiting = [...batch.filter(({ slate }) => slate), ...waiting];
        waitingBytes = waiting.reduce((sum, { line }) => sum + line.length, 0);
        for (const { settle } of feedback) settle!(error as Error);
        continue;
      }
      if (problem !== undefined) onNotice("the log can be written again");
      problem = undefined;
      for (const { slate, settle } of batch) {
        if (slate) unwritten.delete(slate.slateId);
        settle?.();
      }
    } while (waiting.some(({ settle }) => settle));
  }

  return {
    newSlateId: () => ids.make(files.place()),
    append(slate) {
      requireSlate(slate);
      take({ line: slateLine(slate), slate });
      unwritten.set(slate.slateId, slate);
      if (!draining) later(slateDelay);
    },
    async slateOf(slateId) {
      const place = ids.placeOf(slateId);
      if (place === undefined) return undefined;
      return unwritten.get(slateId) ?? findSlate(folder, slateId, place);
    },
    addFeedback(feedback) {
      return new Promise((resolve, reject) => {
        if (!Number.isFinite(feedback.reward))
          throw new Error(`addFeedback requires a finite reward, got ${feedback.reward}`);
        take({ line: feedbackLine(feedback), settle: (error) => (error ? reject(error) : resolve()) });
        drain();
      });
    },
    problem: () => problem,
    async close() {
      if (isClosed) return;
      isClosed = true;
      clearTimeout(timer);
      try {
        while (draining) await draining;
        if (waiting.length > 0) await drain();
        if (waiting.length > 0) onNotice(`${waiting.length} slates could not be written: ${problem}`);
        await files.close();
        await writeJoined(folder, onNotice);
      } finally {
        await giveBack();
      }
    },
  };
}

/** What goes wrong here loses nothing: `ope` reads the folder itself. */
async function writeJoined(folder: string, onNotice: (notice: string) => void): Promise<void> {
  const file = join(folder, joinedFile);
  try {
    const numbers = await logFileNumbers(folder);
    const sizes = await Promise.all(
      numbers.map(async (number) => (await stat(logFileOf(folder, number))).size),
    );
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (bytes <= mostJoined) await writeJoinedLog(folder, file, { onNotice });
    else
      onNotice(
        `${file} is not written: the log has ${Math.round(bytes / 2 ** 20)} MB; npm run -s ope -- --log ${folder} reads the folder, with --write-log FILE it writes the rows`,
      );
  } catch (error) {
    onNotice(`${file} could not be written: ${(error as Error).message}`);
  }
}

function requireSlate({ items, probabilities }: ServedSlate): void {
  if (items.length !== probabilities.length)
    throw new Error(
      `append requires a probability for each item, got ${items.length} items and ${probabilities.length} probabilities`,
    );
  const wrong = probabilities.find((each) => !(each > 0 && each <= 1));
  if (wrong !== undefined) throw new Error(`append requires probabilities in (0, 1], got ${wrong}`);
}
