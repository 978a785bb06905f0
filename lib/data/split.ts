import type { Interactions } from "./interactions";

/** Which rows of the log are learned from, which choose settings, which evaluate. Each ascending, none shared. */
export interface Split {
  readonly protocol: "temporal" | "leave-one-out";
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

/** Shares of the log that are held out by `temporalSplit`, read to a millionth. */
export interface SplitRatios {
  /** Share of the rows just before the test rows; .1 by default. */
  readonly validationRatio?: number;
  /** Share of the last rows; .1 by default. */
  readonly testRatio?: number;
}

/**
 * Cuts the log in time: the first ⌊.8n⌋ rows train, up to ⌊.9n⌋ validation, the rest test, unless told other
 * shares. The log is already sorted stably by (time, file row), so ties in time keep file order.
 *
 * @throws when one of the three parts would be empty (fewer than 10 rows is always too few to say anything).
 * @example temporalSplit(interactionsOfTenRows).test // Int32Array [9]
 */
export function temporalSplit(interactions: Interactions, ratios: SplitRatios = {}): Split {
  const { size } = interactions;
  const { validationRatio = 0.1, testRatio = 0.1 } = ratios;
  if (size < 10) throw new Error(`temporalSplit requires at least 10 interactions, got ${size}`);
  // In whole millionths, so that a share of .8 is ⌊8n/10⌋ and not what is left of 1 - .1 - .1.
  const [validation, test] = [validationRatio, testRatio].map((share) => Math.round(1e6 * share)) as [
    number,
    number,
  ];
  const first = Math.floor(((1e6 - validation - test) * size) / 1e6);
  const second = Math.floor(((1e6 - test) * size) / 1e6);
  if (!(first >= 1 && second > first && size > second))
    throw new Error(
      `temporalSplit requires rows for train, validation and test, got shares ${validationRatio} and ${testRatio} of ${size} rows`,
    );
  return {
    protocol: "temporal",
    train: range(0, first),
    validation: range(first, second),
    test: range(second, size),
  };
}

function range(from: number, to: number): Int32Array {
  const rows = new Int32Array(to - from);
  for (let i = 0; i < rows.length; i++) rows[i] = from + i;
  return rows;
}

/**
 * The last row of each user is test, the last but one validation, the others train. A user with fewer than
 * three rows would leave nothing to learn from: all of it is train and the user is not evaluated.
 *
 * @throws when no user has three rows.
 * @example a user's rows [3, 8, 9, 20] give train [3, 8], validation [9], test [20]
 */
export function leaveOneOutSplit(interactions: Interactions): Split {
  const { size, users, userIds } = interactions;
  const counts = new Int32Array(userIds.length);
  for (const user of users) counts[user]++;
  let evaluated = 0;
  for (const count of counts) if (count >= 3) evaluated++;
  if (evaluated === 0) throw new Error("leaveOneOutSplit requires a user with at least 3 rows, got none");

  const train = new Int32Array(size - 2 * evaluated);
  const validation = new Int32Array(evaluated);
  const test = new Int32Array(evaluated);
  const left = counts.slice();
  let [trains, validations, tests] = [0, 0, 0];
  for (let row = 0; row < size; row++) {
    const user = users[row];
    const after = --left[user];
    if (counts[user] < 3 || after > 1) train[trains++] = row;
    else if (after === 1) validation[validations++] = row;
    else test[tests++] = row;
  }
  return { protocol: "leave-one-out", train, validation, test };
}

/**
 * The rows that may be fitted: train alone, or with `refit` train and validation (a stamped mode: settings
 * are chosen without it, and its figures never share a column with the others).
 *
 * @example fittingRows(split, { refit: true }).length === split.train.length + split.validation.length
 */
export function fittingRows(split: Split, options: { readonly refit?: boolean } = {}): Int32Array {
  if (options.refit !== true) return split.train;
  const rows = new Int32Array(split.train.length + split.validation.length);
  rows.set(split.train);
  rows.set(split.validation, split.train.length);
  return split.protocol === "temporal" ? rows : rows.sort();
}
