/**
 * When does reinforcement learning help? Agents learn from logs of worlds whose truth is known, under one setting and
 * others that depart from it in one thing each, and every policy is judged by what it truly earns.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fingerprint } from "../data/fingerprint";
import { writeJsonAtomically } from "../data/writeAtomically";
import { type Interval, intervalOverSeeds, pairedIntervalOverSeeds } from "../math/bootstrap";
import { holm } from "../math/holm";
import { random } from "../math/random";
import type { WorldSetting, WorldStudyConfig } from "../settings/worldStudy";
import { trueValue } from "../worlds/trueValue";
import type { World } from "../worlds/world";
import { worldNamed } from "../worlds/worlds";
import { worldTrial } from "../worlds/worldTrial";
import type { ExecuteOptions } from "./execute";
import type { StudyCell } from "./workers";

/** Raise it when what an agent earns here changes. */
const version = 1;

/** The agent that every other one is compared with: it learns what the moment earns, from the same log. */
export const oneStep = "greedy-reward";

/** Agents that the discount says nothing to. */
const withoutDiscount = [oneStep, "behaviour-cloning"];

/** What is known of one world under one setting without learning. */
export interface KnownValues {
  readonly optimal: number | null;
  readonly greedy: number;
  readonly random: number;
  /** of who made the log */
  readonly behaviour: number;
}

/** What one agent earns in one world under one setting. */
export interface WorldStudyValue {
  readonly agent: string;
  /** over seeds, Student's t; with one seed nothing is known of its spread */
  readonly value: Interval & { readonly bySeed: readonly number[] };
  /** Paired by seed, that is by log: from the agent that learns what the moment earns. */
  readonly fromOneStep?: Interval;
  /** Holm-corrected p of it over all of the table. */
  readonly adjusted?: number;
  /** (value − greedy) / (optimal − greedy), where looking ahead can help. */
  readonly share?: number;
}

/** A world under a setting: a column of the map. */
export interface WorldStudyColumn {
  readonly world: string;
  readonly setting: WorldSetting;
  readonly known: KnownValues;
  /** As many as agents. */
  readonly values: readonly WorldStudyValue[];
}

export interface WorldStudyTable {
  readonly format: 1;
  readonly name: string;
  readonly judgedAt: number;
  readonly updates: number;
  readonly seeds: readonly number[];
  readonly agents: readonly string[];
  readonly columns: readonly WorldStudyColumn[];
}

export interface WorldStudyRequest extends ExecuteOptions {
  readonly study: WorldStudyConfig;
  /** Where what was found is kept; what lies there is not done again. */
  readonly folder: string;
}

interface Trial extends StudyCell {
  readonly agent: string;
  readonly world: WorldStudyConfig["worlds"][number];
  readonly setting: WorldSetting;
  readonly file: string;
}

/** Tries what has not been tried, and puts the table together. */
export async function runWorldStudy(request: WorldStudyRequest): Promise<WorldStudyTable> {
  const { study, elsewhere, onProgress } = request;
  const trials = trialsOf(request);
  const all = [...new Map(trials.map((trial) => [trial.file, trial])).values()];
  const missing: Trial[] = [];
  for (const trial of all) if ((await valueIn(trial)) === undefined) missing.push(trial);
  if (elsewhere !== undefined && missing.length > 1) await elsewhere(missing, () => {});
  for (const [i, trial] of missing.entries()) {
    if ((await valueIn(trial)) !== undefined) continue;
    onProgress?.(`${trial.name}, seed ${trial.seed}`, i, missing.length, "");
    await tryOut(trial, study);
  }
  const found = new Map<Trial, number>();
  for (const trial of trials) found.set(trial, (await valueIn(trial))!);
  return tableOf(study, trials, found);
}

/** Makes single trials, for a process beside the one that runs the study. */
export function worldStudyCells(request: WorldStudyRequest): (cell: StudyCell) => Promise<void> {
  const trials = trialsOf(request);
  return async ({ name, seed }) => {
    const trial = trials.find((each) => each.name === name && each.seed === seed);
    if (trial === undefined) throw new Error(`there is no trial ${name} with seed ${seed}`);
    await tryOut(trial, request.study);
  };
}

function trialsOf({ study, folder }: WorldStudyRequest): Trial[] {
  const { worlds, settings, agents, seeds, judgedAt, updates } = study;
  return worlds.flatMap((world) =>
    settings.flatMap((setting) =>
      agents.flatMap((agent) =>
        seeds.map((seed): Trial => {
          const { epsilon, users } = setting;
          const discount = withoutDiscount.includes(agent) ? null : setting.discount;
          const { world: named, set } = world;
          const decided = { version, named, set, agent, epsilon, users, discount, judgedAt, updates, seed };
          const file = join(folder, "trials", `${agent}-${fingerprint([decided], 12)}.json`);
          return { name: `${agent}, ${world.name}, ${setting.label}`, seed, agent, world, setting, file };
        }),
      ),
    ),
  );
}

async function valueIn({ file }: Trial): Promise<number | undefined> {
  try {
    return (JSON.parse(await readFile(file, "utf8")) as { value: number }).value;
  } catch {
    return undefined;
  }
}

async function tryOut({ agent, world, setting, seed, file }: Trial, study: WorldStudyConfig): Promise<void> {
  const { epsilon, users, discount } = setting;
  const { judgedAt, updates } = study;
  const options = { users, epsilon, discount, judgedAt, updates, seed };
  const value = worldTrial(worldNamed(world.world, world.set), agent, options);
  await writeJsonAtomically(file, { value, agent, world: world.name, ...options });
}

function tableOf(
  study: WorldStudyConfig,
  trials: readonly Trial[],
  found: ReadonlyMap<Trial, number>,
): WorldStudyTable {
  const { name, judgedAt, updates, seeds, agents, worlds, settings } = study;
  const columns = worlds.flatMap((world) => {
    const valuesFor = knownValues(worldNamed(world.world, world.set), judgedAt);
    return settings.map((setting): WorldStudyColumn => {
      const here = trials.filter((trial) => trial.world === world && trial.setting === setting);
      const known = valuesFor(setting);
      const bySeedOf = (agent: string): number[] =>
        here.filter((trial) => trial.agent === agent).map((trial) => found.get(trial)!);
      const base = agents.includes(oneStep) ? bySeedOf(oneStep) : undefined;
      const values = agents.map((agent) => earned(agent, bySeedOf(agent), known, base));
      return { world: world.name, setting, known, values };
    });
  });
  const compared = columns.flatMap(({ values }) => values.filter(({ fromOneStep }) => fromOneStep));
  const corrected = holm(compared.map(({ fromOneStep }) => fromOneStep!.p ?? 1));
  const adjusted = new Map(compared.map((value, i) => [value, corrected[i]]));
  return {
    format: 1,
    ...{ name, judgedAt, updates, seeds, agents },
    columns: columns.map((column) => ({
      ...column,
      values: column.values.map((value) =>
        adjusted.has(value) ? { ...value, adjusted: adjusted.get(value)! } : value,
      ),
    })),
  };
}

/**
 * Values of policies that know the world; Monte Carlo where it cannot be counted out. All but that of who made the log
 * are the same under every setting.
 */
function knownValues(world: World, discount: number): (setting: WorldSetting) => KnownValues {
  const known = (policy: string, share?: number): number =>
    trueValue(world, policy, {
      discount,
      random: random(1).fork(policy),
      ...(share === undefined ? {} : { policy: { epsilon: share } }),
    }).value;
  const optimal = world.policies.includes("optimal") ? known("optimal") : null;
  const always = { optimal, greedy: known("greedy"), random: known("random") };
  return ({ epsilon }) => ({ ...always, behaviour: known("epsilon-greedy", epsilon) });
}

/** Differences that only rounding makes count as none. */
const rounding = 1e-9;

/** What an agent earns more than the greedy policy that knows the world, over seeds. */
export function fromGreedy({ value }: WorldStudyValue, { greedy }: KnownValues): Interval {
  const less = (from: number): number => (Math.abs(from - greedy) < rounding ? 0 : from - greedy);
  const { mean, lower, upper } = value;
  return { ...value, mean: less(mean), lower: less(lower), upper: less(upper) };
}

function earned(
  agent: string,
  bySeed: readonly number[],
  { optimal, greedy }: KnownValues,
  oneStepBySeed: readonly number[] | undefined,
): WorldStudyValue {
  const mean = bySeed.reduce((sum, value) => sum + value, 0) / bySeed.length;
  const alone = (values: readonly number[]): Float64Array[] => values.map((value) => Float64Array.of(value));
  const several = bySeed.length > 1;
  const value = several
    ? intervalOverSeeds(alone(bySeed), random(1))
    : { mean, lower: mean, upper: mean, standardError: 0 };
  const gap = optimal === null ? 0 : optimal - greedy;
  const base = agent === oneStep || !several ? undefined : oneStepBySeed;
  const own = base && bySeed.map((each, i) => (Math.abs(each - base[i]) < rounding ? base[i] : each));
  return {
    agent,
    value: { ...value, bySeed },
    ...(base && own && { fromOneStep: pairedIntervalOverSeeds(alone(own), alone(base), random(1)) }),
    ...(gap > rounding && { share: (mean - greedy) / gap }),
  };
}
