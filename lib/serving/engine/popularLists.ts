import { type BaselineName, fitBaseline } from "../../baselines/fitBaselines";
import { defaultSettings } from "../../baselines/settings";
import { historiesOfLists } from "../../data/histories";
import { random } from "../../math/random";
import type { OpenRun } from "../../runs/openRun";

/** One list for everybody: every item, best first. */
export interface PopularList {
  readonly rows: Int32Array;
  readonly scores: Float64Array;
}

/**
 * Ranks all items once by a baseline that is the same for everybody, over all rows of a run's log.
 *
 * @param unavailable items that are left out
 */
export function popularList(
  run: OpenRun,
  name: BaselineName,
  unavailable?: ReadonlySet<number>,
): PopularList {
  const { interactions, catalog } = run.dataset;
  const rows = Int32Array.from({ length: interactions.size }, (_, row) => row);
  const settings = defaultSettings(interactions, run.data.split, run.data);
  const fitted = fitBaseline(name, interactions, rows, { settings, random: random(1) });
  const lists = fitted.recommend(historiesOfLists([[]]), catalog.size, { unavailable });
  const length = lists.items.indexOf(-1);
  const end = length < 0 ? lists.items.length : length;
  return { rows: lists.items.subarray(0, end), scores: lists.scores.subarray(0, end) };
}
