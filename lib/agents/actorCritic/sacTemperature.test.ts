import assert from "node:assert/strict";
import { test } from "node:test";
import { A, problem, someBatch } from "../smallProblem.fixture";
import { sac } from "./sac";

test("unless it is told otherwise the policy keeps −A nats: above that the temperature falls, below it rises", () => {
  const entropyOf = (logDeviation: number): number =>
    A * (0.5 * Math.log(2 * Math.PI * Math.E) + logDeviation);
  for (const [logDeviation, rises] of [
    [-1, false],
    [-4, true],
  ] as const) {
    // Where actions are free the policy's entropy is that of a normal: between −A and A, and below −A.
    assert.equal(entropyOf(logDeviation) < -A, rises);
    assert.ok(entropyOf(logDeviation) < A);
    const agent = sac(
      { ...problem(1), actionSpace: "free" },
      { hidden: [8], logDeviation, actorLearningRate: 1e-3 },
    );
    const temperatures = Array.from({ length: 5 }, (_, u) => agent.learn(someBatch(u)).temperature);
    for (let u = 1; u < temperatures.length; u++)
      assert.equal(temperatures[u] > temperatures[u - 1], rises, temperatures.join());
    agent.dispose();
  }
});
