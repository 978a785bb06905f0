import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { tQuantile } from "../../math/studentT";
import { estimateOf } from "../../math/sumStatistic";
import { diagnosticsOf } from "../report/diagnostics";
import { directMethod, doublyRobust, optimisticShrinkage, selfNormalisedDr, switchDr } from "./doublyRobust";
import type { Estimator } from "./estimator";
import { candidatesOf, clippedFamily, optimisticShrinkageFamily, switchDrFamily } from "./estimatorFamilies";
import { importanceWeights } from "./importanceWeights";
import { ips, snips } from "./inversePropensity";
import { type LoggedRounds, loggedRounds } from "./loggedRounds";
import { slope } from "./slope";

/** One λ of a grid: "inf" stands for no shrinkage. */
interface GridPoint {
  readonly lambda_: number | "inf";
  readonly value: number;
  readonly half_width: number;
  readonly in_tuning_grid: boolean;
}

interface Expected {
  readonly n: number;
  readonly estimates: Readonly<Record<string, number>>;
  readonly lambda_chosen: Readonly<Record<string, number>>;
  readonly hyperparameter_grid: Readonly<Record<string, readonly GridPoint[]>>;
  readonly clipped: readonly { readonly lambda_: number; readonly ipw: number; readonly dr: number }[];
  readonly std_error: Readonly<Record<string, number>>;
  readonly importance_weights: { readonly mean: number; readonly max: number; readonly ess: number };
  readonly mean_logged_reward: number;
}

const actions = 10;

function digitsRun(name: string): { readonly rounds: LoggedRounds; readonly expected: Expected } {
  const at = (ending: string): string => join(__dirname, "..", "fixtures", "digits", `${name}.${ending}`);
  const rows = gunzipSync(readFileSync(at("csv.gz")))
    .toString()
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number));
  const column = (value: (row: readonly number[]) => number): Float64Array => Float64Array.from(rows, value);
  const share = (row: readonly number[], action: number): number =>
    row[3] === action ? 0.91 : 0.009999999999999998;
  return {
    rounds: loggedRounds({
      rewards: column((row) => row[1]),
      propensities: column((row) => row[2]),
      targetProbabilities: column((row) => share(row, row[0])),
      model: {
        logged: column((row) => row[4 + row[0]]),
        expected: column((row) => {
          let sum = 0;
          for (let action = 0; action < actions; action++) sum += share(row, action) * row[4 + action];
          return sum;
        }),
      },
    }),
    expected: JSON.parse(readFileSync(at("json"), "utf8")),
  };
}

function assertNear(got: number, wanted: number, what: string): void {
  assert.ok(Math.abs(got - wanted) < 1e-9, `${what}: ${got} is not ${wanted}`);
}

for (const run of ["run_00", "run_01"])
  test(`all that Open Bandit Pipeline says of ${run} of its digits example comes out to 1e-9`, () => {
    const { rounds, expected } = digitsRun(run);
    const { estimates, hyperparameter_grid: grids, lambda_chosen: chosen } = expected;
    assert.equal(rounds.size, expected.n);
    const value = (estimator: Estimator, clip?: number): number =>
      estimateOf(estimator.on(rounds, importanceWeights(rounds, clip)));
    const plain = { dm: directMethod, ipw: ips, snipw: snips, dr: doublyRobust, sndr: selfNormalisedDr };
    for (const [name, estimator] of Object.entries(plain))
      assertNear(value(estimator), estimates[name], name);
    for (const { lambda_: clip, ipw, dr } of expected.clipped) {
      assertNear(value(ips, clip), ipw, `ipw clipped at ${clip}`);
      assertNear(value(doublyRobust, clip), dr, `dr clipped at ${clip}`);
    }
    const { effectiveSampleSize, maxWeight, meanWeight } = diagnosticsOf(rounds, importanceWeights(rounds));
    assertNear(effectiveSampleSize, expected.importance_weights.ess, "n_e");
    assertNear(maxWeight, expected.importance_weights.max, "largest weight");
    assertNear(meanWeight, expected.importance_weights.mean, "mean weight");
    assertNear(rounds.rewards.reduce((sum, r) => sum + r, 0) / rounds.size, expected.mean_logged_reward, "r̄");

    // Their half-widths are one-sided: t of 1 − δ times the standard error, δ = .1.
    const reach = tQuantile(0.9, rounds.size - 1);
    const plainIps = candidatesOf(clippedFamily(ips, [Number.POSITIVE_INFINITY]), rounds)[0];
    assertNear(plainIps.standardError, expected.std_error.ipw, "standard error of ipw");
    const families = {
      "switch-dr": { at: switchDr, family: switchDrFamily },
      "dr-os": { at: optimisticShrinkage, family: optimisticShrinkageFamily },
    };
    for (const [name, { at, family }] of Object.entries(families)) {
      const grid = grids[name].map((point) => ({
        ...point,
        lambda: point.lambda_ === "inf" ? Number.POSITIVE_INFINITY : point.lambda_,
      }));
      const measured = (point: (typeof grid)[number]) => candidatesOf(family([point.lambda]), rounds)[0];
      for (const point of grid) {
        assertNear(value(at(point.lambda)), point.value, `${name} at ${point.lambda}`);
        assertNear(reach * measured(point).standardError, point.half_width, `${name}'s half-width`);
      }
      const tuned = grid.filter((point) => point.in_tuning_grid).map(({ lambda }) => lambda);
      const found = slope(candidatesOf(family(tuned.sort((a, b) => b - a)), rounds), { errors: reach });
      assert.equal(found.setting, chosen[name], `the λ of ${name}`);
      assertNear(found.value, estimates[name], name);
    }
  });
