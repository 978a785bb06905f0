import type { Agent } from "../agents/agent";
import { itemRetrieval } from "../agents/itemRetrieval";
import type { Companion } from "../baselines/companion";
import type { Histories } from "../data/histories";
import type { NextItemModel } from "../encoders/nextItemModel";
import type { Situation } from "../replay/batch";
import type { ItemIndex } from "../retrieval/itemIndex";
import { leftOut, type Recommender } from "../retrieval/recommender";
import { requestContext } from "./requestContext";

/** A recommender that asks by a query in the space of the items, so that a served policy can be made of it. */
export interface QueryRecommender extends Recommender {
  /** Over [v; b·T]; see retrieval/geometry and agents/itemRetrieval. */
  readonly index: ItemIndex;
  /** T: score / T is the logit. */
  readonly temperature: number;
  /** [histories.size × index.width] */
  queries(histories: Histories): Float32Array;
  dispose(): void;
}

export interface QueryRecommenderOptions {
  readonly name?: string;
  /** [N] biases at retrieval, in logits; the model's own by default. */
  readonly bias?: Float32Array;
  /** What linear models add to a few items of each state; nothing by default. */
  readonly companion?: Companion;
  /** Items of a history may come again, for the agent that chooses and in lists; no by default. */
  readonly repeats?: boolean;
}

/**
 * An actor over a next-item model's states and items. Without an agent the supervised head stands in for the
 * actor: that is step 0 of every actor.
 *
 * @example queryRecommender(model, agent).recommend(task.histories, 10)
 */
export function queryRecommender(
  model: NextItemModel,
  agent?: Pick<Agent, "name" | "act" | "items" | "encoder">,
  options: QueryRecommenderOptions = {},
): QueryRecommender {
  const { itemVectors, temperature } = model;
  const own = agent?.encoder?.(); // an encoder that learned with the agent reads histories in the model's place
  const encoder = own ?? model.encoder;
  const actor: Pick<Agent, "name" | "act" | "items"> = agent ?? { name: "next-item", act: model.queries };
  const actionsOf = (states: Float32Array, situation: Situation): Float32Array => {
    const actions = actor.act(states, situation);
    const [requests, width] = [states.length / encoder.stateSize, itemVectors.length / model.size];
    if (actor.items === undefined && actions.length !== requests * width)
      throw new Error(
        `${actor.name}.act requires ${width} numbers a state, got ${actions.length} for ${requests} states`,
      );
    return actions;
  };
  const catalogue = { itemVectors, temperature, itemBias: options.bias ?? model.itemBias };
  const { companion, repeats = false } = options;
  const retrieval = itemRetrieval(catalogue, {
    items: actor.items?.(),
    supervised: model.queries,
    added: companion?.most,
  });
  return {
    name: options.name ?? actor.name,
    index: retrieval.index,
    temperature: retrieval.temperature,
    queries(histories) {
      const states = encoder.encode(histories);
      const { situation, added } = requestContext(histories, { companion, repeats });
      return retrieval.queriesOf(states, actionsOf(states, situation), added);
    },
    recommend(histories, k, told = {}) {
      const states = encoder.encode(histories);
      const asked = { ...told, repeats: told.repeats ?? repeats };
      const { situation, added } = requestContext(histories, { companion, repeats: asked.repeats });
      const search = { ...leftOut(histories, asked), added };
      return retrieval.search(states, actionsOf(states, situation), k, search);
    },
    dispose() {
      retrieval.dispose();
      own?.dispose();
    },
  };
}
