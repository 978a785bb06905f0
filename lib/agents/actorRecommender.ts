import type { Encoder } from "../encoders/encoder";
import { batchIndex } from "../retrieval/batchIndex";
import { queriesWithOne, withBias } from "../retrieval/geometry";
import type { ItemIndex } from "../retrieval/itemIndex";
import type { Recommender } from "../retrieval/recommender";
import type { ActionCatalogue, Agent } from "./agent";

export interface ActorRecommenderOptions {
  readonly name?: string;
  /** Makes the index from rows [v; b·T] of A + 1 numbers; `batchIndex` by default. */
  readonly index?: (vectors: Float32Array, width: number) => ItemIndex;
}

/**
 * An actor as a recommender: history → state (encoder) → action (agent) → the items with the largest
 * q·v/T + b. The bias may be the model's own or recent popularity (`popularityBias`), chosen on validation.
 *
 * @throws when the sizes of the catalogue and the actor's actions do not fit.
 * @example actorRecommender(agent, model.encoder, model).recommend(task.histories, 10)
 */
export function actorRecommender(
  agent: Pick<Agent, "name" | "act">,
  encoder: Encoder,
  { itemVectors, itemBias, temperature = 1 }: ActionCatalogue,
  { name = agent.name, index: make = batchIndex }: ActorRecommenderOptions = {},
): Recommender & { readonly index: ItemIndex; dispose(): void } {
  const width = agent.act(new Float32Array(encoder.stateSize)).length;
  if (itemVectors.length % width !== 0)
    throw new Error(
      `actorRecommender requires item vectors of ${width} numbers, got ${itemVectors.length} in all`,
    );
  const bias = itemBias ?? new Float32Array(itemVectors.length / width);
  const index = make(withBias(itemVectors, bias, temperature), width + 1);
  return {
    name,
    index,
    recommend: (histories, k) =>
      index.search(queriesWithOne(agent.act(encoder.encode(histories)), width), k, { exclude: histories }),
    dispose: () => index.dispose?.(),
  };
}
