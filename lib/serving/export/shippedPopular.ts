import { arrayOf, readArrays } from "../../data/namedArrays";
import { bestOf, emptyLists } from "../../retrieval/bestOf";
import type { OpenRun } from "../../runs/openRun";
import type { PopularList } from "../engine/popularLists";
import { type ShippedAbout, shippedFiles } from "./shipped";

/**
 * Stands for serving/engine/popularLists.ts in the reader's browser, where there is no log to count in: the scores were
 * shipped, and rank as they do there.
 */

let scoresOf: Readonly<Record<string, Float64Array>> = {};

/** Reads the shipped scores: once, before anybody asks for a list. */
export async function readPopularLists(): Promise<void> {
  const { arrays } = await readArrays<ShippedAbout>(shippedFiles.run);
  const column = (name: string): Float64Array => arrayOf(arrays, name, Float64Array, shippedFiles.run);
  scoresOf = { "most-popular": column("popular"), "recent-popularity": column("recent") };
}

export function popularList(_run: OpenRun, name: string, unavailable?: ReadonlySet<number>): PopularList {
  const scores = scoresOf[name];
  const best = bestOf(scores.length);
  for (let row = 0; row < scores.length; row++) if (!unavailable?.has(row)) best.offer(row, scores[row]);
  const count = best.count();
  const lists = emptyLists(1, count);
  best.drain(lists, 0);
  return { rows: lists.items, scores: lists.scores };
}
