import { meanOf } from "../math/mean";
import { type Random, random } from "../math/random";
import { learnOnline, type OnlineOptions, type OnlineRound } from "./online";
import type { OnlineLearner } from "./onlineLearner";
import { constant } from "./onlineSchedules";
import { type OverSeeds, overSeeds } from "./overSeeds";
import type { World } from "./world";

/** One agent's row. Means over seeds. */
export interface SideBySideRow {
  readonly name: string;
  /** Regret a reader, mean over all rounds: what was missing while it learned. */
  readonly regret: OverSeeds;
  /** The same over the last quarter of the rounds: what is still missing. */
  readonly lateRegret: OverSeeds;
  /** How much more late regret than the first agent has, on the same readers; below 0: less. */
  readonly lateDifference: OverSeeds;
  /** Exact value of what it holds for best at the end, at the discount; where the world can be counted out. */
  readonly learned?: OverSeeds;
  /** Of the last quarter of the rounds. */
  readonly late: {
    readonly value: number;
    readonly engagementRate: number;
    readonly explorationRate: number;
    readonly diversity: number;
  };
}

/** Several agents that learned in one world. */
export interface SideBySide {
  readonly rows: readonly SideBySideRow[];
  /** By name, [seeds][rounds]. */
  readonly runs: Readonly<Record<string, readonly (readonly OnlineRound[])[]>>;
}

export interface SideBySideOptions extends Omit<OnlineOptions, "onRound"> {
  /** 1 to 5 by default. */
  readonly seeds?: readonly number[];
  /** Told after each run. */
  readonly progress?: (done: number, all: number) => void;
}

/**
 * Agents that learn in one world, each on readers of its own, who are dealt from the same seeds: an A/B test in which
 * both arms get the same people. Beside them chance, as `random`. Differences are taken seed by seed.
 *
 * @param agents by name: what makes each of them anew for a seed; it is disposed of afterwards
 * @throws when there is no agent or no seed.
 * @example sideBySide(satiation(), { q: () => onlineQLearning({ choices: 3, width: 3, discount: 0.9 }) }, { discount: 0.9 }).rows
 */
export function sideBySide(
  world: World,
  agents: Readonly<Record<string, (random: Random) => OnlineLearner>>,
  options: SideBySideOptions = {},
): SideBySide {
  const { seeds = [1, 2, 3, 4, 5], progress, ...online } = options;
  const names = Object.keys(agents);
  if (names.length === 0 || seeds.length === 0)
    throw new Error(`sideBySide requires agents and seeds, got ${names.length} and ${seeds.length}`);
  const all: typeof agents = {
    ...agents,
    ...("random" in agents ? {} : { random: () => chanceLearner(world) }),
  };
  const runs: Record<string, OnlineRound[][]> = {};
  const learned: Record<string, number[]> = {};
  let done = 0;
  for (const [name, make] of Object.entries(all)) {
    learned[name] = [];
    runs[name] = seeds.map((seed) => {
      const draw = random(seed);
      const learner = make(draw.fork(name));
      try {
        const rounds = learnOnline(learner, world, draw.fork("readers"), online);
        if (world.value) learned[name].push(world.value(learner.learned, online.discount ?? 1));
        return rounds;
      } finally {
        learner.dispose?.();
        progress?.(++done, Object.keys(all).length * seeds.length);
      }
    });
  }
  const rows = Object.keys(all).map((name) => ({
    ...rowOf(name, runs[name], runs[names[0]]),
    ...(learned[name].length > 0 && { learned: overSeeds(learned[name]) }),
  }));
  return { runs, rows };
}

/**
 * Regret so far by reader served, with its interval over seeds: lines for a figure.
 *
 * @example plot({ marks: [lines(regretCurves(found))], x: "readers served", y: "regret so far", ... })
 */
export function regretCurves({ runs }: Pick<SideBySide, "runs">) {
  return Object.entries(runs).map(([name, seeds]) => {
    const [x, over]: [number[], OverSeeds[]] = [[], []];
    const sums = seeds.map(() => 0);
    let served = 0;
    for (const [round, { returns }] of seeds[0].entries()) {
      served += returns.length;
      for (const [s, rounds] of seeds.entries()) sums[s] += rounds[round].regret * returns.length;
      x.push(served);
      over.push(overSeeds(sums));
    }
    const at = (of: keyof OverSeeds): number[] => over.map((each) => each[of]);
    return { name, x, y: at("mean"), lower: at("lower"), upper: at("upper") };
  });
}

function rowOf(name: string, runs: readonly OnlineRound[][], first: readonly OnlineRound[][]): SideBySideRow {
  const late = (of: (round: OnlineRound) => number, rounds: readonly OnlineRound[]): number =>
    meanOf(rounds.slice(-Math.max(1, Math.floor(rounds.length / 4))).map(of));
  const mean = (of: (round: OnlineRound) => number): number => meanOf(runs.map((run) => late(of, run)));
  const missing = runs.map((run) => late(({ regret }) => regret, run));
  return {
    name,
    regret: overSeeds(runs.map((run) => meanOf(run.map(({ regret }) => regret)))),
    lateRegret: overSeeds(missing),
    lateDifference: overSeeds(missing.map((each, s) => each - late(({ regret }) => regret, first[s]))),
    late: {
      value: mean((round) => round.mean),
      engagementRate: mean(({ metrics }) => metrics.engagementRate),
      explorationRate: mean(({ metrics }) => metrics.explorationRate ?? 0),
      diversity: mean(({ diversity }) => diversity),
    },
  };
}

/** All choices by chance: what every learner is at ε = 1. */
export function chanceLearner(world: World): OnlineLearner {
  const environments = world.environments(1);
  const policy = world.policy("random", environments);
  return { name: "random", epsilon: constant(1), policy: () => policy, learned: policy, learn() {} };
}
