import assert from "node:assert/strict";
import { random } from "../../math/random";
import { handLog } from "../smallLogs.fixture";

/** For the tests of tables: four items, an agent's problem, settings by hand and a log to fill them from. */
export const [A, B, C, D] = [0, 1, 2, 3];
export const problem = (items: number, seed = 1) => ({ items, random: random(seed) });
export const half = { learningRate: 0.5, discount: 0.5 };

/** One reader who comes back to A and B, and whose world ends with D. */
export const loop = handLog([
  [
    [A, 9],
    [B, 1],
    [C, 2],
    [A, 0],
    [B, 1],
    [D, 4, true],
  ],
]);

type Values = readonly (readonly [state: number, action: number, value: number])[];

/** Fails where a value is another than wanted. */
export function assertValues(
  agent: { value(s: number, a: number): number | undefined },
  wanted: Values,
  within = 1e-12,
): void {
  for (const [state, action, value] of wanted)
    assert.ok(
      Math.abs((agent.value(state, action) ?? Number.NaN) - value) < within,
      `Q(${state}, ${action}) is ${agent.value(state, action)}, not ${value}`,
    );
}

/** The same for values that passes come near to: they stop at a thousandth of the largest reward. */
export function assertNear(agent: { value(s: number, a: number): number | undefined }, wanted: Values): void {
  assertValues(agent, wanted, 0.02);
}
