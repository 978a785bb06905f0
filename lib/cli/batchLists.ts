import { randomUUID } from "node:crypto";
import { createReadStream, rmSync } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { atEnd } from "../data/atEnd";
import { userHistories } from "../data/histories";
import { writeAtomically } from "../data/writeAtomically";
import { makeFolder, writeFailure } from "../data/writeFailure";
import { newReaderLists } from "../runs/newReaders";
import type { OpenRun } from "../runs/openRun";
import { type ServedLists, servedLists } from "../runs/servedLists";
import type { Output } from "./output";
import type { AskedUsers } from "./readUserIds";

/** Users whose lists are asked for in one call: the batch decides the last bits of their scores. */
const atOnce = 512;
/** Users whose ids are read in one go. */
const read = 64 * atOnce;

interface BatchOptions {
  readonly k: number;
  /** A CSV file; stdout without it. */
  readonly out?: string;
  /** A JSON file with the same lists. */
  readonly json?: string;
}

/**
 * Lists for many users, written as they come: memory holds the log and one batch, whatever the number of users. The files
 * appear when they are whole, and nothing is left of them when the work is cut short.
 *
 * @returns how many users get no list, since nothing is left for them
 */
export async function writeBatchLists(
  run: OpenRun,
  asked: AskedUsers,
  options: BatchOptions,
  output: Output,
): Promise<{ readonly empty: number }> {
  const { out, json } = options;
  const spool = json === undefined ? undefined : await openSpool(json);
  let empty = 0;
  async function* csv(): AsyncGenerator<string> {
    yield "user_id,item_id,rank,score\n";
    for await (const batch of batches(run, asked, options, output)) {
      await spool?.add(batch.json);
      empty += batch.empty;
      yield batch.csv;
    }
  }
  try {
    if (out !== undefined) await writeAtomically(out, csv(), { goesAtEnd: true });
    else
      for await (const text of csv()) {
        output.out(text);
        await output.drained();
      }
    await spool?.finish(asked.size);
  } finally {
    await spool?.remove();
  }
  return { empty };
}

interface Batch {
  readonly csv: string;
  readonly json: readonly string[];
  readonly empty: number;
}

async function* batches(
  run: OpenRun,
  asked: AskedUsers,
  { k, json }: BatchOptions,
  output: Output,
): AsyncGenerator<Batch> {
  const { interactions, catalog } = run.dataset;
  const items = catalog.ids.map(quoted);
  const popular = asked.unknown > 0 ? entriesOf(newReaderLists(run, 1, k), 0) : [];
  const historiesOf = userHistories(interactions);
  let done = 0;
  for await (const { ids, rows } of asked.chunks(read))
    for (let start = 0; start < rows.length; start += atOnce) {
      const users = rows.subarray(start, start + atOnce);
      const lists = servedLists(run, historiesOf(users.filter((user) => user >= 0)), k);
      let [request, empty] = [0, 0];
      const lines: string[] = [];
      const written: string[] = [];
      users.forEach((user, i) => {
        const entries = user < 0 ? popular : entriesOf(lists, request++);
        if (entries.length === 0) empty++;
        const id = ids[start + i];
        const shown = quoted(id);
        for (const [place, { item, score }] of entries.entries()) {
          const rank = place + 1;
          lines.push(`${shown},${items[item]},${rank},${score}\n`);
          if (json !== undefined)
            written.push(JSON.stringify({ user_id: id, item_id: catalog.ids[item], rank, score }));
        }
      });
      done += users.length;
      output.progress("recommend", done, asked.size);
      yield { csv: lines.join(""), json: written, empty };
    }
}

/**
 * Entries of a JSON file whose head counts them, which is known when the last has come: they wait in a file beside it.
 */
async function openSpool(path: string) {
  await makeFolder(dirname(path));
  const waiting = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  const forget = atEnd(() => rmSync(waiting, { force: true }));
  const file: FileHandle = await open(waiting, "wx").catch((error) => {
    throw writeFailure(error, dirname(path));
  });
  let rows = 0;
  return {
    async add(entries: readonly string[]): Promise<void> {
      const text = entries.map((entry, i) => `${rows + i === 0 ? "" : ","}\n    ${entry}`).join("");
      rows += entries.length;
      await file.writeFile(text).catch((error) => {
        throw writeFailure(error, dirname(path));
      });
    },
    async finish(users: number): Promise<void> {
      async function* whole(): AsyncGenerator<string | Uint8Array> {
        yield `{\n  "users": ${users},\n  "rows": ${rows},\n  "recommendations": [`;
        yield* createReadStream(waiting);
        yield "\n  ]\n}\n";
      }
      await writeAtomically(path, whole(), { goesAtEnd: true });
    },
    async remove(): Promise<void> {
      await file.close();
      await rm(waiting, { force: true });
      forget();
    },
  };
}

/** A list's entries, best first. */
export function entriesOf(lists: ServedLists, request: number) {
  const entries: { item: number; score: number; probability: number | null }[] = [];
  for (let at = request * lists.k; at < (request + 1) * lists.k && lists.items[at] >= 0; at++)
    entries.push({
      item: lists.items[at],
      score: lists.scores[at],
      probability: lists.probabilities?.[at] ?? null,
    });
  return entries;
}

/** A field of a CSV file, in quotes where it must be. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
