/**
 * Does off-policy evaluation see what is true? Many logs of a world that can be counted out, many policies with exact
 * values, and every estimator of `ope` on each, with its interval and its verdict.
 */

import { type Random, random } from "../../math/random";
import type { IntervalMethod, StatisticInterval } from "../../math/statisticIntervals";
import { playWorld } from "../../worlds/playWorld";
import { type SatiationConfig, satiation, satiationSettings, satiationTables } from "../../worlds/satiation";
import { knownPolicies, playedOut, type TablePolicy } from "../../worlds/tablePolicies";
import type { TabularLog } from "../../worlds/tabularLog";
import { loggedRounds } from "../bandit/loggedRounds";
import { crossFittedRewards } from "../bandit/rewardModel";
import { choiceColumns } from "../propensities/choiceColumns";
import { sequentialCard } from "../report/furtherCards";
import { reportCard } from "../report/reportCard";
import type { VerdictName } from "../report/verdict";
import { carryOverEffect } from "../sequential/carryOverEffect";
import { crossFitted } from "../sequential/crossFitted";
import { firstOrderLean } from "../sequential/firstOrderLean";
import { fittedQTabular } from "../sequential/fittedQTabular";
import { trajectories, withModel } from "../sequential/trajectories";

/** What one estimator said of one policy from one log. */
export interface OpeCase extends StatisticInterval {
  /** of all logs, from 0 */
  readonly log: number;
  /** ε of the log's policy */
  readonly behaviour: number;
  readonly policy: string;
  readonly estimator: string;
  /** one-step: the mean reward of a step; sequential: the discounted return of a reader */
  readonly kind: "one-step" | "sequential";
  /** Of this estimator. */
  readonly verdict: VerdictName;
  /** Of the weights of whole rounds or trajectories, whatever the estimator. */
  readonly weights: VerdictName;
  /** exact, in the same unit */
  readonly truth: number;
}

export interface OpeTrialOptions {
  /** Whether what is shown changes what comes; true by default. */
  readonly effects?: boolean;
  /** Further settings of the world. */
  readonly world?: Omit<Parameters<typeof satiation>[0] & object, "effects">;
  /** ε of the policies that log, greedy otherwise; .3, .5, .8 and 1 by default. */
  readonly behaviours?: readonly number[];
  /** Logs of each of them; 50 by default. */
  readonly logs?: number;
  /** Readers of a log; 500 by default. */
  readonly users?: number;
  /** Steps after which watching ends; 10 by default. */
  readonly steps?: number;
  /** .9 by default */
  readonly discount?: number;
  /** What is evaluated; `knownPolicies` by default. */
  readonly policies?: readonly TablePolicy[];
  /** Standard deviation of noise that is added to logged rewards; .3 by default. */
  readonly noise?: number;
  /** Of the intervals; Student's t, which needs no resamples, by default. */
  readonly method?: IntervalMethod;
  readonly resamples?: number;
  readonly seed: number;
}

/**
 * @returns every case; `opeTable` sums them up
 * @example showTable(opeTable(opeTrial({ effects: true, logs: 10, seed: 1 })))
 */
export function opeTrial({
  effects = true,
  world: changes = {},
  behaviours = [0.3, 0.5, 0.8, 1],
  logs = 50,
  users = 500,
  steps = 10,
  discount = 0.9,
  policies,
  noise = 0.3,
  method = "t",
  resamples,
  seed,
}: OpeTrialOptions): readonly OpeCase[] {
  const config = satiationSettings.parse({ ...changes, effects });
  const tables = satiationTables(config);
  const asked = different(policies ?? knownPolicies(tables, discount));
  const truths = asked.map((policy) => playedOut(tables, policy, { discount, steps }));
  const cases: OpeCase[] = [];
  const draw = random(seed);
  let count = 0;
  for (const epsilon of behaviours)
    for (let k = 0; k < logs; k++, count++) {
      const own = draw.fork(`ε ${epsilon}, log ${k}`);
      const log = stateLog(config, { epsilon, users, steps, noise, random: own.fork("log") });
      for (const [p, policy] of asked.entries()) {
        const found = judged(log, policy.probabilities, {
          ...{ actionCount: tables.actions, discount, method, resamples },
          random: own.fork(policy.name),
        });
        for (const { kind, verdict, estimators, verdicts } of found)
          for (const [estimator, interval] of Object.entries(estimators))
            cases.push({
              ...{ log: count, behaviour: epsilon, policy: policy.name, estimator, kind },
              ...{ verdict: verdicts[estimator].verdict, weights: verdict },
              ...interval,
              truth: kind === "one-step" ? truths[p].perStep : truths[p].value,
            });
      }
    }
  return cases;
}

/** Without what is the same policy under another name: nothing could tell which is better. */
function different(policies: readonly TablePolicy[]): readonly TablePolicy[] {
  const seen = new Set<string>();
  return policies.filter(({ probabilities }) => {
    const key = probabilities.join();
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** As `ope` evaluates a log with `user_id`, `step`, `terminal` and states, with tables in place of networks. */
function judged(
  log: TabularLog,
  policy: Float64Array,
  {
    actionCount,
    discount,
    random,
    ...intervals
  }: {
    readonly actionCount: number;
    readonly discount: number;
    readonly method: IntervalMethod;
    readonly resamples: number | undefined;
    readonly random: Random;
  },
) {
  const { users, steps, states, actions, rewards, propensities, terminals } = log;
  const targetProbabilities = Float64Array.from(states, (s, row) => policy[s * actionCount + actions[row]]);
  const columns = { users, rewards, propensities, targetProbabilities };
  const rounds = loggedRounds(columns);
  const model = crossFittedRewards(
    choiceColumns({ actions, actionCount, width: 0, contexts: new Float64Array(0), users }),
    rewards,
    {
      target: {
        ...{ size: rounds.size, actionCount },
        write(row, into) {
          into.set(policy.subarray(states[row] * actionCount, (states[row] + 1) * actionCount));
        },
      },
      random: random.fork("reward model"),
    },
  );
  const found = trajectories({ ...columns, steps, discount });
  const fitted = withModel(
    found,
    crossFitted(
      found,
      (learnFrom) =>
        fittedQTabular(found, { states, actions, policy, actionCount }, { terminals, learnFrom }).model,
      { random: random.fork("fitted Q") },
    ),
  );
  const done = carryOverEffect(
    found,
    Array.from(actions, (action) => `genre ${action}`),
  );
  const how = { ...intervals, carryOver: done, lean: firstOrderLean(found) };
  return [
    { kind: "one-step" as const, ...reportCard({ ...rounds, model }, random.fork("rounds"), how) },
    { kind: "sequential" as const, ...sequentialCard(fitted, random.fork("courses"), intervals) },
  ];
}

function stateLog(
  config: SatiationConfig,
  {
    epsilon,
    users,
    steps,
    noise,
    random,
  }: {
    readonly epsilon: number;
    readonly users: number;
    readonly steps: number;
    readonly noise: number;
    readonly random: Random;
  },
): TabularLog {
  const world = satiation(config);
  const environments = world.environments(users);
  const { genres, levels } = config;
  const scatter = random.fork("noise");
  const rows: number[][] = [[], [], [], [], [], [], []];
  const [whose, when, states, actions, rewards, propensities, terminals] = rows;
  playWorld(world.policy("epsilon-greedy", environments, { epsilon }), environments, random, {
    steps,
    watch({ step, observations, choice, result, live }) {
      for (let i = 0; i < users; i++) {
        if (live[i] === 0) continue;
        let state = 0;
        for (let g = 0; g < genres; g++) state = state * levels + observations[i * genres + g];
        whose.push(i);
        when.push(step);
        states.push(state);
        actions.push(choice.actions[i]);
        rewards.push(result.rewards[i] + noise * scatter.normal());
        propensities.push(choice.propensities[i]);
        terminals.push(result.terminated[i]);
      }
    },
  });
  return {
    users: Int32Array.from(whose),
    steps: Int32Array.from(when),
    states: Int32Array.from(states),
    actions: Int32Array.from(actions),
    rewards: Float64Array.from(rewards),
    propensities: Float64Array.from(propensities),
    terminals: Uint8Array.from(terminals),
  };
}
