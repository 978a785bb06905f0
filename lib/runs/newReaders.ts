import { fitBaseline } from "../baselines/fitBaselines";
import { defaultSettings } from "../baselines/settings";
import { historiesOfLists } from "../data/histories";
import { unavailableItems } from "../data/unavailableItems";
import { random } from "../math/random";
import type { Lists } from "../retrieval/lists";
import type { OpenRun } from "./openRun";

/**
 * What somebody gets of whom nothing is known: what everybody takes at the end of the log. An actor has learned from
 * states after at least one item; what it says of the empty state was never trained.
 *
 * @param count how many such people; all get the same list
 * @returns [count × k]
 */
export function newReaderLists(run: OpenRun, count: number, k: number): Lists {
  const { interactions, catalog } = run.dataset;
  const rows = Int32Array.from({ length: interactions.size }, (_, row) => row);
  const settings = defaultSettings(interactions, run.data.split, run.data);
  const popular = fitBaseline("recent-popularity", interactions, rows, { settings, random: random(1) });
  const nobody = historiesOfLists(Array.from({ length: count }, () => []));
  return popular.recommend(nobody, Math.min(k, catalog.size), { unavailable: unavailableItems(catalog) });
}
