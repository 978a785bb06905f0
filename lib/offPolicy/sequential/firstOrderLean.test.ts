import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { firstOrderLean } from "./firstOrderLean";
import { trajectories } from "./trajectories";

const near = (got: number, wanted: number, within = 1e-12): void =>
  assert.ok(Math.abs(got - wanted) <= within, `${got} is not ${wanted}`);

test("by hand: two users of two steps, one of whom leaves after the first", () => {
  // Weights 2, ½ | 1.5, rewards 1, 0 | 2: μ = (2 + 3) / 4 = 1.25 and w (r − μ) = −.5, −.625 | 1.125.
  const even = Float64Array.of(0.5, 0.5, 0.5);
  const found = firstOrderLean(
    trajectories({
      users: Int32Array.of(0, 0, 1),
      steps: Int32Array.of(0, 1, 0),
      ...{ rewards: Float64Array.of(1, 0, 2), propensities: even, discount: 0.5 },
      targetProbabilities: Float64Array.of(1, 0.25, 0.75),
    }),
  )!;
  // Of the second step the mean over both users is −.3125: 1 · (−.625 + .3125) and .5 · (0 + .3125), over three steps.
  near(found.lean, (-0.3125 + 0.15625) / 3);
  near(found.standardError, (Math.abs(-0.3125 - 0.15625) / Math.SQRT2 / Math.SQRT2) * (2 / 3));
});

test("one step each, one user, or a target that would do nothing of it: nothing can be said", () => {
  const of = (users: number[], steps: number[], target = 0.5) => {
    const even = new Float64Array(users.length).fill(0.5);
    return firstOrderLean(
      trajectories({
        ...{
          users: Int32Array.from(users),
          steps: Int32Array.from(steps),
          rewards: even,
          propensities: even,
        },
        ...{ targetProbabilities: even.map(() => target), discount: 1 },
      }),
    );
  };
  assert.equal(of([0, 1], [0, 0]), undefined);
  assert.equal(of([0, 0], [0, 1]), undefined);
  assert.equal(of([0, 0, 1], [0, 1, 0], 0), undefined);
  assert.equal(of([0, 0, 1], [0, 1, 0])?.lean, 0); // the log's own policy
});

/** Users of three steps who do 0 or 1 evenly; a step earns its action, less `tire` for each 1 before it, and noise. */
function lean({
  tire,
  target,
  seed,
  users = 400,
}: {
  tire: number;
  target: number;
  seed: number;
  users?: number;
}) {
  const draw = random(seed);
  const rows = Array.from({ length: users * 3 }, (_, row) => row);
  const actions = rows.map(() => draw.integer(2));
  const before = (row: number): number => {
    let ones = 0;
    for (let at = row - (row % 3); at < row; at++) ones += actions[at];
    return ones;
  };
  return firstOrderLean(
    trajectories({
      users: Int32Array.from(rows, (row) => Math.floor(row / 3)),
      steps: Int32Array.from(rows, (row) => row % 3),
      rewards: Float64Array.from(rows, (row) => actions[row] - tire * before(row) + 0.5 * draw.normal()),
      propensities: new Float64Array(rows.length).fill(0.5),
      targetProbabilities: Float64Array.from(rows, (row) => (actions[row] === 1 ? target : 1 - target)),
      discount: 0.9,
    }),
  )!;
}

test("over many logs: 0 where nothing tires, and where it adds up over steps the whole lean; errors as large as told", () => {
  for (const tire of [0, 0.3])
    for (const target of [0.9, 0.2]) {
      // Per step the target has (0 + 1 + 2) / 3 steps before, each a 1 more often by target − ½ than in the log.
      const wanted = -tire * (target - 0.5);
      const found = Array.from({ length: 150 }, (_, k) => lean({ tire, target, seed: 1000 + k }));
      const mean = found.reduce((sum, each) => sum + each.lean, 0) / found.length;
      const spread = Math.sqrt(found.reduce((sum, each) => sum + (each.lean - mean) ** 2, 0) / found.length);
      near(mean, wanted, (3.5 * spread) / Math.sqrt(found.length));
      if (tire > 0) assert.ok(Math.abs(wanted) > 0.08 && spread < 0.06, `${wanted} ± ${spread}`);
      const told = found.reduce((sum, each) => sum + each.standardError, 0) / found.length;
      assert.ok(told / spread > 0.85 && told / spread < 1.15, `${told} for ${spread}`);
    }
});
