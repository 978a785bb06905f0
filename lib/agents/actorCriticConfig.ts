import { adam, type Optimizer } from "../tensors/adam";
import type { GradientStepOptions } from "../tensors/gradientStep";
import { radam } from "../tensors/radam";
import type { Variable } from "../tensors/tf";
import type { AgentProblem } from "./agent";
import { type Rule, rules } from "./agentConfig";

/** What every actor–critic can be told. Each algorithm adds its own, and its own defaults. */
export interface ActorCriticConfig {
  /** γ in [0, 1): how much the next step counts. Higher looks further and is harder to learn. */
  readonly discount: number;
  /** τ in [0, 1]: how fast targets follow. Lower is steadier and slower. */
  readonly targetRate: number;
  /** The optimiser's step for the actor, above 0. */
  readonly actorLearningRate: number;
  /** The optimiser's step for the critics, above 0. */
  readonly criticLearningRate: number;
  /** "adam" (Kingma and Ba 2015), or "radam" (Liu et al. 2020), which starts more carefully. */
  readonly optimizer: "adam" | "radam";
  /** Widths of the hidden layers of actor and critics. */
  readonly hidden: readonly number[];
  /** "softmax": −log probability of the logged item; "squared": squared distance to its vector; "none". */
  readonly behaviour: "none" | "softmax" | "squared";
  /** Weight of the behaviour term, from 0. */
  readonly behaviourWeight: number;
  /** Weight of −mean Q in the actor's loss, from 0; 0 switches the critic off (imitation alone). */
  readonly criticWeight: number;
  /** Divide the value term by mean |Q| (Fujimoto and Gu 2021), so that its weight means the same at any scale of reward. */
  readonly scaleByValue: boolean;
  /**
   * Where the next state is valued: at the "item" that the proposed action retrieves, as it would be served (what was
   * seen or cannot be had left out), or at the "action" itself. Without a catalogue it is always the action.
   */
  readonly bootstrapAt: "action" | "item";
  /** Keep the value of what follows within the problem's `valueBounds`, where they are known; see `tdTarget`. */
  readonly boundedTargets: boolean;
  /** Critics also learn that Q at the agent's own actions is within them; see `beyondBounds`. */
  readonly boundedValues: boolean;
  /** Updates of the critic alone before the actor first moves, from 0. */
  readonly warmUp: number;
  /** Longer gradients are shortened to this, above 0; null for none. */
  readonly maximumNorm: number | null;
}

/** EVALUATION settles the discount at .9; there is no behaviour term. */
export const actorCriticDefaults: ActorCriticConfig = {
  discount: 0.9,
  targetRate: 0.005,
  actorLearningRate: 3e-4,
  criticLearningRate: 3e-4,
  optimizer: "adam",
  hidden: [256, 256],
  behaviour: "none",
  behaviourWeight: 0,
  criticWeight: 1,
  scaleByValue: false,
  bootstrapAt: "item",
  boundedTargets: true,
  boundedValues: true,
  warmUp: 0,
  maximumNorm: null,
};

export const actorCriticChecks: Readonly<Record<keyof ActorCriticConfig, Rule>> = {
  discount: rules.below(0, 1),
  targetRate: rules.within(0, 1),
  actorLearningRate: rules.positive,
  criticLearningRate: rules.positive,
  optimizer: rules.oneOf("adam", "radam"),
  hidden: rules.widths,
  behaviour: rules.oneOf("none", "softmax", "squared"),
  behaviourWeight: rules.notNegative,
  criticWeight: rules.notNegative,
  scaleByValue: rules.flag,
  bootstrapAt: rules.oneOf("action", "item"),
  boundedTargets: rules.flag,
  boundedValues: rules.flag,
  warmUp: rules.count,
  maximumNorm: rules.positiveOrNone,
};

/** @throws when the behaviour term and its weight contradict each other, or nothing is left to learn from. */
export function requireSomethingToLearn(agent: string, config: ActorCriticConfig): void {
  const { behaviour, behaviourWeight, criticWeight } = config;
  if (behaviour !== "none" ? behaviourWeight === 0 : behaviourWeight > 0)
    throw new Error(
      `${agent} requires a behaviour term and its weight together, got behaviour "${behaviour}" and behaviourWeight ${behaviourWeight}`,
    );
  if (criticWeight === 0 && behaviour === "none")
    throw new Error(`${agent} requires criticWeight above 0 or a behaviour term, got neither`);
}

/** The problem's bounds, where they are known and the settings want them: of what follows, and of Q at own actions. */
export function boundsFor(
  { boundedTargets, boundedValues }: Pick<ActorCriticConfig, "boundedTargets" | "boundedValues">,
  { valueBounds }: Pick<AgentProblem, "valueBounds">,
): { readonly targets: AgentProblem["valueBounds"]; readonly own: AgentProblem["valueBounds"] } {
  return { targets: boundedTargets ? valueBounds : undefined, own: boundedValues ? valueBounds : undefined };
}

/** The optimiser that the settings name. */
export function optimizerOf(
  config: Pick<ActorCriticConfig, "optimizer">,
  variables: readonly Variable[],
  learningRate: number,
): Optimizer {
  return (config.optimizer === "radam" ? radam : adam)(variables, { learningRate });
}

/** What `gradientStep` is told about clipping. */
export function clipOf({ maximumNorm }: Pick<ActorCriticConfig, "maximumNorm">): GradientStepOptions {
  return maximumNorm === null ? {} : { maximumNorm };
}
