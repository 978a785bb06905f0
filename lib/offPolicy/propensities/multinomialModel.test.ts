import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { type ChoiceColumns, choiceColumns } from "./choiceColumns";
import { frequencyModel } from "./frequencyModel";
import { logLossOf, multinomialLoss, multinomialModel } from "./multinomialModel";
import { scaleOf, sparseContexts } from "./scaledContexts";
import { softmaxChoices, softmaxTruth } from "./softmaxChoices.fixture";

const everyRow = ({ size }: ChoiceColumns): Int32Array => Int32Array.from({ length: size }, (_, i) => i);
const near = (value: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(value - expected) <= tolerance, `${value} is not ${expected}`);

function sharesOf(
  model: { write(x: Float64Array, into: Float64Array): void },
  context: number[],
  actions: number,
) {
  const into = new Float64Array(actions);
  model.write(Float64Array.from(context), into);
  return into;
}

test("the gradient is that of finite differences, with indicators, a dense column and a round of zeros", () => {
  const draw = random(3);
  const [size, width, classes] = [40, 3, 4];
  const contexts = Float64Array.from({ length: size * width }, (_, i) =>
    i % width === 0 ? draw.normal() : draw.next() < 0.7 ? 0 : 1 + draw.next(),
  );
  contexts.fill(0, 0, width);
  const choices = choiceColumns({
    ...{ actionCount: classes, width, contexts },
    actions: Int32Array.from({ length: size }, () => draw.integer(classes)),
  });
  const rows = everyRow(choices);
  const problem = {
    ...{ classes, width, ridge: 0.7, labels: choices.actions },
    contexts: sparseContexts(choices, rows, scaleOf(choices, rows)),
  };
  const weights = Float64Array.from({ length: (width + 1) * classes }, () => draw.normal());
  const [gradient, unused] = [new Float64Array(weights.length), new Float64Array(weights.length)];
  multinomialLoss(problem, weights, gradient);
  const step = 1e-6;
  for (let w = 0; w < weights.length; w++) {
    const at = (value: number): number =>
      multinomialLoss(
        problem,
        weights.map((old, i) => (i === w ? value : old)),
        unused,
      );
    near(gradient[w], (at(weights[w] + step) - at(weights[w] - step)) / (2 * step), 1e-8);
  }
});

test("contexts without their zeros: every round keeps its own, those of nothing but zeros none", () => {
  const contexts = Float64Array.of(0, 3, 0, 0, 5, 0, 0, 0, 7, 8);
  const choices = choiceColumns({ actions: new Int32Array(5), actionCount: 1, width: 2, contexts });
  const plain = { centre: Float64Array.of(0, 0), scale: Float64Array.of(1, 2) };
  const { offsets, columns, values } = sparseContexts(choices, Int32Array.of(0, 1, 2, 3, 4), plain);
  assert.deepEqual([...offsets], [0, 1, 1, 2, 2, 4]);
  assert.deepEqual([...columns], [1, 0, 0, 1]);
  assert.deepEqual([...values], [6, 5, 7, 16]);
});

test("without contexts: the frequencies with their pseudo-counts, exactly; never 0", () => {
  const actions = Int32Array.of(0, 0, 0, 1, 1, 3);
  const choices = choiceColumns({ actions, actionCount: 5, width: 0, contexts: new Float64Array(0) });
  const model = multinomialModel(choices, everyRow(choices), { pseudoCount: 0.5 });
  const expected = [3.5, 2.5, 0.5, 1.5, 0.5].map((count) => count / 8.5);
  const counted = frequencyModel(choices, everyRow(choices), { pseudoCount: 0.5 });
  for (const one of [model, counted])
    sharesOf(one, [], 5).forEach((share, a) => {
      near(share, expected[a], 1e-12);
    });
  assert.ok(model.converged);
});

test("one indicator and no ridge: the frequencies of each of the two kinds of round", () => {
  const contexts = Float64Array.of(0, 0, 0, 0, 1, 1, 1, 1, 1);
  const actions = Int32Array.of(0, 0, 0, 1, 0, 1, 1, 1, 1);
  const choices = choiceColumns({ actions, actionCount: 2, width: 1, contexts });
  const model = multinomialModel(choices, everyRow(choices), { ridge: 0, pseudoCount: 1e-9 });
  near(sharesOf(model, [0], 2)[0], 3 / 4, 1e-5);
  near(sharesOf(model, [1], 2)[0], 1 / 5, 1e-5);
  near(model.loss, -(3 * Math.log(0.75) + Math.log(0.25) + Math.log(0.2) + 4 * Math.log(0.8)) / 9, 1e-9);
});

test("a softmax policy is recovered from its log, and predicts new rounds better than frequencies do", () => {
  const choices = softmaxChoices(6000, random(5));
  const rows = everyRow(choices);
  const [seen, fresh] = [rows.subarray(0, 4000), rows.subarray(4000)];
  const model = multinomialModel(choices, seen);
  for (const [x, y] of [
    [0, 0],
    [1.5, -1],
    [-1, 1],
    [-1, -2],
  ] as const)
    sharesOf(model, [x, y], 3).forEach((share, a) => {
      near(share, softmaxTruth(x, y)[a], 0.03);
    });
  const [modelled, counted] = [model, frequencyModel(choices, seen)].map((one) =>
    logLossOf(one, choices, fresh),
  );
  assert.ok(modelled < counted - 0.2, `${modelled} ${counted}`);
});

test("the scale and origin of a column say nothing; a constant column neither", () => {
  const choices = softmaxChoices(500, random(6));
  const moved = choices.contexts.map((value, i) => (i % 2 === 0 ? 1e6 + 1000 * value : value));
  const wide = new Float64Array(3 * choices.size);
  for (let i = 0; i < choices.size; i++) wide.set([moved[2 * i], 7, moved[2 * i + 1]], 3 * i);
  const one = multinomialModel(choices, everyRow(choices));
  const other = multinomialModel({ ...choices, width: 3, contexts: wide }, everyRow(choices));
  sharesOf(one, [0.3, -0.4], 3).forEach((share, a) => {
    near(sharesOf(other, [1e6 + 300, 7, -0.4], 3)[a], share, 1e-6);
  });
});

test("a strong ridge leaves the frequencies; an action that was never seen gets its pseudo-count", () => {
  const choices = softmaxChoices(400, random(7));
  const more = { ...choices, actionCount: 4 };
  const rows = everyRow(choices);
  const stiff = sharesOf(multinomialModel(more, rows, { ridge: 1e9 }), [2, 2], 4);
  sharesOf(frequencyModel(more, rows), [], 4).forEach((share, a) => {
    near(stiff[a], share, 1e-4);
  });
  const free = sharesOf(multinomialModel(more, rows), [2, 2], 4);
  near(free[3], 1 / 404, 1e-12);
  near(
    free.reduce((sum, share) => sum + share, 0),
    1,
    1e-12,
  );
  assert.throws(() => multinomialModel(choices, rows, { pseudoCount: 0 }), /pseudo-count above 0, got 0/);
  assert.throws(
    () => multinomialModel(choices, rows.subarray(0, 0)),
    /multinomialModel requires at least one round/,
  );
});

test("of many rounds evenly spaced ones are fitted to", () => {
  const choices = softmaxChoices(700, random(8));
  const rows = everyRow(choices);
  const thinned = multinomialModel(choices, rows, { mostRounds: 100 });
  const some = multinomialModel(
    choices,
    rows.filter((row) => row % 7 === 0),
  );
  assert.deepEqual(sharesOf(thinned, [1, 1], 3), sharesOf(some, [1, 1], 3));
  assert.equal(thinned.loss, some.loss);
});

test("columns that do not fit are refused by round", () => {
  const good = {
    actions: Int32Array.of(0, 1),
    actionCount: 2,
    width: 1,
    contexts: Float64Array.of(1, 2),
  };
  assert.throws(() => choiceColumns({ ...good, actions: Int32Array.of(0, 2) }), /below 2, got 2 in round 2/);
  assert.throws(
    () => choiceColumns({ ...good, contexts: Float64Array.of(1, Number.NaN) }),
    /got NaN in round 2/,
  );
  assert.throws(() => choiceColumns({ ...good, width: 2 }), /2 numbers for each of 2 rounds, got 2/);
});
