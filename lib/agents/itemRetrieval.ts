import { batchIndex } from "../retrieval/batchIndex";
import { queriesWithOne, withBias } from "../retrieval/geometry";
import type { ItemIndex, SearchOptions } from "../retrieval/itemIndex";
import type { Lists } from "../retrieval/lists";
import { rerankedIndex } from "../retrieval/rerankedIndex";
import type { ActionCatalogue, Agent } from "./agent";

/** The way from states to items. */
export interface ItemRetrieval {
  /** Whose scores / temperature are the policy's logits. */
  readonly index: ItemIndex;
  readonly temperature: number;
  /** What the index is asked for some states: [n × S] → [n × index.width] */
  queriesOf(states: Float32Array): Float32Array;
  /** The k best items in each state. */
  search(states: Float32Array, k: number, options?: SearchOptions): Lists;
  dispose(): void;
}

export interface ItemRetrievalOptions {
  /** The supervised model's action in a state, which finds candidates for agents with items of their own. */
  readonly supervised?: (states: Float32Array) => Float32Array;
  /** Makes an index from rows [v; b·T]; `batchIndex` by default. */
  readonly index?: (vectors: Float32Array, width: number) => ItemIndex;
}

/**
 * How an agent's actions become items: those with the largest q·v/T + b. The bias may be the model's own or
 * recent popularity, chosen on validation. An agent that has items of its own (`items`) ranks by its own
 * scores, among as many candidates of the supervised model as it says.
 *
 * @throws when the sizes of the catalogue and the agent's actions do not fit, or candidates are wanted and there
 *   is nothing to find them with.
 */
export function itemRetrieval(
  agent: Pick<Agent, "act" | "items">,
  catalogue: ActionCatalogue,
  { supervised, index: make = batchIndex }: ItemRetrievalOptions = {},
): ItemRetrieval {
  const own = agent.items?.();
  const made = own === undefined ? byQuery(agent, catalogue, make) : byValue(own);
  return {
    ...made,
    search: (states, k, options = {}) => made.index.search(made.queriesOf(states), k, options),
    dispose: () => made.index.dispose?.(),
  };

  function byValue(items: NonNullable<typeof own>) {
    const { itemVectors, itemBias, candidates, temperature } = items;
    const vectors = withBias(itemVectors, itemBias, 1);
    const size = itemBias.length;
    const width = vectors.length / size;
    const values = (states: Float32Array): Float32Array => queriesWithOne(agent.act(states), width - 1);
    if (candidates === null || candidates >= size)
      return { temperature, index: make(vectors, width), queriesOf: values };
    if (supervised === undefined)
      throw new Error("itemRetrieval requires a supervised model to find candidates, got none");
    const first = byQuery({ act: supervised }, catalogue, make);
    return {
      temperature,
      index: rerankedIndex(first.index, vectors, { width, candidates }),
      queriesOf: (states: Float32Array): Float32Array =>
        endToEnd(first.queriesOf(states), first.index.width, values(states), width),
    };
  }
}

function byQuery(
  agent: Pick<Agent, "act">,
  { itemVectors, itemBias, temperature = 1 }: ActionCatalogue,
  make: (vectors: Float32Array, width: number) => ItemIndex,
) {
  const size = itemBias?.length;
  const bias = itemBias ?? new Float32Array(0);
  if (size === undefined || size === 0 || itemVectors.length % size !== 0)
    throw new Error(
      `itemRetrieval requires one bias an item, got ${bias.length} for ${itemVectors.length} numbers`,
    );
  const width = itemVectors.length / size;
  return {
    temperature,
    index: make(withBias(itemVectors, bias, temperature), width + 1),
    queriesOf: (states: Float32Array): Float32Array => queriesWithOne(agent.act(states), width),
  };
}

/** Rows of two tables side by side. */
function endToEnd(
  left: Float32Array,
  leftWidth: number,
  right: Float32Array,
  rightWidth: number,
): Float32Array {
  const rows = left.length / leftWidth;
  const both = new Float32Array(left.length + right.length);
  for (let row = 0; row < rows; row++) {
    const at = row * (leftWidth + rightWidth);
    both.set(left.subarray(row * leftWidth, (row + 1) * leftWidth), at);
    both.set(right.subarray(row * rightWidth, (row + 1) * rightWidth), at + leftWidth);
  }
  return both;
}
