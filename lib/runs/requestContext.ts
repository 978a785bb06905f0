import type { Companion } from "../baselines/companion";
import type { Histories } from "../data/histories";
import type { Situation } from "../replay/batch";
import { addedIn } from "../replay/stretches";
import type { AddedLogits } from "../retrieval/addedLogits";

/** What is known of a request beside its state: what may not come again, and what is added to a few items. */
export interface RequestContext {
  /** [n × C], for retrieval. */
  readonly added: AddedLogits | undefined;
  /** The same, and the items that may not come again, for agents that choose among items when they act. */
  readonly situation: Situation;
}

/** The situations of some requests, one history each. */
export function requestContext(
  histories: Histories,
  { companion, repeats = false }: { readonly companion?: Companion; readonly repeats?: boolean } = {},
): RequestContext {
  const { size, offsets, items } = histories;
  const added = companion?.of(histories);
  const every = Int32Array.from({ length: size }, (_, h) => h);
  const beside = { added: added && addedIn(added, every) };
  if (repeats) return { added, situation: beside };
  const rows = new Int32Array(items.length);
  for (let h = 0; h < size; h++) rows.fill(h, offsets[h], offsets[h + 1]);
  return { added, situation: { seen: { rows, items }, ...beside } };
}
