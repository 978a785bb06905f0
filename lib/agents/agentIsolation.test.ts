/** Whose step moves what: after one update, changing one part's learning rate changes that part's networks alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Network } from "../tensors/networks";
import { bcq } from "./actorCritic/bcq";
import { ddpg } from "./actorCritic/ddpg";
import { iql } from "./actorCritic/iql";
import { reinforce } from "./actorCritic/reinforce";
import { sac } from "./actorCritic/sac";
import { td3 } from "./actorCritic/td3";
import type { Agent, AgentProblem } from "./agent";
import { variablesOf } from "./networks";

import { disturb, numbers, problem, someBatch } from "./smallProblem.fixture";

type Factory = (problem: AgentProblem, changes?: object) => Agent & { readonly networks: object };
const cases: readonly (readonly [Factory, object, Readonly<Record<string, readonly string[]>>])[] = [
  [ddpg, {}, { actorLearningRate: ["actor", "targetActor"] }],
  [td3, { policyDelay: 1 }, { actorLearningRate: ["actor", "targetActor"] }],
  [sac, {}, { actorLearningRate: ["actor"] }],
  [
    bcq,
    { latentSize: 2 },
    {
      criticLearningRate: ["critics", "targetCritics", "perturbation", "targetPerturbation"],
    },
  ],
  // The advantage is that of before the step, so that the actor hears of it in the next.
  [iql, {}, { actorLearningRate: ["actor"], criticLearningRate: ["value", "critics", "targetCritics"] }],
  [reinforce, {}, { actorLearningRate: ["actor"], behaviourLearningRate: ["behaviour"] }],
];

for (const [factory, own, rates] of cases)
  for (const [rate, moved] of Object.entries(rates))
    test(`${factory.name}: ${rate} reaches ${moved.join(", ")} and nothing else`, () => {
      const after = (value: number): [string, Float32Array[]][] => {
        const agent = factory(problem(1), { hidden: [8, 8], ...own, [rate]: value });
        const parts = Object.entries(agent.networks).map(
          ([name, given]) => [name, variablesOf([given].flat() as Network[])] as const,
        );
        for (const [i, [, variables]] of parts.entries()) disturb(variables, i + 1);
        agent.learn(someBatch(1));
        const found = parts.map(([name, variables]): [string, Float32Array[]] => [name, numbers(variables)]);
        agent.dispose();
        return found;
      };
      const [slow, fast] = [after(1e-4), after(1e-2)];
      for (const [i, [name, weights]] of slow.entries())
        if (moved.includes(name)) assert.notDeepEqual(weights, fast[i][1], name);
        else assert.deepEqual(weights, fast[i][1], name);
    });

for (const [factory, own] of cases)
  test(`${factory.name}: during warm-up the policy stays, and the rest learns as it would without`, () => {
    const policies = ["actor", "targetActor", "perturbation", "targetPerturbation"];
    const after = (warmUp: number) => {
      const agent = factory(problem(1), { hidden: [8, 8], ...own, warmUp });
      const all = Object.entries(agent.networks).map(
        ([name, given]) => [name, variablesOf([given].flat() as Network[])] as const,
      );
      for (const [i, [, variables]] of all.entries()) disturb(variables, i + 1);
      const start = new Map(all.map(([name, variables]) => [name, numbers(variables)]));
      const figures = agent.learn(someBatch(1));
      const end = new Map(all.map(([name, variables]) => [name, numbers(variables)]));
      agent.dispose();
      return { start, end, figures };
    };
    const [waiting, moving] = [after(1), after(0)];
    assert.ok("actorLoss" in moving.figures && !("actorLoss" in waiting.figures));
    for (const [name, weights] of waiting.end)
      if (policies.includes(name)) {
        assert.deepEqual(weights, waiting.start.get(name), name);
        assert.notDeepEqual(weights, moving.end.get(name), name);
      } else assert.deepEqual(weights, moving.end.get(name), name);
  });
