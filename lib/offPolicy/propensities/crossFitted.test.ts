import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { foldsOf } from "../bandit/folds";
import { type ChoiceColumns, choiceColumns, contextOf, type FitBehaviour } from "./choiceColumns";
import { crossFittedPropensities, propensitiesOf } from "./crossFitted";
import { frequencyModel } from "./frequencyModel";
import { logLossOf, multinomialModel } from "./multinomialModel";
import { softmaxChoices, softmaxTruth } from "./softmaxChoices.fixture";

const everyRow = ({ size }: ChoiceColumns): Int32Array => Int32Array.from({ length: size }, (_, i) => i);

test("folds: nearly equal, every user in one, the same for the same seed", () => {
  const sizes = (folds: Int32Array): number[] =>
    [0, 1, 2].map((fold) => folds.filter((f) => f === fold).length);
  assert.deepEqual(sizes(foldsOf(10, random(1), { folds: 3 })).sort(), [3, 3, 4]);
  const users = Int32Array.from({ length: 60 }, (_, i) => (7 * i) % 20);
  const folds = foldsOf(60, random(2), { users, folds: 3 });
  for (let i = 0; i < 60; i++) assert.equal(folds[i], folds[users.indexOf(users[i])]);
  assert.deepEqual(sizes(folds).sort(), [18, 21, 21]);
  assert.deepEqual(folds, foldsOf(60, random(2), { users, folds: 3 }));
  assert.throws(() => foldsOf(60, random(2), { users: users.fill(3), folds: 2 }), /at least 2 users, got 1/);
});

/** Remembers what was chosen at each value of the first number of the context; knows nothing of other values. */
const memorise: FitBehaviour = ({ actions, contexts, width, actionCount }, rows) => {
  const known = new Map<number, number>();
  for (const row of rows) known.set(contexts[row * width], actions[row]);
  return {
    write(context, into) {
      into.fill(1 / actionCount);
      const action = known.get(context[0]);
      if (action !== undefined) into.fill(0).fill(1, action, action + 1);
    },
  };
};

test("a model that memorises its rounds gains nothing: none was asked about a round it saw", () => {
  const draw = random(4);
  const size = 200;
  const choices = choiceColumns({
    ...{ actionCount: 4, width: 1, contexts: Float64Array.from({ length: size }, (_, i) => i) },
    actions: Int32Array.from({ length: size }, () => draw.integer(4)),
  });
  const seen = new Float64Array(4);
  memorise(choices, everyRow(choices)).write(contextOf(choices, 3), seen);
  assert.equal(seen[choices.actions[3]], 1); // it would know them by heart
  const { propensities, logLoss } = crossFittedPropensities(choices, random(5), { fit: memorise });
  assert.deepEqual(new Set(propensities), new Set([0.25]));
  assert.ok(Math.abs(logLoss - Math.log(4)) < 1e-12);
});

test("nor does one that memorises users, where it is told whose rounds they are", () => {
  const size = 300;
  const users = Int32Array.from({ length: size }, (_, i) => i % 30);
  const columns = {
    ...{ actionCount: 4, width: 1, contexts: Float64Array.from(users) },
    actions: users.map((user) => (user * 7) % 4), // each user has a favourite
  };
  const told = crossFittedPropensities(choiceColumns({ ...columns, users }), random(6), { fit: memorise });
  assert.deepEqual(new Set(told.propensities), new Set([0.25]));
  const untold = crossFittedPropensities(choiceColumns(columns), random(6), { fit: memorise });
  assert.deepEqual(new Set(untold.propensities), new Set([1]));
});

test("a round's own number as an indicator: the fit in sample is a dream, out of fold it is chance", () => {
  const draw = random(7);
  const size = 60;
  const contexts = new Float64Array(size * size);
  for (let i = 0; i < size; i++) contexts[i * size + i] = 1;
  const actions = Int32Array.from({ length: size }, () => draw.integer(3));
  const choices = choiceColumns({ actionCount: 3, width: size, contexts, actions });
  const fit: FitBehaviour = (some, rows) => multinomialModel(some, rows, { ridge: 1e-3 });
  const inSample = logLossOf(fit(choices, everyRow(choices)), choices, everyRow(choices));
  const counted = crossFittedPropensities(choices, random(8), { fit: frequencyModel });
  const fitted = crossFittedPropensities(choices, random(8), { fit });
  assert.ok(inSample < 0.25, `${inSample}`);
  assert.ok(fitted.logLoss > 0.98 * counted.logLoss, `${fitted.logLoss} ${counted.logLoss}`);
});

test("distributions sum to 1, hold the propensity, and come from the model of the round's fold", () => {
  const choices = softmaxChoices(300, random(9));
  const fold = foldsOf(300, random(10), { folds: 4 });
  const estimated = crossFittedPropensities(choices, random(10), { folds: 4 });
  assert.deepEqual(estimated.foldOf, fold);
  assert.equal(estimated.provenance, "estimated");
  const [shares, own] = [new Float64Array(3), new Float64Array(3)];
  const second = multinomialModel(
    choices,
    everyRow(choices).filter((row) => fold[row] !== 2),
  );
  for (let i = 0; i < 300; i++) {
    estimated.write(i, shares);
    assert.ok(Math.abs(shares[0] + shares[1] + shares[2] - 1) < 1e-12);
    assert.equal(estimated.propensities[i], shares[choices.actions[i]]);
    if (fold[i] !== 2) continue;
    second.write(contextOf(choices, i), own);
    assert.deepEqual(shares, own);
  }
});

test("where contexts confound, estimated propensities mend what frequencies leave wrong", () => {
  // The reward is 1 where the action suits the context, and the log's policy prefers what suits. Target: uniform.
  const errors = { fitted: 0, counted: 0, known: 0 };
  const seeds = 12;
  for (let seed = 1; seed <= seeds; seed++) {
    const choices = softmaxChoices(1500, random(100 + seed));
    const rewards = new Float64Array(choices.size);
    let truth = 0;
    for (let i = 0; i < choices.size; i++) {
      const [x, y] = contextOf(choices, i) as unknown as [number, number];
      const worth = [Math.tanh(x), Math.tanh(-y), Math.tanh(y)];
      rewards[i] = worth[choices.actions[i]];
      truth += (worth[0] + worth[1] + worth[2]) / 3 / choices.size;
    }
    const snipsOf = (propensities: Float64Array): number => {
      const weights = propensities.map((propensity) => 1 / 3 / propensity);
      const sum = weights.reduce((total, weight) => total + weight, 0);
      return weights.reduce((total, weight, i) => total + weight * rewards[i], 0) / sum;
    };
    const exact = {
      ...{ size: choices.size, actionCount: 3 },
      write(i: number, into: Float64Array) {
        const [x, y] = contextOf(choices, i) as unknown as [number, number];
        into.set(softmaxTruth(x, y));
      },
    };
    const fitted = crossFittedPropensities(choices, random(seed)).propensities;
    const counted = crossFittedPropensities(choices, random(seed), { fit: frequencyModel }).propensities;
    errors.fitted += (snipsOf(fitted) - truth) / seeds;
    errors.counted += (snipsOf(counted) - truth) / seeds;
    errors.known += (snipsOf(propensitiesOf(exact, choices.actions)) - truth) / seeds;
  }
  const said = JSON.stringify(errors);
  assert.ok(errors.counted > 0.2, said);
  assert.ok(Math.abs(errors.fitted) < 0.05 && Math.abs(errors.known) < 0.05, said);
});

test("a model that gives a logged action nothing is refused", () => {
  const choices = choiceColumns({
    ...{ actions: Int32Array.of(0, 1, 0, 1), actionCount: 2, width: 0, contexts: new Float64Array(0) },
  });
  const never: FitBehaviour = () => ({ write: (_context, into) => into.set([1, 0]) });
  assert.throws(
    () => crossFittedPropensities(choices, random(1), { folds: 2, fit: never }),
    /propensitiesOf requires probabilities in \(0, 1\], got 0 in round 2/,
  );
});
