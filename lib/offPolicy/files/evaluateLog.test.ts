import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { type LoggedRounds, loggedRounds } from "../bandit/loggedRounds";
import { evaluateLog } from "./evaluateLog";
import type { LogColumns } from "./readLog";

/** Slates of two slots each, of some users in turn; both slots of a slate earn the same. */
function slateLog({ slates, users }: { readonly slates: number; readonly users?: number }) {
  const draw = random(3);
  const size = 2 * slates;
  const slateOf = Int32Array.from({ length: size }, (_, i) => Math.floor(i / 2));
  const earned = Float64Array.from({ length: slates }, () => (draw.next() < 0.5 ? 1 : 0));
  const rewards = Float64Array.from(slateOf, (slate) => earned[slate]);
  const chosen = Int32Array.from({ length: size }, () => draw.integer(2));
  const propensities = new Float64Array(size).fill(0.5);
  const owners = users === undefined ? undefined : slateOf.map((slate) => slate % users);
  const rounds: LoggedRounds = loggedRounds({
    ...{ rewards, propensities, targetProbabilities: Float64Array.from(chosen, (a) => (a ? 0.6 : 0.4)) },
    ...(owners && { users: owners }),
  });
  const log: LogColumns = {
    file: "log.csv",
    rounds: Array.from({ length: size }, (_, i) => `${i}`),
    actions: Array.from(chosen, (a) => `a${a}`),
    ...{ rewards, propensities },
    slates: Array.from(slateOf, (slate) => `s${slate}`),
    positions: Int32Array.from({ length: size }, (_, i) => 1 + (i % 2)),
    ...(owners && { users: Array.from(owners, (user) => `u${user}`) }),
  };
  const clusters = { logged: propensities, target: new Float64Array(size).fill(0.5) };
  return { rounds, log, clusters };
}

test("without users slates are what is drawn: slots that earn alike are not twice as many", () => {
  const { units, logged, effectiveUsers, marginalised } = evaluateLog(slateLog({ slates: 2000 }), random(1), {
    resamples: 400,
  });
  assert.equal(units, 2000);
  assert.ok(effectiveUsers! > 1900 && effectiveUsers! <= 2000);
  // √(¼ / 2000), not √(¼ / 4000).
  for (const { standardError } of [logged, marginalised!.logged])
    assert.ok(Math.abs(standardError / Math.sqrt(0.25 / 2000) - 1) < 0.12, `${standardError}`);
});

test("what is short of slates says so, of slates", () => {
  const { reasons } = evaluateLog(slateLog({ slates: 60 }), random(1), { resamples: 20 });
  assert.match(reasons.join(), /the weight is that of 5\d\.\d independent slates \(under 100\)/);
});

test("three thousand slates of three users are three users", () => {
  const many = evaluateLog(slateLog({ slates: 3000, users: 3000 }), random(1), { resamples: 20 });
  assert.equal(many.slate!.verdict, "ok");
  const three = evaluateLog(slateLog({ slates: 3000, users: 3 }), random(1), { resamples: 20 });
  for (const card of [three.slate!, three.marginalised!, three]) {
    assert.equal(card.verdict, "unreliable");
    assert.match(card.reasons.join(), /the weight is that of 3\.0 independent users \(under 20\)/);
  }
});

test("trajectories are users: as many as there are, whatever their steps", () => {
  const { rounds, log } = slateLog({ slates: 500, users: 10 });
  const { slates: _, positions: __, ...rest } = log;
  const steps = Int32Array.from({ length: rounds.size }, (_, i) => i);
  const { sequential } = evaluateLog({ rounds, log: { ...rest, steps } }, random(1), {
    resamples: 20,
    clip: 5,
  });
  assert.deepEqual([sequential!.units, sequential!.verdict], [10, "unreliable"]);
  assert.match(sequential!.reasons.join(), /the 10 trajectories tell as much as/);
});
