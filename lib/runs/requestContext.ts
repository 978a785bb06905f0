import type { Companion } from "../baselines/companion";
import type { Histories } from "../data/histories";
import type { Situation } from "../replay/batch";
import { addedIn } from "../replay/stretches";
import type { AddedLogits } from "../retrieval/addedLogits";

/** What is known of a request beside its state: what the user has seen, and what is added to a few items. */
export interface RequestContext {
  /** [n × C], for retrieval. */
  readonly added: AddedLogits | undefined;
  /** The same, and the items seen, for agents that choose among items when they act. */
  readonly situation: Situation;
}

/** The situations of some requests, one history each. */
export function requestContext(histories: Histories, companion?: Companion): RequestContext {
  const { size, offsets, items } = histories;
  const added = companion?.of(histories);
  const rows = new Int32Array(items.length);
  for (let h = 0; h < size; h++) rows.fill(h, offsets[h], offsets[h + 1]);
  const every = Int32Array.from({ length: size }, (_, h) => h);
  return { added, situation: { seen: { rows, items }, added: added && addedIn(added, every) } };
}
