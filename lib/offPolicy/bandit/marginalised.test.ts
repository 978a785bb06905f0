import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { random } from "../../math/random";
import { banditFixture } from "./banditRounds.fixture";
import { doublyRobust } from "./doublyRobust";
import { importanceWeights } from "./importanceWeights";
import { ips } from "./inversePropensity";
import { type LoggedRounds, loggedRounds } from "./loggedRounds";
import {
  clusterProbabilities,
  marginalisedIps,
  marginalisedRounds,
  selfNormalisedMips,
} from "./marginalised";

const near = (got: number, wanted: number, what = "") =>
  assert.ok(Math.abs(got - wanted) < 1e-12, `${what} ${got} is not ${wanted}`);

/** Two contexts and four actions in two clusters, every logged (context, action) once with its exact chance. */
const clusterOf = Int32Array.of(0, 1, 0, 1);
// The log never takes action 2 in context 0, nor action 3 anywhere; each cluster is taken in both.
const behaviour = [Float64Array.of(0.3, 0.7, 0, 0), Float64Array.of(0.2, 0.5, 0.3, 0)];
const target = [Float64Array.of(0.1, 0.2, 0.3, 0.4), Float64Array.of(0.4, 0.3, 0.2, 0.1)];

interface World {
  /** [context][action] */
  readonly behaviour: readonly Float64Array[];
  readonly target: readonly Float64Array[];
  readonly clusterOf: Int32Array;
  readonly rewards: readonly Float64Array[];
  readonly model?: readonly Float64Array[];
}

function enumerated({ behaviour, target, clusterOf, rewards, model }: World) {
  const rows = behaviour
    .flatMap((chances, context) => [...chances].map((chance, action) => ({ context, action, chance })))
    .filter(({ chance }) => chance > 0);
  const column = (table: readonly Float64Array[]) =>
    Float64Array.from(rows, ({ context, action }) => table[context][action]);
  const tableOf = (table: readonly Float64Array[]) =>
    clusterProbabilities(
      Float64Array.from(rows.flatMap(({ context }) => [...table[context]])),
      clusterOf,
      Int32Array.from(rows, (row) => row.action),
    );
  const rounds = loggedRounds({
    ...{ rewards: column(rewards), propensities: column(behaviour), targetProbabilities: column(target) },
    ...(model && {
      model: {
        logged: column(model),
        expected: Float64Array.from(rows, ({ context }) =>
          target[context].reduce((sum, share, action) => sum + share * model[context][action], 0),
        ),
      },
    }),
  });
  const clustered = marginalisedRounds(rounds, {
    target: tableOf(target),
    logged: tableOf(behaviour),
  });
  const limit = (estimator: typeof ips, on: LoggedRounds): number => {
    const { terms, of } = estimator.on(on, importanceWeights(on));
    const mean = (term: Float64Array) =>
      rows.reduce((sum, { chance }, i) => sum + (chance / behaviour.length) * term[i], 0);
    return of(Float64Array.from(terms, mean), 1);
  };
  const truth =
    target.reduce(
      (sum, shares, context) =>
        sum + shares.reduce((inner, share, action) => inner + share * rewards[context][action], 0),
      0,
    ) / target.length;
  return { rounds, clustered, limit, truth };
}

const ofClusters = (draw: ReturnType<typeof random>, clusters = clusterOf): Float64Array[] =>
  [0, 1].map(() => {
    const values = [draw.next(), draw.next(), draw.next(), draw.next()];
    return Float64Array.from(clusters, (cluster) => values[cluster]);
  });

test("exact where the reward depends on the cluster alone, even of actions the log never takes; IPS is not", () => {
  const { rounds, clustered, limit, truth } = enumerated({
    ...{ behaviour, target, clusterOf },
    rewards: ofClusters(random(1)),
  });
  near(limit(marginalisedIps, clustered), truth, "mips");
  near(limit(selfNormalisedMips, clustered), truth, "snmips");
  assert.ok(limit(ips, rounds) < truth - 0.1, "IPS lacks what the log never takes");
  assert.equal(clustered.provenance, "known");
  assert.equal(marginalisedIps.name, "mips");
});

test("off by how differently the policies choose within clusters, where the reward depends on more", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
      const draw = random(seed);
      const rewards = [0, 1].map(() => Float64Array.from({ length: 4 }, () => draw.next()));
      const { clustered, limit, truth } = enumerated({ behaviour, target, clusterOf, rewards });
      let bias = 0;
      for (let context = 0; context < 2; context++)
        for (const cluster of [0, 1]) {
          const of = (table: Float64Array) =>
            table.reduce((sum, share, action) => (clusterOf[action] === cluster ? sum + share : sum), 0);
          const [shown, wanted] = [of(behaviour[context]), of(target[context])];
          clusterOf.forEach((own, action) => {
            if (own !== cluster) return;
            const within = behaviour[context][action] / shown - target[context][action] / wanted;
            bias += (wanted * within * rewards[context][action]) / 2;
          });
        }
      near(limit(marginalisedIps, clustered) - truth, bias, "bias");
    }),
    { numRuns: 30 },
  );
  // The log's favourite of a cluster is the better one: too much is promised.
  const rewards = [0, 1].map(() => Float64Array.of(1, 1, 0, 0));
  const { clustered, limit, truth } = enumerated({ behaviour, target, clusterOf, rewards });
  assert.ok(limit(marginalisedIps, clustered) > truth + 0.2);
});

test("DR on clusters is exact where the model misses the same for all actions of a cluster", () => {
  const draw = random(3);
  const rewards = [0, 1].map(() => Float64Array.from({ length: 4 }, () => draw.next()));
  const missed = ofClusters(draw);
  const model = rewards.map((row, context) => row.map((value, action) => value - missed[context][action]));
  const { rounds, clustered, limit, truth } = enumerated({ behaviour, target, clusterOf, rewards, model });
  near(limit(doublyRobust, clustered), truth);
  assert.ok(Math.abs(limit(doublyRobust, rounds) - truth) > 0.05);
});

test("with each action its own cluster it is IPS to the last bit; with all in one it is the mean reward", () => {
  const { rounds } = banditFixture("poor_overlap");
  const own = marginalisedRounds(rounds, {
    target: rounds.targetProbabilities,
    logged: rounds.propensities,
  });
  const weights = importanceWeights(rounds);
  assert.deepEqual(marginalisedIps.on(own, importanceWeights(own)).terms, ips.on(rounds, weights).terms);
  const table = Float64Array.of(0.5, 0.2, 0.3, 0.1, 0.2, 0.7);
  assert.deepEqual([...clusterProbabilities(table, Int32Array.of(0, 1, 2), Int32Array.of(2, 0))], [0.3, 0.1]);
  const ones = new Float64Array(rounds.size).fill(1);
  const all = marginalisedRounds(rounds, { clusters: new Int32Array(rounds.size), target: ones });
  assert.deepEqual([...marginalisedIps.on(all, importanceWeights(all)).terms[0]], [...rounds.rewards]);
});

test("without the log's cluster probabilities they are shares of the log, and the log counts as estimated", () => {
  const rounds = loggedRounds({
    rewards: Float64Array.of(1, 2, 4, 8),
    propensities: Float64Array.of(0.1, 0.2, 0.3, 0.4),
    targetProbabilities: Float64Array.of(0.5, 0.5, 0.5, 0.5),
    unsupported: new Float64Array(4),
    users: Int32Array.of(0, 0, 1, 1),
  });
  const clusters = Int32Array.of(2, 0, 2, 2);
  const clustered = marginalisedRounds(rounds, { clusters, target: Float64Array.of(0.6, 0.4, 0.6, 0.6) });
  assert.deepEqual([...clustered.propensities], [0.75, 0.25, 0.75, 0.75]);
  assert.equal(clustered.provenance, "estimated");
  assert.equal(clustered.unsupported, undefined);
  assert.equal(clustered.users, rounds.users);
  const { terms } = marginalisedIps.on(clustered, importanceWeights(clustered));
  near(
    terms[0].reduce((sum, each) => sum + each, 0),
    0.8 * 1 + 1.6 * 2 + 0.8 * 12,
  );
});

test("columns that do not fit are refused by name", () => {
  const { rounds } = banditFixture("ratings");
  const clusters = new Int32Array(rounds.size);
  const short = Float64Array.of(1);
  assert.throws(
    () => marginalisedRounds(rounds, { clusters, target: short }),
    /requires target of \d+ rounds, got 1/,
  );
  assert.throws(
    () => marginalisedRounds(rounds, { target: rounds.targetProbabilities, logged: short }),
    /requires logged of \d+ rounds, got 1/,
  );
  assert.throws(
    () => marginalisedRounds(rounds, { clusters: clusters.fill(-1), target: rounds.targetProbabilities }),
    /clusters from 0, got -1/,
  );
  assert.throws(
    () => clusterProbabilities(short, Int32Array.of(0, 1), Int32Array.of(0)),
    /1 × 2 probabilities, got 1/,
  );
});
