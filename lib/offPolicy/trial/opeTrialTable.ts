import { meanOf } from "../../math/mean";
import { policySelection } from "../report/policySelection";
import type { VerdictName } from "../report/verdict";
import type { OpeCase } from "./opeTrial";

/** How an estimator did where it got a verdict. */
export interface OpeRow {
  readonly kind: OpeCase["kind"];
  readonly estimator: string;
  readonly verdict: VerdictName;
  /** Policies times logs. */
  readonly cases: number;
  /** Of the estimator's cases. */
  readonly share: number;
  /** Mean value − truth. */
  readonly bias: number;
  /** √(mean squared error). */
  readonly error: number;
  /** Share of the intervals that held the truth. */
  readonly held: number;
  /** Spearman's ρ of values and truths among the policies of a log with this verdict, where there are three or more: the mean over logs. */
  readonly rankCorrelation: number;
  /** There too: what the best of them earns more than the one with the highest value. */
  readonly regret: number;
}

export const verdicts: readonly VerdictName[] = ["ok", "weak", "unreliable"];

/** An interval without width holds the truth when both are the same but for rounding. */
const rounding = 1e-9;

/**
 * @param by "verdict", the estimator's own, or "weights", that of the weights alone
 * @returns a row for each kind, estimator and verdict that came about
 */
export function opeSummary(
  cases: readonly OpeCase[],
  by: "verdict" | "weights" = "verdict",
): readonly OpeRow[] {
  return verdicts.flatMap((verdict) =>
    [...grouped(cases, ({ kind, estimator }) => `${kind} ${estimator}`).values()].flatMap((all) => {
      const own = all.filter((each) => each[by] === verdict);
      if (own.length === 0) return [];
      const { kind, estimator } = own[0];
      const errors = Float64Array.from(own, ({ value, truth }) => value - truth).filter(Number.isFinite);
      const chosen = [...grouped(own, ({ log }) => log).values()]
        .filter((some) => some.length >= 3 && some.every(({ value }) => Number.isFinite(value)))
        .map((some) =>
          policySelection(
            Float64Array.from(some, ({ value }) => value),
            Float64Array.from(some, ({ truth }) => truth),
          ),
        );
      const ordered = chosen.map(({ rankCorrelation }) => rankCorrelation).filter(Number.isFinite);
      return [
        {
          ...{ kind, estimator, verdict, cases: own.length, share: own.length / all.length },
          bias: meanOf(errors),
          error: Math.sqrt(meanOf(errors.map((error) => error * error))),
          held: own.filter(holds).length / own.length,
          rankCorrelation: ordered.length === 0 ? Number.NaN : meanOf(Float64Array.from(ordered)),
          regret:
            chosen.length === 0 ? Number.NaN : meanOf(Float64Array.from(chosen, ({ regret }) => regret)),
        },
      ];
    }),
  );
}

/** For `showTable`. */
export function opeTable(rows: readonly OpeRow[]): {
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number)[])[];
} {
  const shown = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : "–");
  return {
    columns: [
      ...["verdict", "kind", "estimator", "cases", "share", "bias", "error"],
      ...["interval holds the truth", "rank correlation", "regret"],
    ],
    values: rows.map((row) => [
      ...[row.verdict, row.kind, row.estimator, row.cases],
      ...[row.share, row.bias, row.error, row.held, row.rankCorrelation, row.regret].map(shown),
    ]),
  };
}

function holds({ lower, upper, truth }: OpeCase): boolean {
  return lower - rounding <= truth && truth <= upper + rounding;
}

function grouped<T, Key>(values: readonly T[], keyOf: (value: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key)!.push(value);
  }
  return groups;
}
