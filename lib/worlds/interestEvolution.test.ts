import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { drawFrom } from "../math/drawFrom";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import {
  budgetAfter,
  choiceProbabilities,
  interestEvolution,
  movedInterest,
  topicQualities,
} from "./interestEvolution";
import { playWorld } from "./playWorld";

interface RecordedStep {
  readonly tag: string;
  readonly choice_model: "proportional" | "logit";
  readonly user_interests: readonly number[];
  readonly time_budget: number;
  /** topic, quality */
  readonly candidates: readonly (readonly [number, number])[];
  readonly slate: readonly number[];
  readonly choice_probabilities: readonly number[];
  readonly draws: { readonly choice_uniform: number; readonly interest_uniform?: number };
  readonly clicked_position: number | null;
  readonly reward: number;
  readonly next_time_budget: number;
  readonly done: boolean;
  readonly next_interest_of_topic: number | null;
}

const { steps } = JSON.parse(
  readFileSync(join(__dirname, "fixtures", "interest-evolution-steps.json"), "utf8"),
) as { readonly steps: readonly RecordedStep[] };

test("steps recorded from RecSim come out the same", () => {
  assert.equal(steps.length, 26);
  for (const step of steps) {
    const documents = step.slate.map((place) => step.candidates[place]);
    const interests = documents.map(([topic]) => step.user_interests[topic]);
    const probabilities = choiceProbabilities(interests, step.choice_model);
    step.choice_probabilities.forEach((expected, k) => {
      assert.ok(Math.abs(probabilities[k] - expected) < 1e-12, step.tag);
    });
    const place = drawFrom(probabilities, { ...random(1), next: () => step.draws.choice_uniform });
    assert.equal(place, step.clicked_position ?? step.slate.length, step.tag);
    const quality = place < documents.length ? documents[place][1] : undefined;
    const budget = budgetAfter(step.time_budget, quality);
    assert.ok(Math.abs(budget - step.next_time_budget) < 1e-12, step.tag);
    assert.equal(budget <= 0, step.done, step.tag);
    assert.equal(quality === undefined ? 0 : Math.min(4, step.time_budget), step.reward, step.tag);
    if (quality !== undefined) {
      const moved = movedInterest(interests[place], step.draws.interest_uniform!);
      assert.ok(Math.abs(moved - step.next_interest_of_topic!) < 1e-12, step.tag);
    }
  }
});

test("mean qualities of 20 topics are RecSim's", () => {
  const means = topicQualities(20);
  assert.deepEqual([means[0], means[13], means[14], means[19]], [-3, 0, 0, 3]);
  assert.ok(Math.abs(means[1] + 2.769230769230769) < 1e-12 && Math.abs(means[16] - 1.2) < 1e-12);
});

// Minutes watched by 50,000 readers of an independent implementation, and the error of 2,000 of ours.
for (const [choice, policy, expected, deviation] of [
  ["proportional", "random", 160.544, 11.9],
  ["proportional", "greedy", 167.919, 21.7],
  ["proportional", "quality", 264.524, 35.2],
  ["logit", "random", 159.248, 11.4],
  ["logit", "greedy", 167.045, 22.1],
] as const)
  test(`${choice}: ${policy} earns what it earns elsewhere`, () => {
    const world = interestEvolution({ choice });
    const readers = 2000;
    const environments = world.environments(readers);
    const { returns } = playWorld(world.policy(policy, environments), environments, random(3));
    const error = deviation / Math.sqrt(readers);
    assert.ok(Math.abs(meanOf(returns) - expected) < 3.5 * error, `${meanOf(returns)}, not ${expected}`);
  });
