import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import { afterClicks, type BoredReader, boredom, clickChance, itemsOf, scoreOf } from "./boredom";
import { playWorld } from "./playWorld";

interface Recorded {
  readonly t: number;
  readonly user_embedding: readonly number[];
  readonly effective_user_embedding: readonly number[];
  readonly bored: readonly number[];
  readonly bored_timeout: readonly number[];
  readonly recent_click_topics: readonly number[];
  readonly recent_click_steps: readonly number[];
}

interface RecordedWorld {
  readonly env: string;
  readonly maxScore: number;
  readonly config: Readonly<Record<"slope" | "offset" | "position" | "influence" | "threshold", number>>;
  /** topics and values */
  readonly items: Readonly<Record<string, readonly [readonly number[], readonly number[]]>>;
  readonly steps: readonly {
    readonly before: Recorded;
    readonly slate: readonly number[];
    readonly scores: readonly number[];
    readonly click_probabilities: readonly number[];
    readonly clicks: readonly number[];
    readonly after: Recorded;
  }[];
}

const { worlds } = JSON.parse(readFileSync(join(__dirname, "fixtures", "boredom-steps.json"), "utf8")) as {
  readonly worlds: readonly RecordedWorld[];
};

function readerOf(state: Recorded): BoredReader {
  return {
    time: state.t,
    taste: Float64Array.from(state.user_embedding),
    bored: Uint8Array.from(state.bored),
    left: Int32Array.from(state.bored_timeout),
    clicks: state.recent_click_topics.map((topic, k) => ({ topic, step: state.recent_click_steps[k] })),
  };
}

const near = (a: number, b: number, what: string): void =>
  assert.ok(Math.abs(a - b) < 2e-7, `${what}: ${a}, ${b}`);

test("58 steps recorded from SARDINE come out the same, in six of its worlds", () => {
  assert.equal(worlds.flatMap(({ steps }) => steps).length, 58);
  for (const { env, maxScore, config, items: given, steps } of worlds) {
    const vectors = new Float64Array(1000 * 10);
    for (const [item, [topics, values]] of Object.entries(given))
      topics.forEach((topic, k) => {
        vectors[Number(item) * 10 + topic] = values[k];
      });
    const items = { ...itemsOf(vectors), longest: maxScore };
    const rules = { ...config, keep: config.influence, influence: "package" as const };
    for (const { before, slate, scores, click_probabilities, clicks, after } of steps) {
      const reader = readerOf(before);
      slate.forEach((item, place) => {
        const score = scoreOf(items, item, reader);
        near(score, scores[place], `${env} score`);
        near(clickChance(score, place, rules), click_probabilities[place], `${env} chance`);
      });
      afterClicks(
        reader,
        slate.filter((_, place) => clicks[place] === 1),
        items,
        rules,
      );
      const expected = readerOf(after);
      expected.taste.forEach((value, t) => {
        near(reader.taste[t], value, `${env} taste`);
      });
      assert.deepEqual({ ...reader, taste: 0 }, { ...expected, taste: 0 }, env);
    }
  }
});

// Clicks a session of 500 readers in the package; our items are others, made by the same rule.
for (const [preset, policy, expected, tolerance] of [
  ["single-item-static", "random", 8.67, 1.5],
  ["single-item-static", "greedy", 100, 0.01],
  ["single-item-bored-inf", "greedy", 50.7, 2.5],
  ["single-item-bored-inf", "guard", 76.1, 5],
  ["slate-top-k-bored", "random", 43.6, 4],
  ["slate-top-k-bored", "greedy", 142.8, 15],
  ["slate-top-k-bored", "guard", 423, 20],
  ["slate-rerank-static", "greedy", 21.4, 3],
] as const)
  test(`${preset}: ${policy} earns about what it earns in the package`, () => {
    const world = boredom({ preset });
    const environments = world.environments(policy === "guard" ? 60 : 200);
    const { returns, steps } = playWorld(world.policy(policy, environments), environments, random(2));
    assert.ok(steps.every((each) => each === (preset.includes("rerank") ? 10 : 100)));
    assert.ok(Math.abs(meanOf(returns) - expected) <= tolerance, `${meanOf(returns)}, not ${expected}`);
  });

test("with effects off no topic bores, and nobody beats greedy", () => {
  const world = boredom({ effects: false });
  const of = (policy: string): number => {
    const environments = world.environments(40);
    return meanOf(playWorld(world.policy(policy, environments), environments, random(2)).returns);
  };
  const [greedy, guarded] = [of("greedy"), of("guard")];
  assert.ok(greedy > 400 && guarded <= greedy + 5, `${greedy}, ${guarded}`);
});
