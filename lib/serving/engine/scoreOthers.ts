import type { OpenRun } from "../../runs/openRun";
import type { Distributions } from "./policyServer";
import { maskLists } from "./requestRules";

/** Fills in the scores of items that were drawn beside the candidates: one search for all, in which nothing else is open. */
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
  const { size } = dataset.catalog;
  if (served !== undefined) {
    const asked = queries(open.map(({ request }) => request));
    const seen = maskLists(open.map(({ row }) => allBut(row, size)))!;
    const found = served.index.search(asked, 1, { seen });
    open.forEach(({ request, place }, i) => {
      scores[request][place] = found.items[i] < 0 ? 0 : found.scores[i];
    });
    return;
  }
  const all = scored!.recommender.scores(histories);
  for (const { request, place, row } of open) scores[request][place] = all[request * size + row];
}

function allBut(row: number, size: number): Int32Array {
  return Int32Array.from({ length: size - 1 }, (_, i) => (i < row ? i : i + 1));
}
