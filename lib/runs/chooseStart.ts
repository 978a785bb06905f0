import { companion, type LinkedModel } from "../baselines/companion";
import type { Task } from "../data/task";
import type { NextItemModel } from "../encoders/nextItemModel";
import type { RecentPopularitySetting } from "../encoders/recentPopularityBias";
import { ndcgOf } from "../encoders/validationNdcg";
import type { Random } from "../math/random";
import type { AddedLogits } from "../retrieval/addedLogits";
import { bestOf, emptyLists } from "../retrieval/bestOf";
import type { PreparedData } from "./preparedData";
import { type LinkedModels, linkedNames, meanBias, plainStart, type StartChoice } from "./supervisedStart";

/** Windows of recent popularity, as shares of the train rows, its powers, and how much of the model's own bias stays. */
const windowShares = [0.01, 0.02, 0.05, 0.1, 0.3];
const strengths = [0.5, 1, 2, 3, 5, 10, 30];
const ownShares = [1, 0];
/** Weights of linear models, of all of them alike or of one alone. */
const companionWeights = [0.25, 0.5, 1, 2, 4, 8];
const recencies = [1, 0.9, 0.8, 0.6, 0.4, 0.2];
const resamples = 200;
const listLength = 10;

export interface ChooseStartOptions {
  /** Rows of a smaller weight are no positives. */
  readonly minimumWeight?: number;
  /** Whether recent popularity may enter the biases; yes by default. */
  readonly popularity?: boolean;
  /** Linear item–item models that may stand beside the model; none by default. */
  readonly linked?: LinkedModels;
  /** Draws the resamples. */
  readonly random: Random;
}

/**
 * Chooses the supervised ranking on the validation users: how much recent popularity the biases hold, and how much
 * linear models count. Among hundreds of candidates the best on a few readers is mostly lucky, so the choice is
 * bagged (Breiman, Machine Learning 24, 1996): the users are drawn again 200 times, each resample names its best
 * candidate, and the start is the mean of those named, biases by share and the weight. Many users agree on one
 * candidate; few give a mixture of what may be good, which loses little wherever the truth lies. Ties go to the
 * simpler candidate.
 *
 * Without validation users nothing can be chosen: the start is the middle of what is tried here.
 *
 * @example const choice = chooseStart(model, data, { random: random(1) })
 */
export function chooseStart(
  model: NextItemModel,
  data: PreparedData,
  { minimumWeight, popularity = true, linked, random }: ChooseStartOptions,
): StartChoice {
  const { validation, split } = data;
  const windowOf = (share: number): number => Math.max(1, Math.round(share * split.train.length));
  const names = linkedNames.filter((name) => linked?.[name] !== undefined);
  if (validation === undefined)
    return {
      biases: popularity ? [{ window: windowOf(0.05), strength: 1, own: 1, share: 1 }] : plainStart.biases,
      companion: Object.fromEntries(names.map((name) => [name, { weight: 1 / names.length, recency: 0.8 }])),
    };
  const settings: RecentPopularitySetting[] = [{ window: 1, strength: 0, own: 1 }];
  if (popularity)
    for (const share of windowShares)
      for (const strength of strengths)
        for (const own of ownShares) settings.push({ window: windowOf(share), strength, own });
  const biases = settings.map((setting) => meanBias([{ ...setting, share: 1 }], model, data, minimumWeight));
  const models = names.map((name) => {
    const known = { ...linked![name]!, weight: 1 };
    return { ...known, recency: bestRecency(known, validation) };
  });
  // Which models count: none, all alike, or one alone.
  const alike = models.map(() => 1 / models.length);
  const alone = models.map((_, m) => models.map((_, other) => (other === m ? 1 : 0)));
  const mixtures = models.length === 0 ? [] : models.length === 1 ? alone : [alike, ...alone];
  const blends: Blend[] = [{ weights: models.map(() => 0) }];
  for (const mixture of mixtures) {
    const mixed = companion(
      models.map((each, m) => ({ ...each, weight: mixture[m] })),
      { repeats: validation.repeats },
    );
    const added = mixed.of(validation.histories);
    for (const times of companionWeights)
      blends.push({ weights: mixture.map((weight) => times * weight), added, times });
  }
  const ndcg = everyNdcg(model, validation, { biases, blends });
  const named = bagged(ndcg, validation.histories.size, random);
  const shares = new Float64Array(settings.length);
  const weights = new Float64Array(names.length);
  named.forEach((share, candidate) => {
    shares[Math.floor(candidate / blends.length)] += share;
    for (const [m, weight] of blends[candidate % blends.length].weights.entries())
      weights[m] += share * weight;
  });
  return {
    biases: settings.flatMap((setting, s) => (shares[s] > 0 ? [{ ...setting, share: shares[s] }] : [])),
    companion: Object.fromEntries(
      names.flatMap((name, m) =>
        weights[m] > 0 ? [[name, { weight: weights[m], recency: models[m].recency }]] : [],
      ),
    ),
  };
}

/** Linear models with weights, and what they add: `times` what is in `added`, nothing where there is nothing. */
interface Blend {
  readonly weights: readonly number[];
  readonly added?: AddedLogits;
  readonly times?: number;
}

/** How fast a linear model forgets, on its own: the best on validation, the slowest where several are as good. */
function bestRecency(model: Omit<LinkedModel, "recency">, validation: Task): number {
  const tried = recencies.map((recency) => {
    const alone = companion([{ ...model, recency }], { most: listLength, repeats: validation.repeats });
    const { items, values, width } = alone.of(validation.histories);
    const lists = { size: validation.histories.size, k: width, items, scores: Float64Array.from(values) };
    return { recency, ndcg: ndcgOf(lists, validation) };
  });
  return tried.reduce((best, each) => (each.ndcg > best.ndcg ? each : best)).recency;
}

/** NDCG@10 of every candidate for every user, [biases × blends × users]: each bias of the model with each blend. */
export function everyNdcg(
  model: NextItemModel,
  { histories, relevantOffsets, relevantItems, repeats }: Task,
  { biases, blends }: { readonly biases: readonly Float32Array[]; readonly blends: readonly Blend[] },
): Float32Array {
  const { itemVectors, size, temperature, headBias } = model;
  const width = headBias.length;
  const queries = model.queries(model.encoder.encode(histories));
  const users = histories.size;
  const result = new Float32Array(biases.length * blends.length * users);
  const plain = new Float64Array(size);
  const logits = new Float64Array(size);
  const barred = new Uint8Array(size);
  const wanted = new Uint8Array(size);
  const additions = new Float64Array(size);
  const first = bestOf(Math.min(size, listLength));
  const found = emptyLists(1, listLength);
  const best = bestOf(Math.min(size, listLength));
  const list = emptyLists(1, listLength);
  const discounts = Float64Array.from({ length: listLength }, (_, place) => 1 / Math.log2(place + 2));
  for (let user = 0; user < users; user++) {
    const seen = repeats
      ? []
      : histories.items.subarray(histories.offsets[user], histories.offsets[user + 1]);
    const relevant = relevantItems.subarray(relevantOffsets[user], relevantOffsets[user + 1]);
    const named = namedBy(blends, user);
    for (const item of relevant) wanted[item] = 1;
    const ideal = discounts.subarray(0, new Set(relevant).size).reduce((sum, discount) => sum + discount, 0);
    for (let item = 0; item < size; item++) {
      let product = 0;
      for (let a = 0; a < width; a++) product += itemVectors[item * width + a] * queries[user * width + a];
      plain[item] = product / temperature;
    }
    // Items to which some blend adds come with what it adds to them, so the best ten of the others are found once.
    for (const item of named) barred[item] = 1;
    for (const item of seen) barred[item] = 1;
    biases.forEach((bias, b) => {
      let worst = Number.NEGATIVE_INFINITY;
      for (let item = 0; item < size; item++) {
        logits[item] = plain[item] + bias[item];
        if (logits[item] <= worst || barred[item] === 1) continue;
        first.offer(item, logits[item]);
        worst = first.worst();
      }
      first.drain(found, 0);
      blends.forEach(({ added, times = 0 }, w) => {
        if (added) spread(added, user, times, additions);
        for (let place = 0; place < listLength; place++)
          if (found.items[place] >= 0) best.offer(found.items[place], found.scores[place]);
        for (const item of named) best.offer(item, logits[item] + additions[item]);
        if (added) spread(added, user, 0, additions);
        best.drain(list, 0);
        let gained = 0;
        for (let place = 0; place < listLength; place++)
          if (list.items[place] >= 0 && wanted[list.items[place]] === 1) gained += discounts[place];
        result[(b * blends.length + w) * users + user] = ideal > 0 ? gained / ideal : 0;
      });
    });
    for (const item of named) barred[item] = 0;
    for (const item of seen) barred[item] = 0;
    for (const item of relevant) wanted[item] = 0;
  }
  return result;
}

/** Items to which any blend adds in a user's state; the history holds none of them. */
function namedBy(blends: readonly Blend[], user: number): number[] {
  const tables = new Set(blends.map(({ added }) => added));
  const named = new Set<number>();
  for (const added of tables)
    for (const item of added?.items.subarray(user * added.width, (user + 1) * added.width) ?? [])
      if (item >= 0) named.add(item);
  return [...named];
}

/** Writes what is added in a user's state, so many times, into [N]; 0 times takes it back. */
function spread(
  { width, items, values }: AddedLogits,
  user: number,
  times: number,
  into: Float64Array,
): void {
  for (let c = user * width; c < (user + 1) * width; c++)
    if (items[c] >= 0) into[items[c]] = times * values[c];
}

/** How often each candidate is the best of a resample of the users, as shares. @param ndcg [candidates × users] */
function bagged(ndcg: Float32Array, users: number, random: Random): Float64Array {
  const candidates = ndcg.length / users;
  const shares = new Float64Array(candidates);
  const times = new Int32Array(users);
  for (let r = 0; r < resamples; r++) {
    times.fill(0);
    for (let draw = 0; draw < users; draw++) times[random.integer(users)]++;
    let [best, most] = [0, Number.NEGATIVE_INFINITY];
    for (let candidate = 0; candidate < candidates; candidate++) {
      let sum = 0;
      const at = candidate * users;
      for (let user = 0; user < users; user++) sum += times[user] * ndcg[at + user];
      if (sum > most) [best, most] = [candidate, sum];
    }
    shares[best] += 1 / resamples;
  }
  return shares;
}
