import { feedbackOf, isRelevantTo } from "../data/feedback";
import { type Histories, historiesOf } from "../data/histories";
import type { Interactions } from "../data/interactions";
import { implicitAls } from "../embeddings/matrixFactorization";
import type { Random } from "../math/random";
import { normaliseRows } from "../math/vectors";

/** Rewards that occur, and which of them a weight of the log is. */
export interface RewardPatterns {
  /** [X] what each pattern earns, rising */
  readonly values: Float64Array;
  /** The pattern of a weight. */
  of(weight: number): number;
  /** [X] 1 where it is positive: the reader's state then moves on */
  readonly isPositive: Uint8Array;
  /** Weights from here on are positive. */
  readonly threshold: number;
}

/** What a memory remembers: one entry for each row of some users' log, with the state that the row was met in. */
export interface MemoryEntries {
  /** F: numbers in a vector */
  readonly width: number;
  /** [E × F] states, of length 1, or 0 where nothing positive came before */
  readonly states: Float32Array;
  /** [E] item rows */
  readonly items: Int32Array;
  /** [E] reward patterns */
  readonly patterns: Int32Array;
  /** [E] whose each is, as places in the list of users */
  readonly users: Int32Array;
}

/** Distinct weights up to so many are patterns of their own. */
const mostPatterns = 20;

/**
 * The rewards of a log. "positive": 1 where the row is relevant by the rule for all logs (`feedbackOf`: four stars and
 * more), else 0. "rating": each weight that occurs is a pattern and earns (w − least) / (largest − least).
 *
 * @param threshold weights from here on are positive; the rule for all logs without
 * @throws when there is only one pattern, or more than 20.
 * @example rewardPatterns(stars, "rating").values // [0, .25, .5, .75, 1]
 */
export function rewardPatterns(
  log: Pick<Interactions, "weights" | "weightKind">,
  reward: "positive" | "rating",
  threshold?: number,
): RewardPatterns {
  const rule = isRelevantTo(feedbackOf(log));
  const isPositive = threshold === undefined ? rule : (weight: number) => weight >= threshold;
  const found = new Set<number>();
  for (const weight of log.weights) found.add(reward === "positive" ? Number(isPositive(weight)) : weight);
  const distinct = [...found].sort((a, b) => a - b);
  if (distinct.length < 2 || distinct.length > mostPatterns)
    throw new Error(
      `memory requires 2 to ${mostPatterns} different rewards in the log, got ${distinct.length} (set reward, or positive: from which weight on a row is)`,
    );
  const [least, largest] = [distinct[0], distinct[distinct.length - 1]];
  let lowest = Number.POSITIVE_INFINITY;
  for (const weight of log.weights) if (isPositive(weight)) lowest = Math.min(lowest, weight);
  const placeOf = new Map(distinct.map((value, place) => [value, place]));
  return {
    values: Float64Array.from(distinct, (value) => (value - least) / (largest - least)),
    of: (weight) => placeOf.get(reward === "positive" ? Number(isPositive(weight)) : weight) ?? 0,
    isPositive: Uint8Array.from(distinct, (value) =>
      (reward === "positive" ? value === 1 : isPositive(value)) ? 1 : 0,
    ),
    threshold: lowest,
  };
}

/** The rows of some users, in the order of time. */
export function historiesOfUsers(log: Interactions, users: Int32Array): Histories {
  return historiesOf(
    log,
    Int32Array.from({ length: log.size }, (_, row) => row),
    { users },
  );
}

/** Item vectors of length 1 (zeros: never received well) from what these users received well, by implicit ALS. [N × F] */
export function memoryVectors(
  histories: Histories,
  items: number,
  {
    width,
    threshold,
    random,
  }: { readonly width: number; readonly threshold: number; readonly random: Random },
): Float32Array {
  const options = { factors: width, iterations: 10, minimumWeight: threshold };
  return normaliseRows(implicitAls(histories, items, random, options).itemVectors, width);
}

/**
 * A state: the mean of the vectors of what was received well last, scaled to length 1.
 *
 * @param recent item rows, at most N of them
 * @param into [F], overwritten
 * @example two items whose vectors stand at right angles: (.707, .707)
 */
export function stateInto(recent: ArrayLike<number>, vectors: Float32Array, into: Float32Array): void {
  const width = into.length;
  into.fill(0);
  for (let i = 0; i < recent.length; i++)
    for (let f = 0, at = recent[i] * width; f < width; f++) into[f] += vectors[at + f];
  normaliseRows(into, width);
}

/**
 * One entry for each row: its state holds the last `history` items that the user had received well before.
 *
 * @returns the entries, and each user's last items after all rows, the state that a new episode starts from
 */
export function memoryEntries(
  histories: Histories,
  vectors: Float32Array,
  {
    patterns,
    history,
    width,
  }: { readonly patterns: RewardPatterns; readonly history: number; readonly width: number },
): { readonly entries: MemoryEntries; readonly last: readonly (readonly number[])[] } {
  const count = histories.items.length;
  const entries = {
    width,
    states: new Float32Array(count * width),
    items: histories.items,
    patterns: Int32Array.from(histories.weights, patterns.of),
    users: new Int32Array(count),
  };
  const last: number[][] = [];
  for (let user = 0; user < histories.size; user++) {
    const recent: number[] = [];
    for (let e = histories.offsets[user]; e < histories.offsets[user + 1]; e++) {
      entries.users[e] = user;
      stateInto(recent, vectors, entries.states.subarray(e * width, (e + 1) * width));
      if (patterns.isPositive[entries.patterns[e]] === 0) continue;
      recent.push(histories.items[e]);
      if (recent.length > history) recent.shift();
    }
    last.push(recent);
  }
  return { entries, last };
}

/** Some of the entries, in the order asked for. */
export function takeEntries(entries: MemoryEntries, rows: Int32Array): MemoryEntries {
  const { width } = entries;
  const states = new Float32Array(rows.length * width);
  rows.forEach((row, at) => {
    states.set(entries.states.subarray(row * width, (row + 1) * width), at * width);
  });
  const taken = (column: Int32Array): Int32Array => rows.map((row) => column[row]);
  return {
    ...{ width, states, items: taken(entries.items) },
    patterns: taken(entries.patterns),
    users: taken(entries.users),
  };
}
