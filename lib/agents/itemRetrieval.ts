import { addedIndex, queriesWithAdded } from "../retrieval/addedIndex";
import type { AddedLogits } from "../retrieval/addedLogits";
import { batchIndex } from "../retrieval/batchIndex";
import { queriesWithOne, withBias } from "../retrieval/geometry";
import type { ItemIndex, SearchOptions } from "../retrieval/itemIndex";
import type { Lists } from "../retrieval/lists";
import { rerankedIndex } from "../retrieval/rerankedIndex";
import type { ActionCatalogue, OwnItems } from "./agent";
import { slateScore } from "./slateQ/catalogueSlates";

/** The way from an agent's actions to items. */
export interface ItemRetrieval {
  /** Whose scores / temperature are the policy's logits. */
  readonly index: ItemIndex;
  readonly temperature: number;
  /**
   * What the index is asked for some states, the actions chosen in them, and what those states add to a few items:
   * [n × S], [n × A] → [n × index.width]
   */
  queriesOf(states: Float32Array, actions: Float32Array, added?: AddedLogits): Float32Array;
  /** The k best items for each action. */
  search(
    states: Float32Array,
    actions: Float32Array,
    k: number,
    options?: SearchOptions & { readonly added?: AddedLogits },
  ): Lists;
  dispose(): void;
}

export interface ItemRetrievalOptions {
  /** Items of the agent's own (`agent.items()`), which it scores better than any catalogue. */
  readonly items?: OwnItems;
  /** The supervised model's action in a state, which finds candidates for agents with items of their own. */
  readonly supervised?: (states: Float32Array) => Float32Array;
  /** Makes an index from rows [v; b·T]; `batchIndex` by default. */
  readonly index?: (vectors: Float32Array, width: number) => ItemIndex;
  /** C: every state adds logits to as many items; 0 by default. */
  readonly added?: number;
}

/**
 * How an agent's actions become items: those with the largest q·v/T + b, plus what the state adds to a few items
 * where it does. The bias is the catalogue's served one, which may hold recent popularity, chosen on validation; the
 * model's own where there is no other. An agent that has items of its own is ranked by its own scores, among
 * as many candidates of the supervised model as it says.
 *
 * @throws when there is not one bias an item, or candidates are wanted and there is nothing to find them with.
 */
export function itemRetrieval(
  catalogue: ActionCatalogue,
  { items, supervised, index: make = batchIndex, added = 0 }: ItemRetrievalOptions = {},
): ItemRetrieval {
  const first = byQuery(catalogue, make, added);
  const made = items === undefined ? first : byValue(first, items, { supervised, make, most: added });
  return {
    ...made,
    search: (states, actions, k, options = {}) =>
      made.index.search(made.queriesOf(states, actions, options.added), k, options),
    dispose: () => made.index.dispose?.(),
  };
}

type Making = (vectors: Float32Array, width: number) => ItemIndex;
type Asked = Pick<ItemRetrieval, "index" | "temperature" | "queriesOf">;

function byQuery(
  { itemVectors, itemBias: own, servedBias: itemBias = own, temperature = 1 }: ActionCatalogue,
  make: Making,
  most: number,
): Asked {
  const size = itemBias?.length ?? 0;
  if (itemBias === undefined || size === 0 || itemVectors.length % size !== 0)
    throw new Error(`itemRetrieval requires one bias an item, got ${size} for ${itemVectors.length} numbers`);
  const width = itemVectors.length / size;
  const vectors = withBias(itemVectors, itemBias, temperature);
  const index = make(vectors, width + 1);
  if (most === 0)
    return { temperature, index, queriesOf: (_states, actions) => queriesWithOne(actions, width) };
  return {
    temperature,
    index: addedIndex(index, vectors, most),
    queriesOf(_states, actions, added) {
      if (added === undefined) throw new Error("itemRetrieval requires what each state adds, got nothing");
      return queriesWithAdded(queriesWithOne(actions, width), width + 1, { added, temperature });
    },
  };
}

function byValue(
  first: Asked,
  { itemVectors, itemBias, candidates, temperature, addedScale = 0, slateNothing }: OwnItems,
  {
    supervised,
    make,
    most,
  }: {
    readonly supervised: ItemRetrievalOptions["supervised"];
    readonly make: Making;
    readonly most: number;
  },
): Asked {
  const vectors = withBias(itemVectors, itemBias, 1);
  const size = itemBias.length;
  const width = vectors.length / size;
  if (slateNothing === undefined && (candidates === null || candidates >= size)) {
    first.index.dispose?.();
    const index = make(vectors, width);
    return {
      temperature,
      index: most > 0 ? addedIndex(index, vectors, most) : index,
      queriesOf: (_states, actions, added) => ownQueries(actions, added),
    };
  }
  if (supervised === undefined)
    throw new Error("itemRetrieval requires a supervised model to find candidates, got none");
  return {
    temperature,
    index: rerankedIndex(first.index, vectors, {
      ...{ width, candidates: candidates ?? size, added: most },
      ...(slateNothing !== undefined && {
        combined: (score: number, own: number) => slateScore(score / first.temperature, own, slateNothing),
      }),
    }),
    queriesOf: (states, actions, added) =>
      endToEnd(
        first.queriesOf(states, supervised(states), added),
        first.index.width,
        ownQueries(actions, added),
        width + 2 * most,
      ),
  };

  /** [h; 1], and what the state adds to a few items in the agent's own scores. */
  function ownQueries(actions: Float32Array, added: AddedLogits | undefined): Float32Array {
    const queries = queriesWithOne(actions, width - 1);
    if (most === 0) return queries;
    if (added === undefined) throw new Error("itemRetrieval requires what each state adds, got nothing");
    return queriesWithAdded(queries, width, { added, temperature: addedScale });
  }
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
