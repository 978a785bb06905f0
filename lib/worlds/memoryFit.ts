import type { Dataset } from "../data/dataset";
import { type Interval, pairedInterval } from "../math/bootstrap";
import { meanOf } from "../math/mean";
import { quantile } from "../math/quantile";
import { type Random, shuffle } from "../math/random";
import { sumsBy } from "../math/sumsBy";
import {
  historiesOfUsers,
  type MemoryEntries,
  memoryEntries,
  memoryVectors,
  type RewardPatterns,
  rewardPatterns,
  takeEntries,
} from "./memoryEntries";
import {
  nearness,
  type RememberedRewards,
  rememberedRewards,
  type Similarity,
  stateCentres,
} from "./rememberedRewards";

export interface MemoryFitConfig {
  readonly reward: "positive" | "rating";
  readonly positive: number | null;
  readonly similarity: "exponential" | "linear";
  readonly stateSharpness: number | null;
  readonly itemSharpness: number | null;
  readonly alpha: number | null;
  readonly width: number;
  readonly history: number;
  readonly centres: number;
  readonly entries: number;
  readonly support: number;
}

/** A memory, and how well it says what it was not fitted on. */
export interface FittedMemory {
  readonly memory: RememberedRewards;
  readonly patterns: RewardPatterns;
  /** [N × F] */
  readonly vectors: Float32Array;
  /** [N] positive entries of each item in the memory */
  readonly counts: Int32Array;
  /** Last items of the users that the memory does not know: where episodes start. */
  readonly starts: readonly (readonly number[])[];
  /** Pairs with less of the memory near them than this have no support. */
  readonly leastWeight: number;
  readonly validity: MemoryValidity;
}

/** How the memory does on the rewards of users it was not fitted on; means over users. */
export interface MemoryValidity {
  readonly users: number;
  readonly rows: number;
  readonly entries: number;
  readonly similarity: Similarity;
  /** Mean log likelihood of a logged reward, in nats: the memory; the rates of the fitted half; each item's own rates. */
  readonly logLikelihood: { readonly memory: number; readonly marginal: number; readonly itemMean: number };
  /** Mean squared error of the expected reward. */
  readonly squaredError: { readonly memory: number; readonly marginal: number; readonly itemMean: number };
  /** Log likelihood above that of the marginal, with a 95% interval over users. */
  readonly overMarginal: Interval;
  /** Above that of the item's own rates. */
  readonly overItemMean: Interval;
  /** What is wrong with it, in words; empty where nothing is. */
  readonly warnings: readonly string[];
}

const sharpnesses = { state: [0, 2, 4, 8, 12, 16], item: [6, 8, 10, 12] } as const;
const alphas = [0, 0.25, 0.5, 0.75, 1] as const;
/** Entries of each item's rates that are the marginal's: what is tried. */
const priors = [1, 3, 10, 30, 100] as const;
/** Rows that settings are chosen on. */
const mostChosenOn = 4000;

/**
 * Fits a memory to one half of a log's users and judges it on the other half. What settings leave open, sharpness or α,
 * is chosen within the first half: vectors and memory from four fifths of its users, the likelihood of the rest decides;
 * then both are made anew from the whole half.
 *
 * @throws when the log has fewer than 20 users, or its rewards are all the same.
 */
export function fitMemory(
  { interactions, catalog }: Dataset,
  config: MemoryFitConfig,
  random: Random,
): FittedMemory {
  const users = shuffle(
    Int32Array.from({ length: interactions.userIds.length }, (_, user) => user),
    random.fork("halves"),
  );
  if (users.length < 20) throw new Error(`memory requires a log of at least 20 users, got ${users.length}`);
  const patterns = rewardPatterns(interactions, config.reward, config.positive ?? undefined);
  const shared = { ...config, patterns };
  const half = users.slice(0, users.length >> 1).sort();
  const read = (
    from: Int32Array,
    others: Int32Array,
    purpose: string,
  ): { readonly vectors: Float32Array; readonly own: MemoryEntries; readonly fresh: Read } => {
    const draw = random.fork(purpose);
    const histories = historiesOfUsers(interactions, from);
    const { threshold } = patterns;
    const vectors = memoryVectors(histories, catalog.size, {
      ...{ width: config.width, threshold, random: draw.fork("vectors") },
    });
    const { entries } = memoryEntries(histories, vectors, shared);
    const fresh = memoryEntries(historiesOfUsers(interactions, others), vectors, shared);
    return { vectors, own: someOf(entries, config.entries, draw.fork("entries")), fresh };
  };
  // Rows of `half` ascend by user, so its own order says nothing: every fifth chooses.
  const choosing = read(
    half.filter((_, i) => i % 5 !== 0),
    half.filter((_, i) => i % 5 === 0),
    "choosing",
  );
  const chosen = chosenSettings(choosing, shared, random.fork("choosing"));

  const { vectors, own, fresh } = read(half, users.slice(users.length >> 1).sort(), "judging");
  const memory = rememberedRewards(own, vectors, {
    ...{ patterns: patterns.values.length, similarity: chosen.similarity },
    centres: centresFor(own, config, random.fork("centres")),
  });
  const judged = judge(memory, own, fresh.entries, { patterns, prior: chosen.prior, random });
  const counts = new Int32Array(catalog.size);
  own.items.forEach((item, e) => {
    if (patterns.isPositive[own.patterns[e]] === 1) counts[item]++;
  });
  return {
    ...{ memory, patterns, vectors, counts, starts: fresh.last },
    leastWeight: quantile(judged.weights.sort(), config.support),
    validity: { ...judged.validity, entries: own.items.length, similarity: chosen.similarity },
  };
}

interface Read {
  readonly entries: MemoryEntries;
  readonly last: readonly (readonly number[])[];
}

/** At most so many, drawn. */
function someOf(entries: MemoryEntries, most: number, random: Random): MemoryEntries {
  const count = entries.items.length;
  if (count <= most) return entries;
  const order = shuffle(
    Int32Array.from({ length: count }, (_, e) => e),
    random,
  );
  return takeEntries(entries, order.slice(0, most).sort());
}

function centresFor(entries: MemoryEntries, config: MemoryFitConfig, random: Random): Float32Array {
  return config.similarity === "linear" ? new Float32Array(0) : stateCentres(entries, config.centres, random);
}

/** Sharpness, or α, and the prior of the item's own rates, by the likelihood of rows the memory does not hold. */
function chosenSettings(
  {
    vectors,
    own,
    fresh,
  }: { readonly vectors: Float32Array; readonly own: MemoryEntries; readonly fresh: Read },
  config: MemoryFitConfig & { readonly patterns: RewardPatterns },
  random: Random,
): { readonly similarity: Similarity; readonly prior: number } {
  const held = someOf(fresh.entries, mostChosenOn, random.fork("rows"));
  const patterns = config.patterns.values.length;
  const prior = bestOf(priors, (each) => meanOf(itemRates(own, held, { patterns, prior: each }).likelihoods));
  const given = (value: number | null, grid: readonly number[]): readonly number[] =>
    value === null ? grid : [value];
  const centres = centresFor(own, config, random.fork("centres"));
  const remembering = (similarity: Similarity): RememberedRewards =>
    rememberedRewards(own, vectors, { patterns, similarity, centres });
  const likelihood = (memory: RememberedRewards): number =>
    meanOf(answers(memory, held, config.patterns).likelihoods);
  if (config.similarity === "linear") {
    const alpha = bestOf(given(config.alpha, alphas), (each) =>
      likelihood(remembering({ kind: "linear", alpha: each })),
    );
    return { similarity: { kind: "linear", alpha }, prior };
  }
  const found = { at: Number.NEGATIVE_INFINITY, stateSharpness: 0, itemSharpness: 0 };
  for (const itemSharpness of given(config.itemSharpness, sharpnesses.item)) {
    // Tables do not know how states are compared: one memory serves all.
    const memory = remembering({ kind: "exponential", stateSharpness: 0, itemSharpness });
    for (const stateSharpness of given(config.stateSharpness, sharpnesses.state)) {
      const features = (states: Float32Array) =>
        nearness(states, centres, { width: own.width, stateSharpness });
      const at = likelihood({ ...memory, features });
      if (at > found.at) Object.assign(found, { at, stateSharpness, itemSharpness });
    }
  }
  const { stateSharpness, itemSharpness } = found;
  return { similarity: { kind: "exponential", stateSharpness, itemSharpness }, prior };
}

function bestOf(options: readonly number[], score: (option: number) => number): number {
  const scores = options.map(score);
  return options[scores.indexOf(Math.max(...scores))];
}

/** What is said of rows: ln P of the logged pattern, and the expected reward. */
interface Said {
  /** [E] */
  readonly likelihoods: Float64Array;
  /** [E] */
  readonly expected: Float64Array;
}

function answers(
  memory: RememberedRewards,
  entries: MemoryEntries,
  { values }: RewardPatterns,
): Said & { readonly weights: Float64Array } {
  const count = entries.items.length;
  const weight = new Float64Array(values.length);
  const said = {
    likelihoods: new Float64Array(count),
    expected: new Float64Array(count),
    weights: new Float64Array(count),
  };
  const features = memory.features(entries.states);
  for (let e = 0; e < count; e++) {
    const sum = memory.weigh(features, e, entries.items[e], weight);
    said.weights[e] = sum;
    said.likelihoods[e] = Math.log(Math.max(Number.MIN_VALUE, weight[entries.patterns[e]] / sum));
    for (let x = 0; x < values.length; x++) said.expected[e] += (values[x] * weight[x]) / sum;
  }
  return said;
}

/** What each item's own rates say, drawn to those of all entries as by `prior` entries more; infinite: the marginal. */
function itemRates(
  own: MemoryEntries,
  asked: MemoryEntries,
  { patterns, prior, values }: { patterns: number; prior: number; values?: Float64Array },
): Said {
  const all = sumsBy(own.patterns, () => 1 / own.patterns.length);
  const counts = new Map<number, Float64Array>();
  own.items.forEach((item, e) => {
    const of = counts.get(item) ?? new Float64Array(patterns);
    of[own.patterns[e]]++;
    counts.set(item, of);
  });
  const count = asked.items.length;
  const said = { likelihoods: new Float64Array(count), expected: new Float64Array(count) };
  asked.items.forEach((item, e) => {
    const of = Number.isFinite(prior) ? counts.get(item) : undefined;
    const shown = of?.reduce((sum, each) => sum + each, 0) ?? 0;
    const rate = (x: number): number =>
      of === undefined ? (all[x] ?? 0) : (of[x] + prior * (all[x] ?? 0)) / (shown + prior);
    said.likelihoods[e] = Math.log(Math.max(Number.MIN_VALUE, rate(asked.patterns[e])));
    values?.forEach((value, x) => {
      said.expected[e] += value * rate(x);
    });
  });
  return said;
}

function judge(
  memory: RememberedRewards,
  own: MemoryEntries,
  asked: MemoryEntries,
  { patterns, prior, random }: { patterns: RewardPatterns; prior: number; random: Random },
) {
  const { values } = patterns;
  const said = answers(memory, asked, patterns);
  const shape = { patterns: values.length, values };
  const ofItems = itemRates(own, asked, { ...shape, prior });
  const marginal = itemRates(own, asked, { ...shape, prior: Number.POSITIVE_INFINITY });
  const rows = sumsBy(asked.users, () => 1);
  const present = rows.filter((count) => count > 0).length;
  const byUser = (of: (e: number) => number): Float64Array =>
    sumsBy(asked.users, of)
      .map((sum, user) => sum / rows[user])
      .filter(Number.isFinite);
  const likely = ({ likelihoods }: Said) => byUser((e) => likelihoods[e]);
  const wrong = ({ expected }: Said) => byUser((e) => (values[asked.patterns[e]] - expected[e]) ** 2);
  const draw = random.fork("intervals");
  const overMarginal = pairedInterval(likely(said), likely(marginal), draw);
  const overItemMean = pairedInterval(likely(said), likely(ofItems), draw);
  const means = (of: (said: Said) => Float64Array) => ({
    memory: meanOf(of(said)),
    marginal: meanOf(of(marginal)),
    itemMean: meanOf(of(ofItems)),
  });
  const warnings = [
    ...(overMarginal.lower > 0
      ? []
      : ["the memory says no more of other users than the rates of all rewards"]),
    ...(overItemMean.lower > 0 ? [] : ["the memory says no more of other users than each item's own rates"]),
  ];
  return {
    weights: said.weights,
    validity: {
      ...{ users: present, rows: asked.items.length },
      ...{ logLikelihood: means(likely), squaredError: means(wrong), overMarginal, overItemMean, warnings },
    },
  };
}
