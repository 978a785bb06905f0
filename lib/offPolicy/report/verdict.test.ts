import assert from "node:assert/strict";
import { test } from "node:test";
import { drawFrom } from "../../math/drawFrom";
import { random, shuffle } from "../../math/random";
import { banditWorld } from "../../worlds/banditWorld";
import { banditRounds } from "../bandit/banditRounds";
import { snips } from "../bandit/inversePropensity";
import { loggedRounds } from "../bandit/loggedRounds";
import { weightsByUser } from "../bandit/weightsByUser";
import { type Diagnostics, diagnosticsOf } from "./diagnostics";
import { propensityCheck } from "./propensityCheck";
import { reportCard } from "./reportCard";
import { type Evidence, type VerdictName, verdictOf } from "./verdict";

const good: Diagnostics = {
  effectiveSampleSize: 5000,
  maxWeight: 8,
  meanWeight: 1.005,
  topOnePercentShare: 0.05,
  unsupportedMass: 0,
};
const evidence: Evidence = { rounds: 10_000, provenance: "known", diagnostics: good };

test("each finding lowers the verdict at its threshold, alone, and says its number", () => {
  assert.deepEqual(verdictOf(evidence).verdict, "ok");
  assert.match(verdictOf(evidence).reasons[0], /5000 rounds of the target's own, their mean is 1.005/);
  const cases: readonly (readonly [Partial<Evidence> & { d?: Partial<Diagnostics> }, VerdictName, RegExp])[] =
    [
      [{ d: { effectiveSampleSize: 200 } }, "ok", /200 rounds/],
      [{ d: { effectiveSampleSize: 199 } }, "weak", /10,000 rounds tell as much as 199.0/],
      [{ d: { effectiveSampleSize: 29 } }, "unreliable", /as 29.0 of the target's own would \(under 30\)/],
      [{ d: { maxWeight: 600 } }, "weak", /one round holds 6.0% of all weight/],
      [{ d: { maxWeight: 2600 } }, "unreliable", /one round holds 25.9%/],
      [{ d: { meanWeight: 1.04 } }, "weak", /mean weight is 1.040, 3.8 standard errors/],
      [{ d: { meanWeight: 0.95 } }, "unreliable", /mean weight is 0.950, 5.3 standard errors/],
      [
        { d: { meanWeight: 0, effectiveSampleSize: 0, maxWeight: 0 } },
        "unreliable",
        /all 10,000 weights are 0/,
      ],
      [{ d: { unsupportedMass: 0.02 } }, "weak", /2.0% of its probability on actions the log never shows/],
      [{ d: { unsupportedMass: 0.11 } }, "unreliable", /11.0%/],
      [{ users: 99 }, "weak", /that of 99.0 independent users \(under 100\)/],
      [{ users: 19 }, "unreliable", /that of 19.0 independent users \(under 20\)/],
      [{ users: 500, largestShare: 0.06 }, "weak", /one user holds 6.0% of all weight/],
      [{ users: 500, rewardShare: 0.3 }, "weak", /one user holds 30.0% of all weighed reward/],
      [{ users: 99, owner: "slate" }, "weak", /that of 99.0 independent slates/],
      [{ d: { meanWeight: 1.04 }, users: 500, meanWeightErrors: 1.2 }, "ok", /rounds of the target's own/],
      [
        { d: { meanWeight: 1.04 }, users: 500, meanWeightErrors: 6 },
        "unreliable",
        /1.040, 6.0 standard errors/,
      ],
      [{ rewardShare: 0.3 }, "weak", /30.0% of all weighed reward \(over 25.0%\)/],
      [{ wrong: { action: "a", times: 1.7, errors: 12 } }, "unreliable", /action "a" was done 1.70 times/],
      [{ lean: { lean: -0.04, standardError: 0.025 } }, "ok", /rounds of the target's own/],
      [{ lean: { lean: -0.042, standardError: 0.025 } }, "weak", /by −0\.042 ± 0\.049 \(over 1\.64 /],
      [{ lean: { lean: 0.11, standardError: 0.025 } }, "unreliable", /over 4 standard errors/],
      [{ carryOver: { done: 'action "a"', change: -0.2, errors: 2 } }, "ok", /rounds of the target's own/],
      [
        { carryOver: { done: 'action "a"', change: -0.2, errors: 2.1 } },
        "weak",
        /after action "a" users earn less/,
      ],
      [
        { carryOver: { done: "it", change: 0.2, errors: 4.1 } },
        "unreliable",
        /earn more, 4\.1 standard .*over 4/,
      ],
      [{ clippedMean: 0.98 }, "weak", /clipping took 2.5%/],
      [{ clippedMean: 0.7 }, "unreliable", /clipping took 30.3%/],
      [{ provenance: "estimated" }, "weak", /ESTIMATED/],
    ];
  for (const [{ d, ...change }, wanted, reason] of cases) {
    const found = verdictOf({ ...evidence, ...change, diagnostics: { ...good, ...d } });
    assert.equal(found.verdict, wanted, `${JSON.stringify({ d, ...change })}: ${found.reasons.join("; ")}`);
    assert.match(found.reasons.join("; "), reason);
    assert.doesNotMatch(found.reasons.join(), /NaN|Infinity/);
  }
  // The worst comes first.
  const both = verdictOf({
    ...evidence,
    provenance: "estimated",
    diagnostics: { ...good, effectiveSampleSize: 3 },
  });
  assert.equal(both.verdict, "unreliable");
  assert.match(both.reasons[0], /as 3.0/);
});

test("diagnostics by hand; the few largest weights; a policy with no weight at all", () => {
  const rounds = { unsupported: Float64Array.of(0, 0.5) };
  const { effectiveSampleSize, maxWeight, meanWeight, topOnePercentShare, unsupportedMass } = diagnosticsOf(
    rounds,
    Float64Array.of(1, 3),
  );
  assert.ok(Math.abs(effectiveSampleSize - 1.6) < 1e-12);
  assert.deepEqual([maxWeight, meanWeight, topOnePercentShare, unsupportedMass], [3, 2, 0.75, 0.25]);
  // Products of many ratios, too large to be squared.
  assert.ok(Math.abs(diagnosticsOf({}, Float64Array.of(1e300, 3e300)).effectiveSampleSize - 1.6) < 1e-12);
  const many = Float64Array.from({ length: 201 }, (_, i) => (i < 3 ? 10 : 1));
  assert.ok(Math.abs(diagnosticsOf({}, many).topOnePercentShare - 30 / 228) < 1e-12);
  assert.equal("unsupportedMass" in diagnosticsOf({}, many), false);
  assert.deepEqual(diagnosticsOf({}, new Float64Array(3)), {
    effectiveSampleSize: 0,
    maxWeight: 0,
    meanWeight: 0,
    topOnePercentShare: 0,
  });
});

test("in worlds whose truth is known, ok is rarely wrong, and unreliable often is", () => {
  const told: Record<VerdictName, { total: number; covered: number; errors: number[] }> = {
    ok: { total: 0, covered: 0, errors: [] },
    weak: { total: 0, covered: 0, errors: [] },
    unreliable: { total: 0, covered: 0, errors: [] },
  };
  for (const [b, t] of [
    [0, 2],
    [2, 4],
    [-2, 4],
    [4, 10],
    [-6, 20],
  ] as const)
    for (const size of [300, 2000])
      for (let seed = 0; seed < 12; seed++) {
        const draw = random(seed * 1013 + size + b);
        const world = banditWorld(draw, { actions: 20, contexts: 100 });
        const [behaviour, target] = [world.policy(b, draw), world.policy(t, draw)];
        const truth = world.valueOf(target);
        const rounds = banditRounds(world.collect(behaviour, size, draw), target, { actions: 20 });
        const { verdict, estimators } = reportCard(rounds, draw, { resamples: 150 });
        const { value, lower, upper } = estimators.ips;
        told[verdict].total++;
        told[verdict].covered += lower <= truth && truth <= upper ? 1 : 0;
        told[verdict].errors.push(Math.abs(value - truth) / truth);
      }
  const { ok, weak, unreliable } = told;
  for (const each of [ok, weak, unreliable]) assert.ok(each.total >= 15, `${each.total}`);
  const share = ({ covered, total }: typeof ok): number => covered / total;
  assert.ok(share(ok) >= 0.88, `ok ${share(ok)}`);
  assert.ok(share(unreliable) < 0.75, `unreliable ${share(unreliable)}`);
  assert.ok(share(weak) > share(unreliable));
  const near = ({ errors }: typeof ok): number =>
    errors.filter((error) => error < 0.2).length / errors.length;
  assert.ok(near(ok) > 0.97, `ok near ${near(ok)}`);
  assert.ok(near(weak) > near(unreliable) && near(weak) < near(ok));
});

test("wrong propensities are noticed: half of what they were, or another policy's", () => {
  const draw = random(8);
  const world = banditWorld(draw, { actions: 10, contexts: 100 });
  const [behaviour, target, other] = [3, 4, -3].map((sharpness) => world.policy(sharpness, draw)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const log = world.collect(behaviour, 4000, draw);
  const rounds = banditRounds(log, target, { actions: 10 });
  assert.equal(reportCard(rounds, random(1), { resamples: 50 }).verdict, "ok");
  const halved = { ...rounds, propensities: rounds.propensities.map((p) => p / 2) };
  assert.equal(reportCard(halved, random(1), { resamples: 50 }).verdict, "unreliable");
  const mistaken = banditRounds(
    { ...log, propensities: Float64Array.from(log.contexts, (c, i) => other[c * 10 + log.actions[i]]) },
    target,
    { actions: 10 },
  );
  const card = reportCard(mistaken, random(1), { resamples: 50 });
  assert.notEqual(card.verdict, "ok");
  assert.match(card.reasons.join(), /propensities are wrong/);
});

test("a report card: clipped and not, by user, without a model; the verdict is on unclipped weights", () => {
  const rounds = loggedRounds({
    rewards: Float64Array.of(1, 0, 1, 0),
    propensities: Float64Array.of(0.1, 0.5, 0.5, 0.5),
    targetProbabilities: Float64Array.of(0.9, 0.5, 0.5, 0.5),
    users: Int32Array.of(0, 0, 1, 1),
  });
  const card = reportCard(rounds, random(1), { clip: 3, resamples: 50 });
  assert.deepEqual([card.rounds, card.units, card.headline, card.propensities], [4, 2, "snips", "known"]);
  assert.equal(card.estimators.ips.value, 1);
  assert.equal(card.unclipped!.estimators.ips.value, 2.5);
  assert.equal(card.diagnostics.maxWeight, 3);
  assert.equal(card.unclipped!.diagnostics.maxWeight, 9);
  assert.equal(card.logged.value, 0.5);
  assert.match(card.reasons.join(), /clipping took 50.0%/);
  assert.equal(reportCard(rounds, random(1), { resamples: 50 }).unclipped, undefined);
  assert.equal(card.verdict, "unreliable");
});

test("a report card hears what steps say of each other, but of the log's own policy nothing", () => {
  const even = new Float64Array(400).fill(0.5);
  const rewards = even.map((_, i) => (i >> 1) % 2);
  const of = (share: number, found: Parameters<typeof reportCard>[2]) => {
    const targetProbabilities = even.map((_, i) => (i % 2 === 0 ? share : 1 - share));
    const rounds = loggedRounds({ rewards, propensities: even, targetProbabilities });
    return reportCard(rounds, random(1), { resamples: 50, ...found });
  };
  const [lean, carryOver] = [
    { lean: -1, standardError: 0.1 },
    { done: "it", change: -1, errors: 9 },
  ];
  assert.equal(of(0.6, {}).verdict, "ok");
  assert.match(of(0.6, { lean }).reasons[0], /pairs of steps say/);
  assert.match(of(0.6, { carryOver }).reasons[0], /what is done changes what comes/);
  assert.equal(of(0.5, { lean, carryOver }).verdict, "ok");
});

test("one user with half of the rounds is not ten thousand rounds; one reward may be all that was earned", () => {
  const size = 2000;
  const users = Int32Array.from({ length: size }, (_, i) => (i < size / 2 ? 0 : i));
  const even = new Float64Array(size).fill(0.5);
  const rewards = Float64Array.from(users, (_, i) => i % 2);
  const rounds = loggedRounds({ rewards, propensities: even, targetProbabilities: even });
  assert.equal(reportCard(rounds, random(1), { resamples: 50 }).verdict, "ok");
  const owned = reportCard({ ...rounds, users }, random(1), { resamples: 50 });
  assert.equal(owned.verdict, "unreliable");
  assert.match(owned.reasons[0], /the weight is that of 4.0 independent users/);
  const jackpot = reportCard(
    { ...rounds, rewards: rewards.map((reward, i) => (i === 0 ? 5000 : reward)) },
    random(1),
    { resamples: 50 },
  );
  assert.match(jackpot.reasons[0], /one round holds 83.3% of all weighed reward/);
});

test("the gain is the headline less what the log earned, from the same resamples", () => {
  const draw = random(8);
  const world = banditWorld(draw, { actions: 5, contexts: 50 });
  const [behaviour, target] = [world.policy(1, draw), world.policy(4, draw)];
  const rounds = banditRounds(world.collect(behaviour, 2000, draw), target, { actions: 5 });
  const { gain, logged, estimators } = reportCard(rounds, random(1), { resamples: 200 });
  assert.ok(Math.abs(gain.value - (estimators.snips.value - logged.value)) < 1e-12);
  assert.ok(
    gain.lower > 0 && gain.standardError < Math.hypot(estimators.snips.standardError, logged.standardError),
  );
  const same = reportCard({ ...rounds, targetProbabilities: rounds.propensities }, random(1), {
    resamples: 50,
  });
  assert.deepEqual([same.gain.value, same.gain.lower, same.gain.upper].map(Math.abs), [0, 0, 0]);
});

test("a log speaks against wrong propensities that leave the mean weight near 1, and not against right ones", () => {
  const draw = random(8);
  const shares = [0.5, 0.2, 0.15, 0.1, 0.05];
  const actions = Array.from({ length: 3000 }, () => drawFrom(Float64Array.from(shares), draw));
  const names = actions.map((action) => `a${action}`);
  const right = Float64Array.from(actions, (action) => shares[action]);
  assert.equal(propensityCheck(names, right), undefined);
  const constant = new Float64Array(3000).fill(0.2);
  const wrong = propensityCheck(names, constant)!;
  assert.equal(wrong.action, "a0");
  assert.ok(Math.abs(wrong.times - 2.5) < 0.15 && wrong.errors > 20);
  assert.equal(propensityCheck(names, shuffle(right.slice(), draw))!.action, "a0");
  // An action that could be done in half of the rounds only is no sign of anything.
  const rare = Float64Array.from(actions, (action) => (action === 1 ? 0.4 : shares[action]));
  assert.equal(propensityCheck(names, rare), undefined);
  const log = loggedRounds({
    rewards: Float64Array.from(actions, (action) => action % 2),
    ...{ propensities: constant, targetProbabilities: constant },
  });
  assert.equal(reportCard(log, random(1), { resamples: 50 }).verdict, "ok");
  const card = reportCard(log, random(1), { resamples: 50, actions: names });
  assert.equal(card.verdict, "unreliable");
  assert.match(card.reasons[0], /action "a0" was done 2\.\d+ times as often as its propensities say/);
});

/** Users who were each given one action at random and kept it, with all their rounds. */
function randomisedByUser(seed: number, { users = 400, each = 50 } = {}) {
  const shares = Float64Array.of(0.4, 0.3, 0.2, 0.1);
  const wanted = Float64Array.of(0.1, 0.2, 0.3, 0.4);
  const draw = random(seed);
  const actions = Int32Array.from({ length: users }, () => drawFrom(shares, draw));
  const owners = Int32Array.from({ length: users * each }, (_, i) => Math.floor(i / each));
  const of = (column: Float64Array): Float64Array =>
    Float64Array.from(owners, (user) => column[actions[user]]);
  return {
    names: Array.from(owners, (user) => `a${actions[user]}`),
    rounds: loggedRounds({
      rewards: Float64Array.from(owners, () => (draw.next() < 0.3 ? 1 : 0)),
      ...{ propensities: of(shares), targetProbabilities: of(wanted), users: owners },
    }),
  };
}

test("right propensities of a log that was randomised by user are not called wrong, and wrong ones are", () => {
  const judged = (seed: number, propensities?: Float64Array) => {
    const { rounds, names } = randomisedByUser(seed);
    const log = propensities ? { ...rounds, propensities } : rounds;
    return reportCard(log, random(1), { resamples: 2, actions: names, estimators: [snips] });
  };
  const cards = Array.from({ length: 60 }, (_, seed) => judged(seed));
  const accused = cards.filter(({ reasons }) => /propensities are wrong/.test(reasons.join())).length;
  assert.ok(accused <= 4, `${accused} of 60 accused`);
  const unreliable = cards.filter(({ verdict }) => verdict === "unreliable").length;
  assert.ok(unreliable <= 1, `${unreliable} of 60 unreliable`);
  const constant = judged(1, new Float64Array(20_000).fill(0.2));
  assert.match(constant.reasons.join(), /action "a0" was done [12]\.\d+ times as often/);
  assert.ok(constant.effectiveUsers! > 200 && constant.effectiveUsers! < 400);
});

test("errors of the mean weight over users, by hand; too few users tell nothing; gaps are nobody", () => {
  // Weights 2 and ½, ten users of each kind with one round, and ten with two of which one weighs nothing.
  const users = Int32Array.from({ length: 40 }, (_, i) => (i < 20 ? i : 20 + Math.floor((i - 20) / 2)) * 3);
  const weights = Float64Array.from({ length: 40 }, (_, i) => (i < 10 ? 2 : i < 20 ? 0.5 : i % 2));
  const { users: effective, largestShare, meanWeightErrors } = weightsByUser(weights, users);
  const mean = 35 / 40;
  const squares = 10 * ((2 - mean) ** 2 + (0.5 - mean) ** 2 + (1 - 2 * mean) ** 2);
  const error = Math.sqrt((squares * 30) / 29) / 40;
  assert.ok(Math.abs(meanWeightErrors - (1 - mean) / error) < 1e-9);
  assert.ok(Math.abs(effective - 35 ** 2 / (10 * (4 + 0.25 + 1))) < 1e-9);
  assert.ok(Math.abs(largestShare - 2 / 35) < 1e-12);
  const three = weightsByUser(Float64Array.of(3, 3, 3, 3), Int32Array.of(0, 1, 2, 2));
  assert.deepEqual([three.meanWeightErrors, three.largestShare], [0, 0.5]);
  assert.equal(weightsByUser(new Float64Array(2), Int32Array.of(0, 1)).largestShare, 0);
  // Too large to be squared.
  const large = weightsByUser(
    weights.map((weight) => weight * 1e300),
    users,
  );
  assert.ok(Math.abs(large.meanWeightErrors - mean / error) < 1e-9);
});
