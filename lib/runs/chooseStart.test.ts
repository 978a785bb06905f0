import assert from "node:assert/strict";
import { test } from "node:test";
import { companion } from "../baselines/companion";
import { ndcgOf } from "../encoders/validationNdcg";
import { random } from "../math/random";
import { rankingMetrics } from "../metrics/metrics";
import { chooseStart, everyNdcg } from "./chooseStart";
import { type HandMadeUser, handMadeLog, handMadeModel } from "./handMade.fixture";
import { prepareData } from "./preparedData";
import { queryRecommender } from "./queryRecommender";
import { isPlain, linkedModels, plainStart, supervisedStart } from "./supervisedStart";

const items = 30;
/** Says nothing: all scores are equal, so that lists are those of the smallest rows. */
const silent = handMadeModel(Array.from({ length: items }, () => [0]));

/** Everybody goes on by one item, from a place of their own; item 0 is met by all validation rows of `popular`. */
const chains = (next: (first: number) => number): HandMadeUser[] =>
  Array.from({ length: 60 }, (_, u) => {
    const first = (u * 7) % items;
    const at = (step: number): number => (first + step) % items;
    return { train: [at(0), at(1), at(2), at(3)], validation: [next(first)], test: [at(5)] };
  });

const choiceOn = (
  users: readonly HandMadeUser[],
  options: { popularity?: boolean; beside?: boolean } = {},
) => {
  const { dataset, ratios } = handMadeLog(users, items);
  const data = prepareData(dataset, ratios);
  const { popularity = true, beside = true } = options;
  const linked = beside ? linkedModels(data) : undefined;
  return { data, choice: chooseStart(silent, data, { popularity, linked, random: random(1) }) };
};

test("where the next item follows from the last, linear models are given weight and the start ranks by them", () => {
  const { data, choice } = choiceOn(chains((first) => (first + 4) % items));
  const weights = Object.values(choice.companion).map(({ weight }) => weight);
  assert.ok(weights.reduce((sum, weight) => sum + weight, 0) >= 0.25);
  const start = queryRecommender(silent, undefined, supervisedStart(choice, silent, data));
  const plain = queryRecommender(silent, undefined);
  const { validation } = data;
  const of = (asked: typeof start) => ndcgOf(asked.recommend(validation!.histories, 10), validation!);
  assert.ok(of(start) > 0.9 && of(plain) < 0.5, `${of(start)}, ${of(plain)}`);
  for (const asked of [start, plain]) asked.dispose();
});

test("where everybody takes what is popular, recent popularity is chosen, with nothing else if nothing is offered", () => {
  // Item 29 is what everybody had last but those who are asked about it.
  const users = Array.from({ length: 60 }, (_, u) => ({
    train: [u % 20, 20 + (u % 9), u % 2 === 0 ? 29 : 20 + ((u + 1) % 9)],
    validation: [u % 2 === 0 ? 20 + ((u + 4) % 9) : 29],
    test: [28],
  }));
  const { choice } = choiceOn(users, { beside: false });
  assert.deepEqual(choice.companion, {});
  const counting = choice.biases.filter(({ strength }) => strength > 0);
  assert.ok(counting.reduce((sum, { share }) => sum + share, 0) > 0.95);
});

test("shares sum to 1, the same seed chooses the same, and a choice is none where nothing is offered", () => {
  const users = chains((first) => (first + 9) % items);
  const { choice } = choiceOn(users);
  assert.ok(Math.abs(choice.biases.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9);
  assert.deepEqual(choiceOn(users).choice, choice);
  const { choice: none } = choiceOn(users, { popularity: false, beside: false });
  assert.ok(isPlain(none));
  assert.deepEqual(none, {
    ...plainStart,
    biases: [{ ...plainStart.biases[0], share: none.biases[0].share }],
  });
});

test("where every candidate does as well, the model as it is stays", () => {
  // Whoever is asked has had all items but one.
  const few = 6;
  const all = Array.from({ length: few }, (_, item) => item);
  const users = Array.from({ length: 30 }, (_, u) => ({
    train: all.filter((item) => item !== u % few),
    validation: [u % few],
    test: [u % few],
  }));
  const { dataset, ratios } = handMadeLog(users, few);
  const data = prepareData(dataset, ratios);
  const model = handMadeModel(Array.from({ length: few }, () => [0]));
  const choice = chooseStart(model, data, { linked: linkedModels(data), random: random(1) });
  assert.ok(isPlain(choice));
});

test("without validation users the start is the middle of what is tried", () => {
  const { dataset } = handMadeLog(
    chains((first) => first),
    items,
  );
  const data = prepareData(dataset, { refit: true });
  const choice = chooseStart(silent, data, { linked: linkedModels(data), random: random(1) });
  assert.equal(choice.biases.length, 1);
  const quarter = { weight: 0.25, recency: 0.8 };
  assert.deepEqual(choice.companion, {
    "item-knn": quarter,
    ease: quarter,
    "sequence-rules": quarter,
    "forward-rules": quarter,
  });
  assert.deepEqual(choice.biases[0], {
    window: Math.round(0.05 * data.split.train.length),
    strength: 1,
    own: 1,
    share: 1,
  });
  assert.deepEqual(chooseStart(silent, data, { random: random(1) }).companion, {});
});

test("every candidate's NDCG is that of the start which is served with it", () => {
  const draw = random(5);
  const model = handMadeModel(
    Array.from({ length: items }, () => [draw.next() - 0.5, draw.next() - 0.5]),
    { bias: Array.from({ length: items }, () => draw.next()), temperature: 0.3 },
  );
  const users = Array.from({ length: 25 }, () => ({
    train: Array.from({ length: 6 }, () => draw.integer(items)),
    validation: Array.from({ length: 3 }, () => draw.integer(items)),
    test: [1],
  }));
  const { dataset, ratios } = handMadeLog(users, items);
  const data = prepareData(dataset, ratios);
  const validation = data.validation!;
  const [knn, ...others] = Object.values(linkedModels(data)).map((each) => ({
    ...each,
    recency: 0.8,
    weight: 0.25,
  }));
  const mixtures = [[knn, ...others], [{ ...knn, weight: 1 }]];
  const biases = [model.itemBias, Float32Array.from({ length: items }, () => 2 * draw.next())];
  const blends = [
    { weights: [] },
    ...mixtures.flatMap((models) =>
      [0.5, 4].map((times) => ({
        weights: [],
        models,
        times,
        added: companion(models).of(validation.histories),
      })),
    ),
  ];
  const ndcg = everyNdcg(model, validation, { biases, blends });
  const size = validation.histories.size;
  biases.forEach((bias, b) => {
    blends.forEach((blend, w) => {
      const beside =
        "models" in blend
          ? companion(blend.models.map((each) => ({ ...each, weight: blend.times * each.weight })))
          : undefined;
      const served = queryRecommender(model, undefined, { bias, companion: beside });
      const lists = served.recommend(validation.histories, 10);
      const wanted = rankingMetrics(lists, validation, [10]).perUser[10].ndcg;
      const at = (b * blends.length + w) * size;
      for (let user = 0; user < size; user++)
        assert.ok(Math.abs(ndcg[at + user] - wanted[user]) < 1e-6, `bias ${b}, blend ${w}, user ${user}`);
      served.dispose();
    });
  });
});
