import type { CoverageStudy, EstimatorRow, StudiedMethod } from "./coverageStudy";
import { estimatorTitle } from "./reportText";

/** Rows and columns, as `showTable` takes them. */
export interface StudyTable {
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number)[])[];
}

/** Studies of several situations, by the name of the situation. */
export type Studies = Readonly<Record<string, CoverageStudy>>;

/**
 * The row of one estimator.
 *
 * @throws when the study has none of that name.
 */
export function rowOfStudy({ rows }: CoverageStudy, name: string): EstimatorRow {
  const row = rows.find(({ estimator }) => estimator === name);
  if (row === undefined)
    throw new Error(
      `rowOfStudy requires one of ${rows.map(({ estimator }) => estimator).join(", ")}, got ${name}`,
    );
  return row;
}

/**
 * In how many of the logs an estimator's interval held the truth.
 *
 * @throws when the study made no such interval.
 */
export function heldIn(study: CoverageStudy, name: string, method: StudiedMethod = "percentile"): number {
  const found = rowOfStudy(study, name).intervals.find((each) => each.method === method);
  if (found === undefined) throw new Error(`heldIn requires ${method} intervals of ${name}, got none`);
  return found.held;
}

/**
 * Every estimator of some studies: its mean error, its spread, and how often its first kind of interval held the truth.
 *
 * @example showTable(estimatorTable({ near, far })) // direct method | −0.033 ± 0.021 | 9% | ...
 */
export function estimatorTable(studies: Studies): StudyTable {
  const named = Object.entries(studies);
  const names = (named[0]?.[1].rows ?? []).map(({ estimator }) => estimator);
  return {
    columns: ["estimator", ...named.flatMap(([situation]) => [`${situation}: off by`, "interval held"])],
    values: names.map((name) => [
      estimatorTitle(name),
      ...named.flatMap(([, study]) => {
        const { bias, spread, intervals } = rowOfStudy(study, name);
        return [
          `${signed(bias)} ± ${spread.toFixed(3)}`,
          intervals.length === 0 ? "–" : percent(intervals[0].held, study.runs),
        ];
      }),
    ]),
  };
}

/**
 * In how many of a hundred logs intervals held the truth, by the way in which they were made: a row for each situation and
 * estimator, a column for each way.
 *
 * @param ways what each method is called in the table
 */
export function methodTable(
  studies: Studies,
  estimators: readonly string[],
  ways: Readonly<Partial<Record<StudiedMethod, string>>>,
): StudyTable {
  const methods = Object.keys(ways) as StudiedMethod[];
  return {
    columns: ["log", "estimator", ...methods.map((method) => ways[method] ?? method)],
    values: Object.entries(studies).flatMap(([situation, study]) =>
      estimators.map((name) => [
        situation,
        estimatorTitle(name),
        ...methods.map((method) => percent(heldIn(study, name, method), study.runs)),
      ]),
    ),
  };
}

/** By verdict: of how many logs of some studies it was given, and how often the headline's interval then held the truth. */
export function verdictTable(studies: Studies): StudyTable {
  const all = Object.values(studies);
  return {
    columns: ["verdict", "logs", "interval held the truth"],
    values: (["ok", "weak", "unreliable"] as const).map((verdict) => {
      const [logs, held] = (["logs", "held"] as const).map((key) =>
        all.reduce((sum, { verdicts }) => sum + verdicts[verdict][key], 0),
      );
      return [verdict, logs, logs === 0 ? "–" : percent(held, logs)];
    }),
  };
}

const percent = (part: number, all: number): string => `${((100 * part) / all).toFixed(0)}%`;
const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
