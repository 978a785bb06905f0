import type { AgentFactory } from "../agents/agent";
import { bcq, bcqDefaults } from "../agents/bcq";
import { ddpg, ddpgDefaults } from "../agents/ddpg";
import { dqn, dqnDefaults } from "../agents/dqn";
import type { IncrementalFactory } from "../agents/incrementalAgent";
import { linUcb, linUcbDefaults } from "../agents/linUcb";
import { nearLog } from "../agents/nearLog";
import { qLearning, qLearningDefaults } from "../agents/qLearning";
import { reinforce, reinforceDefaults, reinforceTopK } from "../agents/reinforce";
import { sac, sacDefaults } from "../agents/sac";
import { sarsa, sarsaDefaults } from "../agents/sarsa";
import { td3, td3Defaults } from "../agents/td3";
import { type BaselineName, baselineNames } from "../baselines/fitBaselines";
import { InputError } from "../data/inputError";
import { random } from "../math/random";
import type { Defaults } from "./settings";

/** An agent that learns by updates, over a next-item model. */
export interface ActorEntry {
  readonly name: string;
  /** One line for --help. */
  readonly what: string;
  readonly kind: "actor-critic";
  /** Updates by default. */
  readonly steps: number;
  readonly defaults: Defaults;
  readonly factory: AgentFactory;
}

/** The next-item model itself, served without an actor. */
export interface SupervisedEntry {
  readonly name: string;
  readonly what: string;
  readonly kind: "supervised";
  readonly steps: 0;
  readonly defaults: Defaults;
}

/** A method in closed form, fitted anew from the log whenever it is asked for. */
export interface BaselineEntry {
  readonly name: BaselineName;
  readonly what: string;
  readonly kind: "baseline";
  readonly steps: 0;
  readonly defaults: Defaults;
}

/** An agent that learns from the log itself, without a next-item model. */
export interface ClassicEntry {
  readonly name: string;
  readonly what: string;
  readonly kind: "classic";
  readonly steps: 0;
  readonly defaults: Defaults;
  readonly factory: IncrementalFactory;
}

const baselineNotes: Readonly<Record<BaselineName, string>> = {
  random: "random items",
  "most-popular": "the most popular items",
  "recent-popularity": "what everybody had lately",
  "item-knn": "items had by the same people",
  "item-knn-recency": "the same, the user's last items counting most",
  ease: "a linear autoencoder in closed form",
  "ease-recency": "the same, the user's last items counting most",
  "sequence-rules": "what people had after what",
  "ease-recency-popularity": "ease-recency with what everybody had lately",
};

export type AgentEntry = ActorEntry | SupervisedEntry | BaselineEntry | ClassicEntry;

/**
 * DDPG and SAC are held near the log. As their papers have them, which goes wrong offline, they are
 * `--set agent.behaviour=none --set agent.behaviourWeight=0 --set agent.scaleByValue=false --set agent.bootstrapAt=action
 * --set agent.boundedTargets=false --set agent.boundedValues=false`.
 */
const constrained: Defaults = { ...ddpgDefaults, ...nearLog };

const actor = (name: string, what: string, factory: unknown, defaults: object, steps = 3000): ActorEntry => ({
  ...{ name, what, kind: "actor-critic", steps },
  defaults: { ...defaults },
  factory: factory as AgentFactory,
});

const classic = (
  name: string,
  what: string,
  { factory, defaults }: { factory: IncrementalFactory; defaults: object },
): ClassicEntry => ({ name, what, kind: "classic", steps: 0, defaults: { ...defaults }, factory });

/** Everything that can be trained, judged and served by name. A new agent is one line here. */
export const agents: readonly AgentEntry[] = [
  actor(
    "ddpg",
    "deep deterministic policy gradient, held near the log by a behaviour term",
    ddpg,
    constrained,
  ),
  actor("td3", "twin delayed DDPG: nothing holds it near the log", td3, td3Defaults),
  actor("td3-bc", "TD3 held near the log by a behaviour term", td3, { ...td3Defaults, ...nearLog }),
  actor("sac", "soft actor-critic, held near the log by a behaviour term", sac, {
    ...sacDefaults,
    ...nearLog,
    temperature: 0.001, // 64 numbers hold much entropy: at .1 it outweighs rewards of at most 1
  }),
  actor("bcq", "batch-constrained Q-learning: the best of some imagined actions like the logged ones", bcq, {
    ...bcqDefaults,
    reconstruction: "softmax",
    latentWeight: 0.1, // at 1 the latent says nothing (1e-5 nats on GoodBooks) and all candidates are one
  }),
  actor("reinforce", "policy gradient, corrected for what the log did", reinforce, reinforceDefaults),
  actor("reinforce-top-k", "the same, corrected for lists of ten", reinforce, {
    ...reinforceDefaults,
    ...reinforceTopK,
  }),
  actor("dqn", "deep Q-network: values the supervised model's best candidates", dqn, dqnDefaults),
  actor("greedy-reward", "ddpg with discount 0: the next reward and nothing beyond", ddpg, {
    ...constrained,
    discount: 0,
  }),
  actor("behaviour-cloning", "ddpg with the critic switched off: imitation alone", ddpg, {
    ...constrained,
    criticWeight: 0,
    warmUp: 0,
  }),
  classic("q-learning", "a table of what the best known course would bring, by the last item", {
    factory: qLearning,
    defaults: qLearningDefaults,
  }),
  classic("sarsa", "the same table of what going on as the log did brings", {
    factory: sarsa,
    defaults: sarsaDefaults,
  }),
  classic("lin-ucb", "a linear bandit over user, item and moment, in closed form", {
    factory: linUcb,
    defaults: linUcbDefaults,
  }),
  {
    name: "next-item",
    what: "the supervised model every actor starts from",
    kind: "supervised",
    steps: 0,
    defaults: {},
  },
  ...baselineNames.map((name) => ({
    name,
    what: baselineNotes[name],
    kind: "baseline" as const,
    steps: 0 as const,
    defaults: { tune: true },
  })),
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

/** Makes a tiny agent of these settings and throws it away: whatever is out of range is said before data is read. */
export function tryAgent(entry: ActorEntry | ClassicEntry, settings: Defaults): void {
  if (entry.kind === "classic") {
    entry.factory({ items: 2, random: random(1) }, settings);
    return;
  }
  const problem = {
    stateSize: 2,
    actionSize: 2,
    random: random(1),
    catalogue: { itemVectors: Float32Array.of(1, 0, 0, 1), itemBias: new Float32Array(2) },
  };
  entry.factory(problem, settings).dispose();
}
