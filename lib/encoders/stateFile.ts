import { closeSync, mkdirSync, openSync, readSync, rmSync, statfsSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../data/inputError";

/** Rows of `width` numbers of single precision in a file that nobody else sees. */
export interface RowFile {
  /** Writes whole rows from row `at` on. */
  write(at: number, rows: Float32Array): void;
  /** Reads one row into `into`, from its number `at` on. */
  read(row: number, into: Float32Array, at: number): void;
  /** Gives the room on the disk back. */
  close(): void;
}

/** What is left free on the disk for everything else. */
const spare = 2 ** 28;

/**
 * A file of so many rows, which the system pages in and out as it likes: a row of 128 numbers is read in about 2 µs
 * where the file is in the page cache. Its name is taken away as soon as it is open, so that whatever ends the
 * process leaves nothing behind; where the system does not allow that, it goes with `close` or with the process.
 *
 * @param folder where it lies; on a disk, since a temporary folder is memory on many systems
 * @throws InputError when the disk has not so much room, with both numbers.
 * @example const file = rowFile(1e7, 128, "data/cache"); // 5.1 GB
 */
export function rowFile(rows: number, width: number, folder: string): RowFile {
  requireRoom(rows, width, folder);
  const bytes = 4 * width;
  const path = join(folder, `states-${process.pid}-${Date.now()}-${made++}.tmp`);
  const file = openSync(path, "wx+", 0o600);
  const remove = (): void => rmSync(path, { force: true });
  try {
    unlinkSync(path);
  } catch {
    process.on("exit", remove);
  }
  const bytesOf = (numbers: Float32Array): Uint8Array =>
    new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return {
    write(at, numbers) {
      const all = bytesOf(numbers);
      for (let done = 0; done < all.length; )
        done += writeSync(file, all, done, Math.min(all.length - done, 2 ** 30), at * bytes + done);
    },
    read(row, into, at) {
      if (readSync(file, bytesOf(into), 4 * at, bytes, row * bytes) !== bytes)
        throw new Error(`rowFile.read requires a row that was written, got ${row}`);
    },
    close() {
      closeSync(file);
      process.off("exit", remove);
      remove();
    },
  };
}

let made = 0;

/** @throws InputError when a disk has no room for so many rows, with both numbers. */
export function requireRoom(rows: number, width: number, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const bytes = 4 * width * rows;
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (bytes + spare <= free) return;
  throw new InputError(
    `the states of ${rows} entries take ${gigabytes(bytes)} on the disk of ${folder}, which has ${gigabytes(free)} free`,
    {
      expected:
        "more room there, smaller states (--set nextItem.units=32) or a log of fewer rows (its last years, say)",
    },
  );
}

/** @example gigabytes(1.5e9) // "1.5 GB" */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
