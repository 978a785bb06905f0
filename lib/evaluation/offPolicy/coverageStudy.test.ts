import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { banditWorld } from "../../worlds/banditWorld";
import { coverageStudy } from "./coverageStudy";

test("over 200 logs near the target, values centre on the truth and intervals hold it as often as they say", () => {
  const world = banditWorld(random(1), { actions: 10, contexts: 100 });
  const study = coverageStudy(world, {
    ...{ behaviour: world.policy(2, random(2)), target: world.policy(4, random(3)), rounds: 400, runs: 200 },
    ...{ random: random(4), resamples: 100, methods: ["percentile", "t", "bernstein", "hoeffding"] },
    model: () => world.meanRewards,
  });
  assert.equal(study.truth, world.valueOf(world.policy(4, random(3))));
  const row = (name: string) => study.rows.find(({ estimator }) => estimator === name)!;
  const held = (name: string, method: string) => row(name).intervals.find((each) => each.method === method)!;
  for (const name of ["ips", "snips", "dr", "sndr"]) {
    assert.ok(Math.abs(row(name).bias) < (3 * row(name).spread) / Math.sqrt(200), name);
    for (const method of ["percentile", "t"]) {
      const { held: count } = held(name, method);
      assert.ok(count >= 176 && count <= 199, `${name} ${method} ${count}`);
    }
  }
  // With the true means as its model, DR is sharper than IPS, and the direct method never wrong by weights.
  assert.ok(row("dr").error < 0.8 * row("ips").error);
  for (const method of ["bernstein", "hoeffding"]) {
    assert.equal(held("ips", method).held, 200);
    assert.ok(held("ips", method).width > held("ips", "percentile").width);
  }
  assert.ok(held("ips", "bernstein").width < held("ips", "hoeffding").width);
  assert.equal(row("snips").intervals.length, 2);
  assert.equal(study.verdicts.ok + study.verdicts.weak + study.verdicts.unreliable, 200);
});

test("where users differ, resampling rows instead of users promises too much", () => {
  const world = banditWorld(random(1), { actions: 5, contexts: 50, reward: "normal", userSpread: 0.7 });
  const [behaviour, target] = [world.policy(1, random(2)), world.policy(2, random(3))];
  const held = (byUser: boolean): number =>
    coverageStudy(world, {
      ...{ behaviour, target, rounds: 400, runs: 100, roundsPerUser: 10, byUser },
      ...{ random: random(4), resamples: 100, methods: ["percentile"] },
    }).rows[0]!.intervals[0]!.held;
  assert.ok(held(true) >= 87, `by user ${held(true)}`);
  assert.ok(held(false) <= 80, `by row ${held(false)}`);
});
