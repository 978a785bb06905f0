import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { loggedRounds } from "../bandit/loggedRounds";
import { loggedSlates } from "../slate/slateRounds";
import { slateCard } from "./furtherCards";

/** Slates of two slots, each shown twice with the same outcome, to one user or to nobody in particular. */
function doubled(count: number, { known }: { readonly known: boolean }) {
  const draw = random(1);
  const [rewards, target]: [number[], number[]] = [[], []];
  for (let pair = 0; pair < count; pair++) {
    const own = [0, 1].map(() => (draw.next() < 0.4 ? 1 : 0));
    const likely = [0, 1].map(() => 0.25 + 0.5 * draw.next());
    rewards.push(...own, ...own);
    target.push(...likely, ...likely);
  }
  const slots = loggedRounds({
    rewards: Float64Array.from(rewards),
    propensities: new Float64Array(rewards.length).fill(0.5),
    targetProbabilities: Float64Array.from(target),
    ...(known && { users: Int32Array.from(rewards, (_, slot) => Math.floor(slot / 4)) }),
  });
  return loggedSlates(
    slots,
    Int32Array.from({ length: 2 * count + 1 }, (_, slate) => 2 * slate),
  );
}

test("slates of one user stay together: what is shown twice tells nothing more", () => {
  const cards = [true, false].map((known) => slateCard(doubled(300, { known }), random(2), { method: "t" }));
  const [users, apart] = cards as [(typeof cards)[0], (typeof cards)[0]];
  for (const name of ["sips", "snsips", "iips", "rips", "snrips"]) {
    const ratio = users.estimators[name].standardError / apart.estimators[name].standardError;
    assert.ok(Math.abs(ratio / Math.SQRT2 - 1) < 0.01, `${name}: ${ratio}`);
    assert.ok(Math.abs(users.estimators[name].value - apart.estimators[name].value) < 1e-9);
  }
});

test("what the log's own policy earned a slate is a plain sum over slots, whatever the target would do", () => {
  const slates = doubled(50, { known: false });
  const { logged, estimators } = slateCard(slates, random(2), { method: "t" });
  const earned = slates.slots.rewards.reduce((sum, each) => sum + each, 0) / slates.size;
  assert.ok(Math.abs(logged.value - earned) < 1e-9);
  assert.ok(Math.abs(estimators.sips.value - earned) > 0.01);
});
