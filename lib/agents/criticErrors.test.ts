import assert from "node:assert/strict";
import { test } from "node:test";
import { adam } from "../tensors/adam";
import { gaussian } from "../tensors/initialisers";
import { tf } from "../tensors/tf";
import { criticLoss, criticStep } from "./criticStep";
import { ddpgNetworks } from "./ddpg";
import { B, problem, small, someBatch } from "./smallProblem.fixture";

test("what a critic hands back for priorities is target less value, of before its step", () => {
  const { critic } = ddpgNetworks(problem(1), small);
  const targets = tf().tensor2d(gaussian(B, 2, problem(2).random), [B, 1]);
  const batch = someBatch(3);
  const values = criticLoss([critic], batch, targets).values[0]!.dataSync();
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
    assert.ok(Math.abs(error - (wanted[n]! - values[n]!)) < 1e-6);
  });
  assert.ok(given!.some((error) => Math.abs(error) > 0.1));
});
