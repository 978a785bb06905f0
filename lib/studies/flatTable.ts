import type { Interval } from "../math/bootstrap";
import { stepZeroWords, verdictText } from "../runs/signedText";
import type { ActorComparison } from "./actorComparison";
import type { StudyTable } from "./table";
import { differencesOf, studyNotes } from "./text";

/**
 * A table as `evaluate --json` writes it, a number for each figure: means under `at`, their intervals apart, and of the
 * differences those from step 0.
 */
export function flatTable(table: StudyTable) {
  const { data, protocol, order, refit, relevantAt, test, users, ks, k, rows } = table;
  const { markOf } = differencesOf(table);
  const about = { data, protocol, order, refit, relevantAt, ...(test === undefined ? {} : { test }) };
  return {
    ...{ ...about, users, ks, k },
    rows: rows.map(({ name, kind, at, lists, actor }) => ({
      name,
      kind: kind === "supervised" || kind === "baseline" ? kind : "agent",
      at: mapped(at, (figures, length) => ({
        ...mapped(figures, ({ mean }) => mean),
        ...lists[length],
      })),
      intervals: mapped(at, (figures) => mapped(figures, ({ bySeed: _, ...interval }) => interval)),
      stepZero: actor === undefined ? null : fromStepZero(actor, at[k].ndcg.mean, markOf),
    })),
    notices: studyNotes(table),
  };
}

function fromStepZero(
  { fromStepZero: { difference, changedLists } }: ActorComparison,
  mean: number,
  markOf: (difference: Interval) => string,
) {
  const verdict = verdictText(difference, stepZeroWords, mean - difference.mean);
  return { difference, changedLists, verdict: [verdict, markOf(difference)].join(" ").trim() };
}

function mapped<T, U>(
  group: Readonly<Record<string, T>>,
  value: (entry: T, key: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(group).map(([key, entry]) => [key, value(entry, key)]));
}
