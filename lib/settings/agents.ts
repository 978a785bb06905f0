import { z } from "zod";
import { bcq, bcqSettings } from "../agents/actorCritic/bcq";
import { ddpg, ddpgSettings } from "../agents/actorCritic/ddpg";
import { catalogueSlateQ, discreteCql, dqn, dqnSettings } from "../agents/actorCritic/dqn";
import { iql, iqlSettings } from "../agents/actorCritic/iql";
import { reinforce, reinforceSettings, reinforceTopK } from "../agents/actorCritic/reinforce";
import { sac, sacSettings } from "../agents/actorCritic/sac";
import { td3, td3Settings } from "../agents/actorCritic/td3";
import { type Agent, type AgentProblem, behaviourRegularised } from "../agents/agent";
import type { IncrementalAgent, IncrementalProblem } from "../agents/incrementalAgent";
import { linUcb, linUcbSettings } from "../agents/linUcb/linUcb";
import { qLearning, qLearningSettings } from "../agents/tabular/qLearning";
import { sarsa, sarsaSettings } from "../agents/tabular/sarsa";
import { type BaselineName, baselineNames } from "../baselines/fitBaselines";
import { InputError } from "../data/inputError";
import type { Changes, SettingsSchema } from "../data/settings";
import type { Settings } from "./readConfig";

/** What every entry has. */
interface Entry {
  readonly name: string;
  /** One line for --help. */
  readonly what: string;
  /** Its settings, with the defaults under which a run trains it. */
  readonly settings: SettingsSchema;
}

/** An agent that learns by updates, over a next-item model. */
export interface ActorEntry extends Entry {
  readonly kind: "actor-critic";
  /** Updates by default. */
  readonly steps: number;
  /** A method, so that a factory of narrower settings fits: it gets what `settings` lets through. */
  factory(problem: AgentProblem, config?: object): Agent;
}

/** The next-item model itself, served without an actor. */
export interface SupervisedEntry extends Entry {
  readonly kind: "supervised";
}

/** A method in closed form, fitted again from the log whenever it is needed. */
export interface BaselineEntry extends Entry {
  readonly name: BaselineName;
  readonly kind: "baseline";
}

/** An agent that learns from the log itself, without a next-item model. */
export interface ClassicEntry extends Entry {
  readonly kind: "classic";
  factory(problem: IncrementalProblem, config?: object): IncrementalAgent;
}

export type AgentEntry = ActorEntry | SupervisedEntry | BaselineEntry | ClassicEntry;

const baselineNotes: Readonly<Record<BaselineName, string>> = {
  random: "random items",
  "most-popular": "the most popular items",
  "recent-popularity": "what is popular lately",
  "item-knn": "items taken by the same people",
  "item-knn-recency": "the same, the user's last items counting most",
  ease: "a linear autoencoder in closed form",
  "ease-recency": "the same, the user's last items counting most",
  "sequence-rules": "what people took after what",
  "ease-recency-popularity": "ease-recency with what is popular lately",
};

const baselineSettings = z.strictObject({
  tune: z.boolean().default(true).describe("choose its settings on validation rows, once for each log"),
});

/** A schema with other defaults for some settings: their ranges, meanings and the rules between them stay. */
function withDefaults<S extends SettingsSchema>(schema: S, defaults: Changes<S>): S {
  const changed = Object.entries(defaults).map(([key, value]) => [key, schema.shape[key].default(value)]);
  return schema.safeExtend(Object.fromEntries(changed)) as unknown as S;
}

/**
 * DDPG and SAC are held near the log. As their papers have them, which goes wrong offline, they are
 * `--set agent.behaviour=none --set agent.behaviourWeight=0 --set agent.scaleByValue=false --set agent.bootstrapAt=action
 * --set agent.boundedTargets=false --set agent.boundedValues=false`.
 */
const regularisedDdpg = withDefaults(ddpgSettings, behaviourRegularised);

const updates = { kind: "actor-critic", steps: 3000 } as const;

/** Everything that can be trained, evaluated and served by name. A new agent is one entry here. */
export const agents: readonly AgentEntry[] = [
  {
    ...updates,
    name: "ddpg",
    what: "deep deterministic policy gradient, held near the log by a behaviour term",
    settings: regularisedDdpg,
    factory: ddpg,
  },
  {
    ...updates,
    name: "td3",
    what: "twin delayed DDPG: nothing holds it near the log",
    settings: td3Settings,
    factory: td3,
  },
  {
    ...updates,
    name: "td3-bc",
    what: "TD3 held near the log by a behaviour term",
    settings: withDefaults(td3Settings, behaviourRegularised),
    factory: td3,
  },
  {
    ...updates,
    name: "sac",
    what: "soft actor-critic, held near the log by a behaviour term",
    settings: withDefaults(sacSettings, {
      ...behaviourRegularised,
      temperature: 0.001, // 64 numbers hold much entropy: at .1 it outweighs rewards of at most 1
    }),
    factory: sac,
  },
  {
    ...updates,
    name: "bcq",
    what: "batch-constrained Q-learning: the best of some imagined actions like the logged ones",
    settings: withDefaults(bcqSettings, {
      reconstruction: "softmax",
      latentWeight: 0.1, // at 1 the latent says nothing (1e-5 nats on GoodBooks) and all candidates are one
    }),
    factory: bcq,
  },
  {
    ...updates,
    name: "iql",
    what: "implicit Q-learning: imitates what was better than usual, never asks about what nobody did",
    settings: withDefaults(iqlSettings, {
      behaviour: behaviourRegularised.behaviour,
      warmUp: behaviourRegularised.warmUp,
    }),
    factory: iql,
  },
  {
    ...updates,
    name: "reinforce",
    what: "policy gradient, corrected for what the log did",
    settings: reinforceSettings,
    factory: reinforce,
  },
  {
    ...updates,
    name: "reinforce-top-k",
    what: "the same, corrected for lists of ten",
    settings: withDefaults(reinforceSettings, reinforceTopK),
    factory: reinforce,
  },
  {
    ...updates,
    name: "dqn",
    what: "deep Q-network: values the supervised model's best candidates",
    settings: dqnSettings,
    factory: dqn,
  },
  {
    ...updates,
    name: "cql",
    what: "conservative Q-learning: dqn that values less what was not done",
    settings: withDefaults(dqnSettings, discreteCql),
    factory: dqn,
  },
  {
    ...updates,
    name: "slate-q",
    what: "dqn for lists of ten: values a slate by what is likely to be taken of it",
    settings: withDefaults(dqnSettings, catalogueSlateQ),
    factory: dqn,
  },
  {
    ...updates,
    name: "greedy-reward",
    what: "ddpg with discount 0: the next reward and nothing beyond",
    settings: withDefaults(regularisedDdpg, { discount: 0 }),
    factory: ddpg,
  },
  {
    ...updates,
    name: "behaviour-cloning",
    what: "ddpg with the critic switched off: imitation alone",
    settings: withDefaults(regularisedDdpg, { criticWeight: 0, warmUp: 0 }),
    factory: ddpg,
  },
  {
    kind: "classic",
    name: "q-learning",
    what: "a table of the most that can follow, by the last item",
    settings: qLearningSettings,
    factory: qLearning,
  },
  {
    kind: "classic",
    name: "sarsa",
    what: "a table of what followed in the log, by the last item",
    settings: sarsaSettings,
    factory: sarsa,
  },
  {
    kind: "classic",
    name: "lin-ucb",
    what: "a linear bandit over user, item and moment, in closed form",
    settings: linUcbSettings,
    factory: linUcb,
  },
  {
    kind: "supervised",
    name: "next-item",
    what: "the supervised model every actor starts from",
    settings: z.strictObject({}),
  },
  ...baselineNames.map(
    (name): BaselineEntry => ({
      kind: "baseline",
      name,
      what: baselineNotes[name],
      settings: baselineSettings,
    }),
  ),
];

/**
 * The entry of a name.
 *
 * @throws InputError that lists the known names.
 */
export function agentEntry(name: string, file?: string, line?: number): AgentEntry {
  const entry = agents.find((known) => known.name === name);
  if (entry !== undefined) return entry;
  const place = file === undefined ? {} : line === undefined ? { file } : { file, line };
  throw new InputError(`unknown agent "${name}"`, {
    ...place,
    expected: `one of ${agents.map((known) => known.name).join(", ")}`,
  });
}

/** The settings under which a run trains an agent unless it is told otherwise. */
export function agentDefaults(name: string): Settings {
  return agentEntry(name).settings.parse({});
}
