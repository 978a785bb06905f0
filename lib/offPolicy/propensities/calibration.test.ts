import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { wilsonInterval } from "../../math/wilsonInterval";
import { reliabilityOf } from "./calibration";
import { contextOf, type FitBehaviour, type RoundDistributions } from "./choiceColumns";
import { crossFittedPropensities, propensitiesOf } from "./crossFitted";
import { multinomialModel } from "./multinomialModel";
import { softmaxChoices, softmaxTruth } from "./softmaxChoices.fixture";
import { atTemperature, fittedTemperature } from "./temperature";

const near = (value: number, expected: number, tolerance = 1e-12): void =>
  assert.ok(Math.abs(value - expected) <= tolerance, `${value} is not ${expected}`);

function always(shares: readonly number[], size: number): RoundDistributions {
  return { size, actionCount: shares.length, write: (_round, into) => into.set(shares) };
}

test("two actions told (.8, .2), seven of ten the first: bins, intervals and error by hand", () => {
  const actions = Int32Array.of(0, 0, 0, 0, 0, 0, 0, 1, 1, 1);
  const { bins, expectedCalibrationError } = reliabilityOf(always([0.8, 0.2], 10), actions);
  assert.deepEqual(
    bins.map(({ pairs, chosen, frequency, from, to }) => [pairs, chosen, frequency, from, to]),
    [
      [10, 3, 0.3, 0.2, 0.2],
      [10, 7, 0.7, 0.8, 0.8],
    ],
  );
  near(bins[0].predicted, 0.2);
  near(bins[1].predicted, 0.8);
  // Wilson for 3 of 10 as tables give it.
  near(bins[0].lower, 0.10779, 1e-5);
  near(bins[0].upper, 0.60322, 1e-5);
  near(expectedCalibrationError, 0.1);
});

test("told exactly as often as chosen: no error; all rounds on what was told impossible: all of it", () => {
  near(
    reliabilityOf(always([0.7, 0.3], 10), Int32Array.of(0, 0, 0, 0, 0, 0, 0, 1, 1, 1))
      .expectedCalibrationError,
    0,
  );
  near(reliabilityOf(always([1, 0], 4), Int32Array.of(1, 1, 1, 1)).expectedCalibrationError, 1);
});

test("Wilson's interval at the ends of the scale", () => {
  near(wilsonInterval(0, 10).upper, 0.27753, 1e-5);
  assert.equal(wilsonInterval(0, 10).lower, 0);
  near(wilsonInterval(10, 10).lower, 1 - 0.27753, 1e-5);
  assert.throws(() => wilsonInterval(3, 2), /got 3 of 2/);
});

const choices = softmaxChoices(4000, random(11));
const truth: RoundDistributions = {
  ...{ size: choices.size, actionCount: 3 },
  write(i, into) {
    const [x, y] = contextOf(choices, i) as unknown as [number, number];
    into.set(softmaxTruth(x, y));
  },
};

test("the true policy: every pair in a bin, bins of nearly as many expected choices, frequencies as told", () => {
  const { bins, expectedCalibrationError } = reliabilityOf(truth, choices.actions);
  assert.equal(bins.length, 10);
  const sum = (of: (bin: (typeof bins)[number]) => number): number =>
    bins.reduce((total, bin) => total + of(bin), 0);
  assert.equal(
    sum(({ pairs }) => pairs),
    12_000,
  );
  assert.equal(
    sum(({ chosen }) => chosen),
    4000,
  );
  for (const { pairs, predicted } of bins) assert.ok(Math.abs(pairs * predicted - 400) < 80);
  const inside = bins.filter(({ predicted, lower, upper }) => predicted >= lower && predicted <= upper);
  assert.ok(inside.length >= 9, JSON.stringify(bins));
  assert.ok(expectedCalibrationError < 0.03, `${expectedCalibrationError}`);
});

test("rounds that follow q, told by a power of q: its temperature, exactly", () => {
  const actions = Int32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1);
  near(fittedTemperature(always([0.64 / 0.68, 0.04 / 0.68], 10), actions), 2, 1e-7);
  const roots = [Math.sqrt(0.8), Math.sqrt(0.2)].map((root) => root / (Math.sqrt(0.8) + Math.sqrt(0.2)));
  near(fittedTemperature(always(roots, 10), actions), 0.5, 1e-7);
  near(fittedTemperature(always([0.8, 0.2], 10), actions), 1, 1e-7);
  // An action told impossible, and rightly, takes no part.
  near(fittedTemperature(always([0.64 / 0.68, 0.04 / 0.68, 0], 10), actions), 2, 1e-7);
});

test("the ends: flat distributions have no temperature, perverse ones the highest, timid ones the lowest", () => {
  assert.equal(fittedTemperature(always([0.5, 0.5], 4), Int32Array.of(0, 0, 0, 1)), 1);
  assert.equal(fittedTemperature(always([0.9, 0.1], 4), Int32Array.of(1, 1, 1, 1)), 100);
  assert.equal(fittedTemperature(always([0.51, 0.49], 4), Int32Array.of(0, 0, 0, 0)), 0.01);
  assert.throws(() => fittedTemperature(always([1, 0], 2), Int32Array.of(0, 1)), /above 0, got 0 in round 2/);
});

test("at a temperature: p^(1/T) made to sum to 1, also where shares are tiny", () => {
  const into = new Float64Array(2);
  atTemperature(always([0.8, 0.2], 1), 0.5).write(0, into);
  near(into[0], 0.64 / 0.68);
  near(into[0] + into[1], 1);
  atTemperature(always([1e-200, 2e-200], 1), 0.5).write(0, into);
  near(into[1], 0.8);
  atTemperature(always([0.8, 0.2], 1), 2).write(0, into);
  near(into[0], 2 / 3);
  assert.throws(() => atTemperature(truth, 0), /above 0, got 0/);
});

test("a model that trusts noise is too sure out of fold; its temperature is above 1 and mends it", () => {
  const draw = random(12);
  const [size, width] = [250, 12];
  const small = softmaxChoices(size, random(13));
  const contexts = Float64Array.from({ length: size * width }, () => draw.normal());
  for (let i = 0; i < size; i++) contexts.set(contextOf(small, i), i * width);
  const noisy = { ...small, width, contexts };
  const fit: FitBehaviour = (some, rows) => multinomialModel(some, rows, { ridge: 0 });
  const sure = crossFittedPropensities(noisy, random(14), { fit });
  const temperature = fittedTemperature(sure, small.actions);
  assert.ok(temperature > 1.15, `${temperature}`);
  const mended = atTemperature(sure, temperature);
  const losses = propensitiesOf(mended, small.actions).map((propensity) => -Math.log(propensity));
  assert.ok(losses.reduce((sum, loss) => sum + loss, 0) / size < sure.logLoss - 0.005);
  // The same rounds shown to the models: the temperature looks like 1, or below.
  const shown = multinomialModel(
    noisy,
    Int32Array.from({ length: size }, (_, i) => i),
    { ridge: 0 },
  );
  const peeked = {
    ...{ size, actionCount: 3 },
    write: (i: number, into: Float64Array) => shown.write(contextOf(noisy, i), into),
  };
  assert.ok(fittedTemperature(peeked, small.actions) < 1.01);
});
