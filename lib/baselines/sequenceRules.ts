import { historiesOf } from "../data/histories";
import type { Interactions } from "../data/interactions";
import { bestOf, emptyLists } from "../retrieval/bestOf";
import { rankedBy, type ScoringRecommender } from "../retrieval/scorer";
import { followLinks, type ItemLinks, linksOf } from "./itemLinks";
import { recencyWeighted } from "./positives";

export interface SequenceRulesOptions {
  /** How many places apart two items of a history may stand; 10 by default. */
  readonly reach?: number;
  /** Weight of a pair for each further place apart, in (0, 1]. */
  readonly gapDecay?: number;
  /** Weight of the backward rule b → a where a came before b, in [0, 1]. */
  readonly backward?: number;
  /** Exponents of the readers of the item a rule starts from and of the one it leads to, in [0, 1]. */
  readonly sourcePenalty?: number;
  readonly targetPenalty?: number;
  /** Weight of a history's entry for each step back, in (0, 1]. */
  readonly recency?: number;
  /** How many of the newest entries of a history are read. */
  readonly last?: number;
  /** Rules lead only to entries of at least this weight. */
  readonly positiveAt?: number;
  /** Rules kept of each item they start from, the largest; all by default, 200 where the log has over 2 million rows. */
  readonly most?: number;
  /** Rules held at once, before those between the same two items are added up; 30 million (840 MB) by default. */
  readonly atOnce?: number;
}

export interface SequenceRules extends ScoringRecommender {
  /** The same rules under another recency: nothing is counted again. */
  withRecency(recency: number): SequenceRules;
  /** The rules themselves. */
  readonly links: ItemLinks;
}

/**
 * Rules "who reads a soon reads b", counted in the order people read (sequential rules of Ludewig and Jannach
 * 2018, section 3.1, here with a decay per place, a weaker backward rule and penalties for popularity):
 * rule(a, b) = Σ decay^(gap − 1) / ((n_a + 1)^α (n_b + 1)^β). No training, and hard to beat where people go
 * through series.
 *
 * @throws when an option is out of range.
 */
export function sequenceRules(
  interactions: Interactions,
  rows: Int32Array,
  options: SequenceRulesOptions = {},
): SequenceRules {
  const { recency = 0.7, last = 40 } = options;
  const links = countRules(interactions, rows, options);
  const withRecency = (weight: number): SequenceRules => ({
    ...rankedBy({
      name: "Sequence rules",
      items: links.items,
      scores: (histories) => followLinks(links, recencyWeighted(histories, { recency: weight, last })),
    }),
    withRecency,
    links,
  });
  return withRecency(recency);
}

function countRules(interactions: Interactions, rows: Int32Array, options: SequenceRulesOptions): ItemLinks {
  const { reach = 10, gapDecay = 0.8, backward = 0.5, sourcePenalty = 0.5, targetPenalty = 0.5 } = options;
  const { positiveAt = Number.NEGATIVE_INFINITY } = options;
  if (!(Number.isInteger(reach) && reach >= 1))
    throw new Error(`sequenceRules requires a reach of at least 1, got ${reach}`);
  if (!(gapDecay > 0 && gapDecay <= 1))
    throw new Error(`sequenceRules requires gapDecay in (0, 1], got ${gapDecay}`);
  if (!(backward >= 0 && backward <= 1))
    throw new Error(`sequenceRules requires backward in [0, 1], got ${backward}`);
  const histories = historiesOf(interactions, rows);
  const items = interactions.itemIds.length;
  const readers = new Float64Array(items);
  for (const item of histories.items) readers[item]++;
  // Powers are taken once: there are tens of millions of rules in a large log.
  const ofSource = readers.map((count) => (count + 1) ** sourcePenalty);
  const ofTarget = readers.map((count) => (count + 1) ** targetPenalty);
  const decays = Float64Array.from({ length: reach + 1 }, (_, gap) => gapDecay ** (gap - 1));

  const each = (add: (source: number, target: number, weight: number) => void): void => {
    for (let h = 0; h < histories.size; h++)
      for (let later = histories.offsets[h] + 1; later < histories.offsets[h + 1]; later++) {
        if (!(histories.weights[later] >= positiveAt)) continue;
        for (let gap = 1; gap <= reach && later - gap >= histories.offsets[h]; gap++) {
          const [from, to] = [histories.items[later - gap], histories.items[later]];
          const weight = decays[gap];
          add(from, to, weight);
          if (backward > 0) add(to, from, backward * weight);
        }
      }
  };
  const most = options.most ?? (histories.items.length > manyEntries ? linksOfMany : items);
  const counts = new Int32Array(items);
  each((source) => counts[source]++);
  const bands = bandsOf(counts, options.atOnce ?? rulesAtOnce).map(([first, end]) => {
    const capacity = counts.subarray(first, end).reduce((sum, each) => sum + each, 0);
    const sources = new Int32Array(capacity);
    const targets = new Int32Array(capacity);
    const weights = new Float32Array(capacity);
    let count = 0;
    each((source, target, weight) => {
      if (source < first || source >= end) return;
      sources[count] = source - first;
      targets[count] = target;
      weights[count++] = weight / (ofSource[source] * ofTarget[target]);
    });
    return merged(linksOf(end - first, { sources, targets, weights, count }), items, most);
  });
  return bands.length === 1 ? bands[0] : stacked(bands, items);
}

const rulesAtOnce = 3e7;

/** Of a log with more entries than this, an item keeps its largest links alone: reading all would take hours. */
const manyEntries = 2e6;
const linksOfMany = 200;

/** Cuts the sources into stretches of at most `most` rules together, but at least one source. */
function bandsOf(counts: Int32Array, most: number): (readonly [first: number, end: number])[] {
  const bands: [number, number][] = [];
  let sum = 0;
  for (let source = 0; source < counts.length; source++) {
    sum += counts[source];
    if (bands.length === 0 || sum > most) {
      bands.push([source, source + 1]);
      sum = counts[source];
    } else bands[bands.length - 1][1] = source + 1;
  }
  return bands;
}

/** The links of stretches of sources, one below the other. */
function stacked(bands: readonly ItemLinks[], items: number): ItemLinks {
  const size = bands.reduce((sum, { targets }) => sum + targets.length, 0);
  const offsets = new Int32Array(items + 1);
  const targets = new Int32Array(size);
  const weights = new Float32Array(size);
  let [source, at] = [0, 0];
  for (const band of bands) {
    for (let s = 0; s < band.items; s++) offsets[++source] = at + band.offsets[s + 1];
    targets.set(band.targets, at);
    weights.set(band.weights, at);
    at += band.targets.length;
  }
  return { items, offsets, targets, weights };
}

/** Adds up links between the same two items, and keeps the `most` largest of each source. */
function merged(links: ItemLinks, items: number, most: number): ItemLinks {
  const sums = new Float64Array(items);
  const best = bestOf(Math.min(most, items));
  const kept = emptyLists(1, Math.min(most, items));
  const offsets = new Int32Array(links.items + 1);
  const targets = new Int32Array(links.targets.length);
  const weights = new Float32Array(links.targets.length);
  let size = 0;
  for (let source = 0; source < links.items; source++) {
    const start = size;
    for (let l = links.offsets[source]; l < links.offsets[source + 1]; l++) {
      const target = links.targets[l];
      if (sums[target] === 0) targets[size++] = target;
      sums[target] += links.weights[l];
    }
    for (let l = start; l < size; l++) {
      weights[l] = sums[targets[l]];
      sums[targets[l]] = 0;
    }
    if (size - start > most) {
      for (let l = start; l < size; l++) best.offer(targets[l], weights[l]);
      best.drain(kept, 0);
      targets.set(kept.items, start);
      weights.set(kept.scores, start);
      size = start + most;
    }
    offsets[source + 1] = size;
  }
  return { items: links.items, offsets, targets: targets.slice(0, size), weights: weights.slice(0, size) };
}
