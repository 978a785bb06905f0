import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { settingRows } from "../data/settings";
import { bcq, bcqSettings } from "./actorCritic/bcq";
import { ddpg, ddpgSettings } from "./actorCritic/ddpg";
import { dqn, dqnSettings } from "./actorCritic/dqn";
import { iql, iqlSettings } from "./actorCritic/iql";
import { reinforce, reinforceSettings } from "./actorCritic/reinforce";
import { sac, sacSettings } from "./actorCritic/sac";
import { td3, td3Settings } from "./actorCritic/td3";
import { linUcbSettings } from "./linUcb/linUcb";
import { problem } from "./smallProblem.fixture";
import { tabularSettings } from "./tabular/tabularSettings";

test("a misspelt setting is a type error where an agent is made, and refused by name", () => {
  const given = problem(1);
  const slips: readonly (() => unknown)[] = [
    // @ts-expect-error
    () => ddpg(given, { discont: 0.9 }),
    // @ts-expect-error
    () => td3(given, { polcyDelay: 2 }),
    // @ts-expect-error
    () => sac(given, { temprature: 1 }),
    // @ts-expect-error
    () => bcq(given, { canditates: 3 }),
    // @ts-expect-error
    () => dqn(given, { dobule: true }),
    // @ts-expect-error
    () => iql(given, { expectil: 0.9 }),
    // @ts-expect-error
    () => reinforce(given, { listsize: 10 }),
  ];
  for (const slip of slips) assert.throws(slip, /requires known settings, got/);
});

test("settings that contradict each other are refused at the setting to change, also where more stand beside them", () => {
  const whole = ddpgSettings.safeExtend({ name: z.literal("ddpg") });
  const guilty = (changes: z.input<typeof ddpgSettings>) =>
    whole.safeParse({ name: "ddpg", ...changes }).error?.issues.map(({ path }) => path.join());
  assert.deepEqual(guilty({ behaviourWeight: 1 }), ["behaviourWeight"]);
  assert.deepEqual(guilty({ behaviour: "squared" }), ["behaviour"]);
  assert.deepEqual(guilty({ criticWeight: 0 }), ["criticWeight"]);
  assert.equal(guilty({ behaviour: "squared", behaviourWeight: 1 }), undefined);
});

test("every setting says in one line what it means", () => {
  for (const schema of [
    ddpgSettings,
    td3Settings,
    sacSettings,
    bcqSettings,
    dqnSettings,
    iqlSettings,
    reinforceSettings,
    tabularSettings,
    linUcbSettings,
  ])
    for (const { name, meaning, expected } of settingRows(schema)) {
      assert.ok(meaning.length > 0 && !meaning.includes("\n"), name);
      assert.notEqual(expected, "another value", name);
    }
});
