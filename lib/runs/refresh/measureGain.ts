import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Catalog } from "../../data/catalog";
import { type Histories, takeHistories } from "../../data/histories";
import { writeAtomically } from "../../data/writeAtomically";
import { interval, pairedInterval } from "../../math/bootstrap";
import { random } from "../../math/random";
import { rankingMetrics } from "../../metrics/metrics";
import { emptyLists } from "../../retrieval/bestOf";
import type { Lists } from "../../retrieval/lists";
import type { RunConfig } from "../../settings/runConfig";
import { modelCard } from "../modelCard";
import { newReaderLists } from "../newReaders";
import { type OpenRun, openRun } from "../openRun";
import { type RunSummary, readFinished, runFiles, writeSummary } from "../runFolder";
import { trainRun } from "../trainRun";
import { type GainRow, type RefreshGain, type TrainingTime, trainingClock } from "./record";

export interface GainOptions {
  /** The folder of the run that was gone on from. */
  readonly from: string;
  /** Settings to train the same data from nothing with; without them only the old run is compared. */
  readonly anew?: RunConfig;
  /** What refreshing took, where it was done in one go. */
  readonly time?: TrainingTime;
  readonly onProgress?: (label: string, done: number, total: number, detail: string) => void;
}

const k = 10;

/**
 * Measures what a refreshed run gained on the readers of its test rows, beside the run it goes on from as that is and beside
 * the same data learned from nothing, and writes it into run.json and the model card. The old run is given each reader's
 * whole history as far as it knows the items, and readers of whom it knows nothing get what is popular in its log.
 */
export async function measureGain(folder: string, options: GainOptions): Promise<RunSummary> {
  const { from, anew, time } = options;
  const refreshed = await openRun(folder);
  try {
    const task = refreshed.data.test();
    const { dataset } = refreshed;
    const ndcgOf = (lists: Lists): Float64Array => rankingMetrics(lists, task, [k]).perUser[k].ndcg;
    const own = (run: OpenRun): Float64Array =>
      ndcgOf(run.recommender.recommend(task.histories, k, { repeats: task.repeats }));
    const base = own(refreshed);
    const chance = random(1).fork("refresh gain");
    const row = (name: GainRow["name"], values: Float64Array, took?: TrainingTime | null): GainRow => ({
      name,
      ndcg: interval({ values }, chance.fork(name)),
      ...(values === base ? {} : { difference: pairedInterval(base, values, chance.fork(`to ${name}`)) }),
      ...(took === undefined ? {} : { time: took }),
    });
    const methods = [row("refreshed", base, time ?? null)];
    const old = await openRun(from);
    let relevantNew = 0;
    try {
      methods.push(row("old run, as it is", ndcgOf(listsOfOld(old, task, dataset))));
      for (const item of task.relevantItems)
        if (old.dataset.catalog.rowOf(dataset.catalog.ids[item]) < 0) relevantNew++;
    } finally {
      old.dispose();
    }
    if (anew !== undefined) {
      // A home of its own: nothing is taken from data/cache, so that the time is that of training.
      const root = await mkdtemp(join(tmpdir(), "offshelf-anew-"));
      try {
        const clock = trainingClock();
        await trainRun({
          ...{ folder: join(root, "run"), root, dataset, config: anew },
          onProgress: (label, done, total, detail) =>
            options.onProgress?.(`anew: ${label}`, done, total, detail),
        });
        const took = clock();
        const other = await openRun(join(root, "run"));
        methods.push(row("trained anew", own(other), took));
        other.dispose();
      } finally {
        await rm(root, { recursive: true, force: true });
      }
    }
    const gain: RefreshGain = {
      ...{ k, readers: task.histories.size, relevant: task.relevantItems.length, relevantNew },
      methods,
    };
    const { config, summary } = await readFinished(folder);
    const measured = { ...summary, refresh: { ...summary.refresh!, gain } };
    await writeAtomically(join(folder, runFiles.card), modelCard(measured, config));
    await writeSummary(folder, measured);
    return measured;
  } finally {
    refreshed.dispose();
  }
}

/** The lists of a run that knows fewer items, with the rows of a larger catalogue. */
function listsOfOld(
  old: OpenRun,
  { histories, repeats }: { readonly histories: Histories; readonly repeats?: true },
  { catalog, interactions }: OpenRun["dataset"],
): Lists {
  const known = oldHistories(old, histories, { catalog, userIds: interactions.userIds });
  const lists = emptyLists(histories.size, k);
  const put = (request: number, from: Lists, at: number): void => {
    for (let place = 0; place < Math.min(k, from.k); place++) {
      const item = from.items[at * from.k + place];
      if (item < 0) continue;
      lists.items[request * k + place] = catalog.rowOf(old.dataset.catalog.ids[item]);
      lists.scores[request * k + place] = from.scores[at * from.k + place];
    }
  };
  const filled: number[] = [];
  const empty: number[] = [];
  for (let h = 0; h < histories.size; h++) (known.offsets[h + 1] > known.offsets[h] ? filled : empty).push(h);
  const asked = old.recommender.recommend(takeHistories(known, filled), k, { repeats });
  for (const [at, h] of filled.entries()) put(h, asked, at);
  if (empty.length > 0) {
    const popular = newReaderLists(old, 1, k);
    for (const h of empty) put(h, popular, 0);
  }
  return lists;
}

/** Histories with the rows of the old catalogue, without what it does not know. */
function oldHistories(
  old: OpenRun,
  { size, users, offsets, items, weights }: Histories,
  { catalog, userIds }: { readonly catalog: Catalog; readonly userIds: readonly string[] },
): Histories {
  const rowOfUser = new Map(old.dataset.interactions.userIds.map((id, row) => [id, row]));
  const rowOf = Int32Array.from(catalog.ids, (id) => old.dataset.catalog.rowOf(id));
  const kept: number[] = [];
  const ends = new Int32Array(size + 1);
  for (let h = 0; h < size; h++) {
    for (let e = offsets[h]; e < offsets[h + 1]; e++) if (rowOf[items[e]] >= 0) kept.push(e);
    ends[h + 1] = kept.length;
  }
  return {
    size,
    users: users.map((user) => (user < 0 ? -1 : (rowOfUser.get(userIds[user]) ?? -1))),
    offsets: ends,
    items: Int32Array.from(kept, (e) => rowOf[items[e]]),
    weights: Float32Array.from(kept, (e) => weights[e]),
    rows: new Int32Array(kept.length).fill(-1),
  };
}
