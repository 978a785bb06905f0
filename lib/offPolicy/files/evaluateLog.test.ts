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

/** Users of up to two steps who do a or b evenly and earn 1 a step; after b a share leaves. */
function leaving(share: number) {
  const draw = random(4);
  const rows: { user: number; step: number; action: string }[] = [];
  for (let user = 0; user < 600; user++) {
    const first = draw.next() < 0.5 ? "a" : "b";
    rows.push({ user, step: 0, action: first });
    if (draw.next() < (first === "b" ? share : 0.5)) continue;
    rows.push({ user, step: 1, action: draw.next() < 0.5 ? "a" : "b" });
  }
  const users = Int32Array.from(rows, ({ user }) => user);
  const propensities = new Float64Array(rows.length).fill(0.5);
  const rewards = Float64Array.from(rows, ({ action }) => (action === "a" ? 1 : 0.5));
  const targetProbabilities = Float64Array.from(rows, ({ action }) => (action === "a" ? 0.6 : 0.4));
  const log: LogColumns = {
    ...{ file: "log.csv", rewards, propensities },
    rounds: rows.map((_, i) => `${i}`),
    actions: rows.map(({ action }) => action),
    users: rows.map(({ user }) => `u${user}`),
    steps: Int32Array.from(rows, ({ step }) => step),
  };
  const known = loggedRounds({ users, rewards, propensities, targetProbabilities });
  return { known, guessed: { ...known, provenance: "estimated" as const }, log };
}

test("values of single rounds are doubted where what is done changes what comes, and the trajectories' are not", () => {
  const { known, log, guessed } = leaving(0.9);
  const told = evaluateLog({ rounds: known, log }, random(1), { resamples: 50 });
  assert.equal(told.verdict, "unreliable");
  assert.match(
    told.reasons[0],
    /what is done changes what comes: after action "[ab]" users earn (more|less), \d+\.\d standard errors \(over 4\).* read the sequential ones/,
  );
  assert.equal(told.sequential!.verdict, "ok");
  for (const name of ["ips", "snips"]) assert.equal(told.verdicts[name].verdict, "unreliable");
  assert.equal(told.sequential!.verdicts.wpdis.verdict, "ok");
  // Guessed propensities are never ok, but are not held against the readers.
  const loose = evaluateLog({ rounds: guessed, log }, random(1), { resamples: 50 });
  assert.doesNotMatch(loose.reasons.join(), /changes what comes/);
  const none = leaving(0.5);
  assert.equal(
    evaluateLog({ rounds: none.known, log: none.log }, random(1), { resamples: 50 }).verdict,
    "ok",
  );
});

test("a slate is one step: what comes after what stood on top is asked, and doubts values of single slates too", () => {
  const draw = random(4);
  const rows: { user: number; step: number; place: number; action: string }[] = [];
  for (let user = 0; user < 600; user++)
    for (let step = 0; step < 2; step++) {
      const top = draw.next() < 0.5 ? "a" : "b";
      for (const place of [2, 1])
        rows.push({ user, step, place, action: place === 1 ? top : top === "a" ? "b" : "a" });
      if (draw.next() < (top === "b" ? 0.9 : 0)) break;
    }
  const column = (of: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, of);
  const rewards = column(({ action }) => (action === "a" ? 1 : 0.5));
  const propensities = column(({ place }) => (place === 1 ? 0.5 : 1));
  const users = Int32Array.from(rows, ({ user }) => user);
  const rounds = loggedRounds({
    ...{ users, rewards, propensities },
    targetProbabilities: column(({ action, place }) => (place === 2 ? 1 : action === "a" ? 0.6 : 0.4)),
  });
  const log: LogColumns = {
    ...{ file: "log.csv", rewards, propensities },
    rounds: rows.map((_, i) => `${i}`),
    actions: rows.map(({ action }) => action),
    users: rows.map(({ user }) => `u${user}`),
    steps: Int32Array.from(rows, ({ step }) => step),
    slates: rows.map(({ user, step }) => `${user}-${step}`),
    positions: Int32Array.from(rows, ({ place }) => place),
  };
  const { slate, sequential, reasons } = evaluateLog({ rounds, log }, random(1), {
    resamples: 50,
    discount: 1,
  });
  for (const each of [reasons, slate!.reasons])
    assert.match(each.join(), /what is done changes what comes: after action "[ab]"/);
  assert.equal(slate!.verdict, "unreliable");
  assert.deepEqual([sequential!.units, sequential!.horizon, sequential!.verdict], [600, 2, "ok"]);
  // Each slate earns 1.5; the target goes on after .6 + .4 · .1 of first steps, the log after .55.
  const { lower, upper } = sequential!.estimators.wpdis;
  assert.ok(lower < 1.5 * 1.64 && 1.5 * 1.64 < upper && lower > 1.5 * 1.55, `${lower} to ${upper}`);
});
