import { deviationOf } from "./deviation";
import type { JointResamples } from "./jointResamples";
import { normalDistribution } from "./normal";
import { quantile } from "./quantile";
import { tQuantile } from "./studentT";

/** Where a value lies beside the best of the others. */
export interface FromBest {
  /** Interval of its value less the largest of the others. All hold at once. */
  readonly lower: number;
  readonly upper: number;
  /** Whether it may be the best: the truly best one is among those that may with the level's probability. */
  readonly mayBeBest: boolean;
  /** Share of the resamples in which it is the largest; equal ones share. */
  readonly first: number;
}

/** Where a value lies beside one that all are compared with. All intervals hold at once. */
export interface FromControl {
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Comparisons with the best, which is not known: Hsu's intervals (1996, Multiple Comparisons, sections 4.1 and 5.1), each made by
 * taking one in turn for the best and comparing it with all others on one side (Dunnett), with critical values from the
 * joint resamples, so that values may have spreads of their own and go together (Edwards and Hsu 1983 for unlike spreads). One
 * stays among those that may be the best unless some other is above it by more than luck explains. Only the comparison of the
 * truly best one can go wrong to its harm, so that no correction for the number of candidates is needed beyond the maximum over its
 * own rivals.
 *
 * @param level probability that the best is among those that may be, in (.5, 1)
 * @example comparisonsWithBest(jointResamples(statistics, units, random(1))).filter((each) => each.mayBeBest)
 */
export function comparisonsWithBest(
  { values, replicates, units }: JointResamples,
  { level = 0.95 }: { readonly level?: number } = {},
): readonly FromBest[] {
  const count = values.length;
  const rows = Array.from({ length: count }, (_, row) => row);
  const resamples = replicates[0]?.length ?? 0;
  const shares = sharesFirst(replicates);
  if (count === 1) return [{ lower: 0, upper: 0, mayBeBest: true, first: 1 }];
  if (resamples < 2 || units < 2)
    return rows.map((row) => ({
      ...{ lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY, mayBeBest: true },
      first: shares[row],
    }));
  // By how much another one has to be above it before it is none that may be the best.
  const reaches = rows.map((own) => {
    const errors = rows.map((other) => errorOf(replicates, other, own));
    const luck = new Float64Array(resamples).fill(Number.NEGATIVE_INFINITY);
    for (const other of rows) {
      if (other === own || errors[other] === 0) continue;
      const apart = values[other] - values[own];
      for (let r = 0; r < resamples; r++) {
        const drawn = (replicates[other][r] - replicates[own][r] - apart) / errors[other];
        if (drawn > luck[r]) luck[r] = drawn;
      }
    }
    luck.sort();
    const critical =
      luck[0] === Number.NEGATIVE_INFINITY ? 0 : Math.max(0, ofFew(quantile(luck, level), units));
    return errors.map((error) => critical * error);
  });
  const others = (own: number): number[] => rows.filter((row) => row !== own);
  const mayBe = rows.map((own) =>
    others(own).every((other) => values[other] - values[own] <= reaches[own][other]),
  );
  const alone = mayBe.filter(Boolean).length === 1;
  return rows.map((own) => ({
    // The truly best is among those that may be: to be behind it is to be behind one of them.
    lower: Math.min(
      0,
      ...others(own)
        .filter((other) => mayBe[other])
        .map((other) => values[own] - values[other] - reaches[other][own]),
    ),
    upper:
      alone && mayBe[own]
        ? Math.min(...others(own).map((other) => values[own] - values[other] + reaches[own][other]))
        : Math.max(
            0,
            Math.min(...others(own).map((other) => values[own] - values[other] + reaches[own][other])),
          ),
    mayBeBest: mayBe[own],
    first: shares[own],
  }));
}

/**
 * Comparisons of all with one, to both sides (Dunnett 1955, with critical values from the joint resamples): that one of all
 * intervals misses is as unlikely as the level says, so that the best-looking may be picked and its interval still be read.
 *
 * @param control row of the one that all others are compared with
 * @returns a row for each, that of the control 0 (0 to 0)
 */
export function comparisonsWithControl(
  { values, replicates, units }: JointResamples,
  control: number,
  { level = 0.95 }: { readonly level?: number } = {},
): readonly FromControl[] {
  const resamples = replicates[0]?.length ?? 0;
  const errors = Array.from(values, (_, row) => errorOf(replicates, row, control));
  const difference = (row: number): number => values[row] - values[control];
  const luck = new Float64Array(resamples);
  errors.forEach((error, row) => {
    if (row === control || !(error > 0)) return;
    for (let r = 0; r < resamples; r++) {
      const drawn = Math.abs(replicates[row][r] - replicates[control][r] - difference(row)) / error;
      if (drawn > luck[r]) luck[r] = drawn;
    }
  });
  luck.sort();
  const known = resamples >= 2 && units >= 2;
  const critical = known ? ofFew(quantile(luck, level), units) : Number.POSITIVE_INFINITY;
  return errors.map((error, row) => {
    const reach = row === control ? 0 : known ? critical * error : critical;
    return { difference: difference(row), lower: difference(row) - reach, upper: difference(row) + reach };
  });
}

/**
 * Resamples are drawn from a spread that few units tell badly, and too small by √((n − 1) / n): the critical value that Student's t
 * has where the normal distribution has this one.
 */
function ofFew(critical: number, units: number): number {
  const small = Math.sqrt(units / (units - 1));
  // So far out both tails are beyond what any resample shows.
  if (!(critical > 0 && critical < 5)) return critical * small;
  return small * tQuantile(normalDistribution(critical), units - 1);
}

/** Standard deviation of a difference over the resamples. */
function errorOf(replicates: readonly Float64Array[], a: number, b: number): number {
  return deviationOf(replicates[a].map((value, r) => value - replicates[b][r]));
}

function sharesFirst(replicates: readonly Float64Array[]): number[] {
  const resamples = replicates[0]?.length ?? 0;
  const shares = replicates.map(() => 0);
  for (let r = 0; r < resamples; r++) {
    const most = Math.max(...replicates.map((each) => each[r]));
    const first = [...replicates.keys()].filter((row) => replicates[row][r] === most);
    for (const row of first) shares[row] += 1 / first.length;
  }
  return shares.map((share) => share / resamples);
}
