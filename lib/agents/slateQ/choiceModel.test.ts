import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { fitInterestChoice, type InterestChoice, interestChoice } from "./choiceModel";
import { emptySteps, type SlateSteps } from "./slateSteps";

const shape = { items: 4, stateSize: 4, offers: 3, slots: 2 };

/** Steps of readers who choose like this. */
function chosenBy(truth: InterestChoice, size: number): SlateSteps {
  const draw = random(3);
  const choice = interestChoice(truth);
  const steps = emptySteps(shape, size);
  for (let row = 0; row < size; row++) {
    for (let i = 0; i < 4; i++) steps.states[row * 4 + i] = 2 * draw.next() - 1;
    for (let c = 0; c < 3; c++) steps.candidates[row * 3 + c] = draw.integer(4);
    steps.slates.set([2, 0], row * 2);
    const weights = [2, 0].map((c) => choice.weight(steps.states, row * 4, steps.candidates[row * 3 + c]));
    const u = draw.next() * (weights[0] + weights[1] + choice.nullWeight);
    steps.clicked[row] = u < weights[0] ? 0 : u < weights[0] + weights[1] ? 1 : -1;
  }
  return steps;
}

test("a log gives back how its readers chose", () => {
  const logit = fitInterestChoice("logit", chosenBy({ kind: "logit", slope: 2, nullUtility: 0.7 }, 20_000));
  assert.ok(
    Math.abs(logit.slope - 2) < 0.08 && Math.abs(logit.nullUtility - 0.7) < 0.06,
    JSON.stringify(logit),
  );
  const steps = chosenBy({ kind: "proportional", nullUtility: Math.log(2) }, 20_000);
  const proportional = fitInterestChoice("proportional", steps);
  assert.ok(Math.abs(proportional.nullUtility - Math.log(2)) < 0.06, JSON.stringify(proportional));
});

test("weights are as stated; nothing to fit is refused", () => {
  const states = Float32Array.of(9, 0.5, -1, -1.5);
  assert.ok(
    Math.abs(interestChoice({ kind: "logit", slope: 2, nullUtility: 1 }).weight(states, 1, 0) - Math.E) <
      1e-12,
  );
  const proportional = interestChoice({ kind: "proportional", nullUtility: Math.log(2) });
  assert.deepEqual(
    [0, 1, 2].map((item) => proportional.weight(states, 1, item)),
    [1.5, 0, 0],
  );
  assert.ok(Math.abs(proportional.nullWeight - 2) < 1e-12);
  assert.throws(
    () => fitInterestChoice("logit", emptySteps(shape, 3)),
    /with a click and steps without, got 0 of 3/,
  );
});
