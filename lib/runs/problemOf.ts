import type { AgentProblem } from "../agents/agent";
import type { NextItemModel } from "../encoders/nextItemModel";
import { trainableEncoder } from "../encoders/trainableEncoder";

/** What an agent over a next-item model is made for. */
export function problemOf(
  model: NextItemModel,
  draw: AgentProblem["random"],
  {
    bounds,
    joint = false,
    window,
    unavailable,
    servedBias,
    largestAdded,
  }: {
    readonly bounds?: readonly [number, number];
    /** Rows of items that are unavailable. */
    readonly unavailable?: ReadonlySet<number>;
    /** [N] the bias that lists are made with, in logits; the model's own by default. */
    readonly servedBias?: Float32Array;
    /** The largest logit that states add to an item; 0 by default. */
    readonly largestAdded?: number;
    /** The agent gets a copy of the model's encoder to train along. */
    readonly joint?: boolean;
    /** Entries that it is trained on before each state, and serves; whole histories by default. */
    readonly window?: number;
  } = {},
): AgentProblem {
  const { itemVectors, itemBias, temperature } = model;
  return {
    stateSize: model.encoder.stateSize,
    actionSize: model.headBias.length,
    actionSpace: model.config.geometry === "unit" ? "unit" : "free",
    random: draw,
    head: { weights: model.headWeights, bias: model.headBias },
    catalogue: {
      ...{ itemVectors, itemBias, temperature, unavailable, largestAdded },
      ...(servedBias ? { servedBias } : {}),
    },
    ...(bounds === undefined ? {} : { valueBounds: bounds }),
    ...(joint ? { encoder: trainableEncoder(model, { window }) } : {}),
  };
}
