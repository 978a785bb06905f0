import { z } from "zod";
import { adam, type Optimizer } from "../tensors/adam";
import type { GradientStepOptions } from "../tensors/gradientStep";
import { radam } from "../tensors/radam";
import type { Variable } from "../tensors/tf";
import type { AgentProblem } from "./agent";

/**
 * What every actor–critic can be told. Each algorithm adds its own, and its own defaults.
 *
 * `bootstrapAt`: the item is the one that would be served, so what was seen or cannot be had is left out; without a
 * catalogue the next state is always valued at the action. `boundedTargets` and `boundedValues` take the problem's
 * `valueBounds`; see `tdTarget` and `beyondBounds`. `scaleByValue` is from Fujimoto and Gu 2021.
 */
export const actorCriticSettings = z.strictObject({
  discount: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .describe("how much the next step counts (γ): higher looks further and is harder to learn"),
  targetRate: z
    .number()
    .min(0)
    .max(1)
    .default(0.005)
    .describe("how fast targets follow (τ): lower is steadier and slower"),
  actorLearningRate: z.number().gt(0).default(3e-4).describe("the optimiser's step for the actor"),
  criticLearningRate: z.number().gt(0).default(3e-4).describe("the optimiser's step for the critics"),
  optimizer: z
    .enum(["adam", "radam"])
    .default("adam")
    .describe("adam (Kingma and Ba 2015), or radam (Liu et al. 2020), which starts more carefully"),
  hidden: z
    .array(z.int().min(1))
    .readonly()
    .default([256, 256])
    .describe("widths of the hidden layers of actor and critics"),
  behaviour: z
    .enum(["none", "softmax", "squared"])
    .default("none")
    .describe("softmax: -log probability of the logged item; squared: squared distance to its vector"),
  behaviourWeight: z.number().min(0).default(0).describe("weight of the behaviour term"),
  criticWeight: z
    .number()
    .min(0)
    .default(1)
    .describe("weight of -mean Q in the actor's loss; 0 switches the critic off (imitation alone)"),
  scaleByValue: z
    .boolean()
    .default(false)
    .describe("divide the value term by mean |Q|: its weight then means the same at any scale of reward"),
  bootstrapAt: z
    .enum(["action", "item"])
    .default("item")
    .describe("value the next state at the item that the action retrieves, or at the action itself"),
  boundedTargets: z
    .boolean()
    .default(true)
    .describe("keep the value of what follows within what any policy could earn, where that is known"),
  boundedValues: z
    .boolean()
    .default(true)
    .describe("critics also learn that Q at the agent's own actions is within these bounds"),
  warmUp: z.int().min(0).default(0).describe("updates of the critic alone before the actor first moves"),
  maximumNorm: z
    .number()
    .gt(0)
    .nullable()
    .default(null)
    .describe("longer gradients are shortened to this; null for none"),
});

export type ActorCriticConfig = Readonly<z.output<typeof actorCriticSettings>>;

/** Refuses a behaviour term without a weight, a weight without a term, and an actor with nothing to learn from. */
export function requireSomethingToLearn(
  settings: Pick<ActorCriticConfig, "behaviour" | "behaviourWeight" | "criticWeight">,
  context: z.RefinementCtx,
): void {
  const { behaviour, behaviourWeight, criticWeight } = settings;
  const refuse = (key: string, message: string): void =>
    context.addIssue({ code: "custom", path: [key], message });
  if (behaviour !== "none" ? behaviourWeight === 0 : behaviourWeight > 0)
    refuse(
      behaviour === "none" ? "behaviourWeight" : "behaviour",
      `a behaviour term and its weight together, got behaviour "${behaviour}" and behaviourWeight ${behaviourWeight}`,
    );
  if (criticWeight === 0 && behaviour === "none")
    refuse("criticWeight", "criticWeight above 0 or a behaviour term, got neither");
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
