import assert from "node:assert/strict";
import { test } from "node:test";
import { deviationOf } from "../../math/deviation";
import { random } from "../../math/random";
import { tQuantile } from "../../math/studentT";
import type { LogColumns } from "../files/readLog";
import { armsOf } from "./arms";
import { armsText } from "./reportText";

interface Row {
  readonly policy: string;
  readonly user: string;
  readonly slate: string;
  readonly reward: number;
}
const logOf = (rows: readonly Row[]): LogColumns => ({
  file: "log.csv",
  rounds: rows.map((_, row) => `${row}`),
  actions: rows.map(() => "x"),
  rewards: Float64Array.from(rows, ({ reward }) => reward),
  users: rows.map(({ user }) => user),
  slates: rows.map(({ slate }) => slate),
  policies: rows.map(({ policy }) => policy),
});
const near = (got: number, wanted: number, within = 1e-9): void =>
  assert.ok(Math.abs(got - wanted) <= within, `${got} is not ${wanted}`);

test("a slate's reward is the sum of its places; means by arm, intervals by reader, counted by hand", () => {
  const rows: Row[] = [];
  const means: Record<string, number[]> = { a: [1, 3, 2, 6], b: [4, 4, 7] };
  // Two slates of two places for every reader: with as many slates each, the ratio is a mean over readers.
  for (const [policy, ofReaders] of Object.entries(means))
    for (const [reader, mean] of ofReaders.entries())
      for (const [at, share] of [0.5, 1.5, 0.25, -0.25].entries())
        rows.push({
          ...{ policy, user: `${policy}${reader}`, slate: `${policy}${reader}-${at >> 1}` },
          reward: mean * share,
        });
  const { arms, differences, shared } = armsOf(logOf(rows))!;
  assert.deepEqual(
    arms.map(({ policy, slates, readers }) => [policy, slates, readers]),
    [
      ["a", 8, 4],
      ["b", 6, 3],
    ],
  );
  assert.equal(shared, 0);
  const errors = [means.a, means.b].map((of) => deviationOf(Float64Array.from(of)) / Math.sqrt(of.length));
  near(arms[0].value, 3);
  near(arms[1].value, 5);
  near(arms[0].standardError, errors[0], 1e-6);
  near(arms[1].upper, 5 + tQuantile(0.975, 2) * errors[1], 1e-5);
  const variance = errors[0] ** 2 + errors[1] ** 2;
  const degrees = variance ** 2 / (errors[0] ** 4 / 3 + errors[1] ** 4 / 2);
  const [difference] = differences;
  assert.deepEqual([difference.policy, difference.than], ["b", "a"]);
  near(difference.value, 2);
  near(difference.lower, 2 - tQuantile(0.975, degrees) * Math.sqrt(variance), 1e-5);
  assert.match(
    armsText({ arms, differences, shared }),
    /b less a: \+2\.000 .*: no difference shown; up to \+5\.\d+ is left open/,
  );
});

test("readers are the units: a hundred slates of one reader are one reader", () => {
  const draw = random(1);
  const rows = ["a", "b"].flatMap((policy) =>
    Array.from({ length: 30 }, (_, reader) => {
      const taste = draw.normal();
      return Array.from({ length: 50 }, (_, slate) => ({
        ...{ policy, user: `${policy}${reader}`, slate: `${policy}${reader}-${slate}` },
        reward: taste + 0.01 * draw.normal(),
      }));
    }).flat(),
  );
  const { arms, differences } = armsOf(logOf(rows))!;
  for (const { standardError } of arms)
    assert.ok(standardError > 0.12 && standardError < 0.26, `${standardError}`);
  assert.ok(differences[0].lower < 0 && differences[0].upper > 0);
});

test("the interval of the difference holds the true one in 95 of a hundred", () => {
  const draw = random(2);
  let held = 0;
  const times = 400;
  for (let trial = 0; trial < times; trial++) {
    const rows = (["a", "b"] as const).flatMap((policy) =>
      Array.from({ length: policy === "a" ? 40 : 12 }, (_, reader) =>
        Array.from({ length: 1 + draw.integer(4) }, (_, slate) => ({
          ...{ policy, user: `${policy}${reader}`, slate: `${policy}${reader}-${slate}` },
          reward: (policy === "b" ? 0.5 : 0) + draw.normal() * (policy === "b" ? 2 : 1),
        })),
      ).flat(),
    );
    const [{ lower, upper, than }] = armsOf(logOf(rows))!.differences;
    const wanted = than === "a" ? 0.5 : -0.5;
    if (lower <= wanted && wanted <= upper) held++;
  }
  assert.ok(held / times > 0.92 && held / times < 0.98, `${held / times}`);
});

test("one arm has no difference; one reader no interval; readers of both arms are told of; no policies, no arms", () => {
  const one = (policy: string, user: string, slate: string, reward = 1): Row => ({
    policy,
    user,
    slate,
    reward,
  });
  const single = armsOf(logOf([one("a", "u", "s"), one("a", "v", "t", 0)]))!;
  assert.deepEqual([single.arms.length, single.differences.length], [1, 0]);
  const both = armsOf(logOf([one("a", "u", "s"), one("b", "u", "t"), one("b", "v", "r", 0)]))!;
  assert.equal(both.shared, 1);
  assert.deepEqual(
    both.arms.map(({ policy }) => policy),
    ["b", "a"],
  );
  assert.ok(Number.isNaN(both.differences[0].lower));
  assert.match(armsText(both), /1 readers were served by several arms/);
  const { policies: _, ...unnamed } = logOf([one("a", "u", "s")]);
  assert.equal(armsOf(unnamed), undefined);
});
