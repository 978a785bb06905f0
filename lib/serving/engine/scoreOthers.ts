import type { OpenRun } from "../../runs/openRun";
import type { Distributions } from "./policyServer";

/** Fills in the scores of items that were drawn beside the candidates. */
export function scoreOthers(
  { served, scored, dataset }: OpenRun,
  { histories, queries }: Distributions,
  slates: readonly { readonly items: Int32Array }[],
  scores: readonly (number | undefined)[][],
): void {
  const open = scores.flatMap((places, request) =>
    places.flatMap((score, place) =>
      score === undefined ? [{ request, place, row: slates[request].items[place] }] : [],
    ),
  );
  if (open.length === 0) return;
  if (served !== undefined) {
    const asked = queries(open.map(({ request }) => request));
    open.forEach(({ request, place, row }, i) => {
      scores[request][place] = served.index.scoreOf(asked, i, row);
    });
    return;
  }
  const { size } = dataset.catalog;
  const all = scored!.recommender.scores(histories);
  for (const { request, place, row } of open) scores[request][place] = all[request * size + row];
}
