import { companion, type LinkedModel, withRecency } from "../baselines/companion";
import type { Task } from "../data/task";
import type { NextItemModel } from "../encoders/nextItemModel";
import type { RecentPopularitySetting } from "../encoders/recentPopularityBias";
import { ndcgOf } from "../encoders/validationNdcg";
import type { Random } from "../math/random";
import type { AddedLogits } from "../retrieval/addedLogits";
import { bestOf, emptyLists } from "../retrieval/bestOf";
import type { ExperimentData } from "./experimentData";
import { type LinkedModels, linkedNames, meanBias, plainStart, type StartChoice } from "./supervisedStart";

/** Windows of recent popularity, as shares of the train rows, its powers, and how much of the model's own bias stays. */
const windowShares = [0.01, 0.02, 0.05, 0.1, 0.3];
const strengths = [0.5, 1, 2, 3];
const ownShares = [1, 0];
const companionWeights = [0, 0.25, 0.5, 1, 2, 4, 8];
const recencies = [1, 0.9, 0.8, 0.6];
const resamples = 200;
const listLength = 10;

export interface ChooseStartOptions {
  /** Rows of a smaller weight are no positives. */
  readonly minimumWeight?: number | undefined;
  /** Whether recent popularity may enter the biases; yes by default. */
  readonly popularity?: boolean;
  /** Linear item–item models that may stand beside the model; none by default. */
  readonly linked?: LinkedModels | undefined;
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
  data: ExperimentData,
  { minimumWeight, popularity = true, linked, random }: ChooseStartOptions,
): StartChoice {
  const { validation, split } = data;
  const windowOf = (share: number): number => Math.max(1, Math.round(share * split.train.length));
  const names = linkedNames.filter((name) => linked?.[name] !== undefined);
  if (validation === undefined)
    return {
      biases: popularity ? [{ window: windowOf(0.05), strength: 1, own: 1, share: 1 }] : plainStart.biases,
      companionWeight: names.length > 0 ? 1 : 0,
      recency: Object.fromEntries(names.map((name) => [name, 0.8])),
    };
  const settings: RecentPopularitySetting[] = [{ window: 1, strength: 0, own: 1 }];
  if (popularity)
    for (const share of windowShares)
      for (const strength of strengths)
        for (const own of ownShares) settings.push({ window: windowOf(share), strength, own });
  const biases = settings.map((setting) => meanBias([{ ...setting, share: 1 }], model, data, minimumWeight));
  const weights = names.length > 0 ? companionWeights : [0];
  const models = names.map((name) => withRecency(linked![name]!, bestRecency(linked![name]!, validation)));
  const added = models.length > 0 ? companion(models, { weight: 1 }).of(validation.histories) : undefined;
  const ndcg = everyNdcg(model, validation, { biases, weights, added });
  const named = bagged(ndcg, validation.histories.size, random);
  const shares = new Float64Array(settings.length);
  let companionWeight = 0;
  named.forEach((share, candidate) => {
    shares[Math.floor(candidate / weights.length)]! += share;
    companionWeight += share * weights[candidate % weights.length]!;
  });
  return {
    biases: settings.flatMap((setting, s) => (shares[s]! > 0 ? [{ ...setting, share: shares[s]! }] : [])),
    companionWeight,
    recency:
      companionWeight > 0 ? Object.fromEntries(names.map((name, i) => [name, models[i]!.recency])) : {},
  };
}

/** How fast a linear model forgets, on its own: the best on validation, the slowest where several are as good. */
function bestRecency(model: Omit<LinkedModel, "recency">, validation: Task): number {
  const tried = recencies.map((recency) => {
    const alone = companion([withRecency(model, recency)], { weight: 1, most: listLength });
    const { items, values, width } = alone.of(validation.histories);
    const lists = { size: validation.histories.size, k: width, items, scores: Float64Array.from(values) };
    return { recency, ndcg: ndcgOf(lists, validation) };
  });
  return tried.reduce((best, each) => (each.ndcg > best.ndcg ? each : best)).recency;
}

/**
 * NDCG@10 of every candidate for every user, [biases × weights × users]: each bias of the model with each weight of
 * what a companion of weight 1 adds.
 */
export function everyNdcg(
  model: NextItemModel,
  { histories, relevantOffsets, relevantItems }: Task,
  {
    biases,
    weights,
    added,
  }: {
    readonly biases: readonly Float32Array[];
    readonly weights: readonly number[];
    readonly added: AddedLogits | undefined;
  },
): Float32Array {
  const { itemVectors, size, temperature, headBias } = model;
  const width = headBias.length;
  const queries = model.queries(model.encoder.encode(histories));
  const users = histories.size;
  const result = new Float32Array(biases.length * weights.length * users);
  const most = added?.width ?? 0;
  const plain = new Float64Array(size);
  const logits = new Float64Array(size);
  const barred = new Uint8Array(size);
  const wanted = new Uint8Array(size);
  const first = bestOf(Math.min(size, listLength));
  const found = emptyLists(1, listLength);
  const best = bestOf(Math.min(size, listLength));
  const list = emptyLists(1, listLength);
  const discounts = Float64Array.from({ length: listLength }, (_, place) => 1 / Math.log2(place + 2));
  for (let user = 0; user < users; user++) {
    const seen = histories.items.subarray(histories.offsets[user]!, histories.offsets[user + 1]!);
    const relevant = relevantItems.subarray(relevantOffsets[user]!, relevantOffsets[user + 1]!);
    const named = added?.items.subarray(user * most, (user + 1) * most).filter((item) => item >= 0);
    for (const item of relevant) wanted[item] = 1;
    const ideal = discounts.subarray(0, new Set(relevant).size).reduce((sum, discount) => sum + discount, 0);
    for (let item = 0; item < size; item++) {
      let product = 0;
      for (let a = 0; a < width; a++) product += itemVectors[item * width + a]! * queries[user * width + a]!;
      plain[item] = product / temperature;
    }
    biases.forEach((bias, b) => {
      for (let item = 0; item < size; item++) logits[item] = plain[item]! + bias[item]!;
      for (const item of seen) barred[item] = 1;
      for (const item of named ?? []) barred[item] = 1; // they come with what is added to them
      let worst = Number.NEGATIVE_INFINITY;
      for (let item = 0; item < size; item++) {
        if (logits[item]! <= worst || barred[item] === 1) continue;
        first.offer(item, logits[item]!);
        worst = first.worst();
      }
      first.drain(found, 0);
      for (const item of seen) barred[item] = 0;
      for (const item of named ?? []) barred[item] = 0;
      weights.forEach((weight, w) => {
        for (let place = 0; place < listLength; place++)
          if (found.items[place]! >= 0) best.offer(found.items[place]!, found.scores[place]!);
        named?.forEach((item, c) => {
          best.offer(item, logits[item]! + weight * added!.values[user * most + c]!);
        });
        best.drain(list, 0);
        let gained = 0;
        for (let place = 0; place < listLength; place++)
          if (list.items[place]! >= 0 && wanted[list.items[place]!] === 1) gained += discounts[place]!;
        result[(b * weights.length + w) * users + user] = ideal > 0 ? gained / ideal : 0;
      });
    });
    for (const item of relevant) wanted[item] = 0;
  }
  return result;
}

/** How often each candidate is the best of a resample of the users, as shares. @param ndcg [candidates × users] */
function bagged(ndcg: Float32Array, users: number, random: Random): Float64Array {
  const candidates = ndcg.length / users;
  const shares = new Float64Array(candidates);
  const times = new Int32Array(users);
  for (let r = 0; r < resamples; r++) {
    times.fill(0);
    for (let draw = 0; draw < users; draw++) times[random.integer(users)]!++;
    let [best, most] = [0, Number.NEGATIVE_INFINITY];
    for (let candidate = 0; candidate < candidates; candidate++) {
      let sum = 0;
      const at = candidate * users;
      for (let user = 0; user < users; user++) sum += times[user]! * ndcg[at + user]!;
      if (sum > most) [best, most] = [candidate, sum];
    }
    shares[best]! += 1 / resamples;
  }
  return shares;
}
