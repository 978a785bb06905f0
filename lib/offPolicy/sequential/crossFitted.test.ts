import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { estimateOf } from "../../math/sumStatistic";
import { type TabularLog, tabularLog } from "../../worlds/tabularLog";
import { tabularValue } from "../../worlds/tabularWorld";
import { crossFitted } from "./crossFitted";
import { fittedQTabular } from "./fittedQTabular";
import { sdr } from "./sequentialDoublyRobust";
import { behaviour, chancy, judged, stepsOf, target } from "./smallTrajectories.fixture";
import { withModel } from "./trajectories";

test("cross-fitting: no trajectory is evaluated by what was learned from it", () => {
  const log = tabularLog(chancy, behaviour, { users: 12, random: random(8) });
  const fit = (some: TabularLog) => {
    const own = judged(some, target, 1);
    return crossFitted(
      own,
      (learnFrom) => fittedQTabular(own, stepsOf(some), { terminals: some.terminals, learnFrom }).model,
      { folds: 3, random: random(1) },
    );
  };
  const before = fit(log);
  for (const user of [0, 5, 11]) {
    const planted = log.rewards.map((reward, row) => (log.users[row] === user ? reward + 1000 : reward));
    const after = fit({ ...log, rewards: planted });
    const changed = new Set<number>();
    log.users.forEach((each, row) => {
      if (after.logged[row] !== before.logged[row] || after.expected[row] !== before.expected[row])
        changed.add(each);
    });
    assert.ok(!changed.has(user), `${user} sees itself`);
    assert.ok(changed.size >= 6, `${changed.size} see it`);
  }
  const own = judged(log, target, 1);
  for (const folds of [1, 13, 2.5])
    assert.throws(
      () => crossFitted(own, () => before, { folds, random: random(1) }),
      new RegExp(`from 2 to 12 folds, got ${folds}`),
    );
});

test("sdr with a cross-fitted model centres on the value over many small logs, and spreads less than the weights do", () => {
  const { value } = tabularValue(chancy, target, 0.5);
  const estimates = Array.from({ length: 300 }, (_, seed) => {
    const log = tabularLog(chancy, behaviour, { users: 40, random: random(seed) });
    const own = judged(log, target, 0.5);
    const model = crossFitted(
      own,
      (learnFrom) => fittedQTabular(own, stepsOf(log), { terminals: log.terminals, learnFrom }).model,
      { random: random(seed) },
    );
    return estimateOf(sdr.on(withModel(own, model)));
  });
  const mean = estimates.reduce((sum, each) => sum + each, 0) / 300;
  const deviation = Math.sqrt(estimates.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 299);
  assert.ok(Math.abs(mean - value) < (3 * deviation) / Math.sqrt(300), `${mean} ± ${deviation} for ${value}`);
});
