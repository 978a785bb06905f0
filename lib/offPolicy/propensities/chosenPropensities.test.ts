import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { contextOf } from "./choiceColumns";
import { behaviourFits, chosenPropensities } from "./chosenPropensities";
import { crossFittedPropensities } from "./crossFitted";
import { frequencyModel } from "./frequencyModel";
import { softmaxChoices } from "./softmaxChoices.fixture";

test("contexts that matter: a multinomial model; contexts that do not: the frequencies", () => {
  const choices = softmaxChoices(800, random(1));
  const told = chosenPropensities(choices, random(2));
  assert.equal(told.name, "multinomial, ridge 10");
  assert.deepEqual(
    told.losses.map(({ name }) => name),
    behaviourFits.map(({ name }) => name),
  );
  assert.equal(told.estimated.logLoss, Math.min(...told.losses.map(({ logLoss }) => logLoss)));
  // The same rounds, each with the context of another.
  const contexts = choices.contexts.slice();
  for (let i = 0; i < choices.size; i++) contexts.set(contextOf(choices, (i + 100) % choices.size), 2 * i);
  const untold = chosenPropensities({ ...choices, contexts }, random(2));
  assert.equal(untold.name, "frequencies");
  const bare = { ...choices, width: 0, contexts: new Float64Array(0) };
  assert.deepEqual(
    chosenPropensities(bare, random(2)).losses.map(({ name }) => name),
    ["frequencies"],
  );
});

test("every model has the same folds, and the first wins a tie", () => {
  const choices = softmaxChoices(90, random(3));
  const fits = ["one", "two"].map((name) => ({ name, fit: frequencyModel }));
  const { name, estimated, losses } = chosenPropensities(choices, random(4), { fits, folds: 3 });
  assert.equal(name, "one");
  assert.equal(losses[0].logLoss, losses[1].logLoss);
  const alone = crossFittedPropensities(choices, random(4).fork("folds"), { folds: 3, fit: frequencyModel });
  assert.deepEqual(estimated.propensities, alone.propensities);
  assert.throws(() => chosenPropensities(choices, random(4), { fits: [] }), /at least one model/);
});
