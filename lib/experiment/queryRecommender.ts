import { actorRecommender } from "../agents/actorRecommender";
import type { Agent } from "../agents/agent";
import type { Histories } from "../data/histories";
import type { NextItemModel } from "../encoders/nextItemModel";
import { queriesWithOne } from "../retrieval/geometry";
import type { ItemIndex } from "../retrieval/itemIndex";
import type { Recommender } from "../retrieval/recommender";

/** A recommender that asks by a query in the space of the items, so that a served policy can be made of it. */
export interface QueryRecommender extends Recommender {
  /** Over [v; b·T]; see retrieval/geometry. */
  readonly index: ItemIndex;
  /** T: score / T is the logit. */
  readonly temperature: number;
  /** [histories.size × (A + 1)] */
  queries(histories: Histories): Float32Array;
  dispose(): void;
}

/**
 * An actor over a next-item model's states and items. Without an agent the supervised head stands in for the
 * actor: that is step 0 of every actor.
 *
 * @param options.bias [N] biases at retrieval, in logits; the model's own by default
 * @example queryRecommender(model, agent).recommend(task.histories, 10)
 */
export function queryRecommender(
  model: NextItemModel,
  agent?: Pick<Agent, "name" | "act">,
  options: { readonly name?: string; readonly bias?: Float32Array } = {},
): QueryRecommender {
  const { itemVectors, temperature, encoder } = model;
  const actor = agent ?? { name: "next-item", act: model.queries };
  const catalogue = { itemVectors, temperature, itemBias: options.bias ?? model.itemBias };
  const made = actorRecommender(
    actor,
    encoder,
    catalogue,
    options.name === undefined ? {} : { name: options.name },
  );
  return {
    ...made,
    temperature,
    queries: (histories) => queriesWithOne(actor.act(encoder.encode(histories)), model.headBias.length),
  };
}
