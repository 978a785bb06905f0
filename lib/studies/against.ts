import { type Interval, pairedDifference } from "../math/bootstrap";
import { random } from "../math/random";
import { markedDifferences } from "../metrics/markedDifferences";
import type { EvaluatedRow } from "./evaluated";

/** How much better a row is than the one that all are compared with, for the same users. */
export interface RowAgainst extends Interval {
  readonly name: string;
  /** "*" where it stands after Holm's correction for all rows, else "". */
  readonly mark: string;
}

/**
 * NDCG of every other row minus that of one row, user by user: over users and seeds where a row has several (Student's t;
 * seed s against seed s, or against the one run of a method without seeds), over users alone where it has one (bootstrap).
 *
 * @param name the row that all others are compared with
 * @throws when there is no such row, naming those there are.
 * @example await differencesFrom("RecentPop", rows, 10) // [{ name: "DDPG", mean: .01, lower: .002, upper: .018, mark: "*" }]
 */
export async function differencesFrom(
  name: string,
  rows: readonly EvaluatedRow[],
  k: number,
): Promise<RowAgainst[]> {
  const base = rows.find((row) => row.name === name);
  if (base === undefined)
    throw new Error(
      `compare requires a row to compare against, got "${name}": there are ${rows.map((row) => row.name).join(", ")}`,
    );
  const columns = async (row: EvaluatedRow): Promise<Float64Array[]> => {
    const all: Float64Array[] = [];
    for (const { evaluated } of row.seeds) all.push((await evaluated()).column("ndcg", k));
    return all;
  };
  const theirs = await columns(base);
  const found: (Interval & { readonly name: string })[] = [];
  for (const row of rows) {
    if (row === base) continue;
    const draw = random(1).fork(`${row.name} against ${name}`);
    found.push({ name: row.name, ...pairedDifference(await columns(row), theirs, draw) });
  }
  const { marks } = markedDifferences(found);
  return found.map((each, i) => ({ ...each, mark: marks[i] }));
}
