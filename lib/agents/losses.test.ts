import assert from "node:assert/strict";
import { test } from "node:test";
import { adam } from "../tensors/adam";
import { gaussian } from "../tensors/initialisers";
import { type Tensor2D, tf } from "../tensors/tf";
import { ddpgNetworks } from "./actorCritic/ddpg";
import { criticLoss, criticStep, tdTarget } from "./losses";
import { B, problem, small, someBatch } from "./smallProblem.fixture";
import { shareOutside, widened } from "./watched";

const column = (...values: number[]): Tensor2D => tf().tensor2d(values, [values.length, 1]);

test("with bounds, what follows counts as at most the bound; what a terminal step earned stays as it is", () => {
  const [rewards, terminals] = [column(1, 1, 1, -1, 1), column(0, 0, 0, 0, 1)];
  const next = column(10, 30, -4, -99, 99);
  const targets = (bounds?: [number, number]): number[] =>
    [...tdTarget(rewards, terminals, next, 0.9, bounds).dataSync()].map(
      (each) => Math.round(1e4 * each) / 1e4,
    );
  assert.deepEqual(targets(), [10, 28, -2.6, -90.1, 1]);
  assert.deepEqual(targets([-10, 10]), [10, 10, -2.6, -10, 1]);
  assert.deepEqual(targets([10, 10]), [10, 10, 10, 8, 1]);
});

test("the share outside bounds counts both ends, and what is no number", () => {
  assert.equal(shareOutside([0, 12, -3], [-10, 10]), 1 / 3);
  assert.equal(shareOutside([0, Number.NaN, -10, 10], [-10, 10]), 1 / 4);
  assert.equal(shareOutside([-11], undefined), 0);
  assert.equal(shareOutside([], [0, 1]), 0);
});

test("for values at an agent's own choice the bounds move outwards by a hundredth of their width", () => {
  assert.deepEqual(widened([0, 100]), [-1, 101]);
  assert.deepEqual(widened([-10, -10]), [-10, -10]);
  assert.equal(widened(undefined), undefined);
});

test("the alarm counts what is below the bounds as well as what is above, and not the bounds themselves", () => {
  assert.equal(shareOutside([-11, -10, 0, 10], [-10, 10]), 1 / 4);
  assert.equal(shareOutside([11, -10, 0, 10], [-10, 10]), 1 / 4);
});

test("what a critic hands back for priorities is target less value, of before its step", () => {
  const { critic } = ddpgNetworks(problem(1), small);
  const targets = tf().tensor2d(gaussian(B, 2, problem(2).random), [B, 1]);
  const batch = someBatch(3);
  const values = criticLoss([critic], batch, targets).values[0].dataSync();
  const wanted = targets.dataSync();
  let given: Float32Array | undefined;
  const onErrors = (errors: Float32Array): void => {
    given = errors;
  };
  criticStep(
    [critic],
    { ...batch, onErrors },
    {
      targets,
      optimizer: adam(critic.variables, { learningRate: 0.1 }),
    },
  );
  assert.equal(given!.length, B);
  given!.forEach((error, n) => {
    assert.ok(Math.abs(error - (wanted[n] - values[n])) < 1e-6);
  });
  assert.ok(given!.some((error) => Math.abs(error) > 0.1));
});
