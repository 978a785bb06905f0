import { takeHistories } from "../data/histories";
import type { Interactions } from "../data/interactions";
import type { Task } from "../data/task";
import type { Random } from "../math/random";
import { emptyLists } from "../retrieval/bestOf";
import type { Recommender } from "../retrieval/recommender";

/** For each user row, the only items that may be listed. */
export type Candidates = ReadonlyMap<number, ReadonlySet<number>>;

/**
 * The candidates of neural collaborative filtering's protocol (He et al. 2017, section 4.1): what the user had seen
 * in truth, and `negatives` items drawn uniformly, without replacement, from those the user never touched in the
 * whole log. Ranking among so few is easy and reorders methods (Krichene and Rendle 2020): only for setting
 * beside published numbers that were made like this.
 *
 * @throws when a user has touched so much that too little is left.
 */
export function sampledCandidates(
  interactions: Interactions,
  task: Task,
  { random, negatives = 99 }: { readonly random: Random; readonly negatives?: number },
): Candidates {
  const items = interactions.itemIds.length;
  const { users } = task.histories;
  const touched = new Map<number, Set<number>>(Array.from(users, (user) => [user, new Set()]));
  for (let row = 0; row < interactions.size; row++)
    touched.get(interactions.users[row])?.add(interactions.items[row]);
  const candidates = new Map<number, ReadonlySet<number>>();
  users.forEach((user, h) => {
    const own = touched.get(user)!;
    if (items - own.size < negatives)
      throw new Error(
        `sampledCandidates requires ${negatives} items that each user never touched, got ${items - own.size} for user row ${user}`,
      );
    const chosen = new Set(task.relevantItems.subarray(task.relevantOffsets[h], task.relevantOffsets[h + 1]));
    const wanted = chosen.size + negatives;
    const draw = random.fork(`negatives of user ${user}`);
    while (chosen.size < wanted) {
      const item = draw.integer(items);
      if (!own.has(item)) chosen.add(item);
    }
    candidates.set(user, chosen);
  });
  return candidates;
}

/** Places of full rankings held at once: 8 million, 96 MB. */
const placesAtOnce = 2 ** 23;

/**
 * The same recommender, listing only each user's candidates, in its own order. It ranks the whole catalogue and
 * drops what is no candidate, so any recommender will do.
 *
 * @param items N, the size of the catalogue
 * @throws when a user is asked for who has no candidates.
 */
export function amongCandidates(
  recommender: Recommender,
  candidates: Candidates,
  items: number,
): Recommender {
  return {
    name: recommender.name,
    recommend(histories, k, options) {
      const lists = emptyLists(histories.size, k);
      const step = Math.max(1, Math.floor(placesAtOnce / items));
      for (let start = 0; start < histories.size; start += step) {
        const count = Math.min(step, histories.size - start);
        const some = takeHistories(
          histories,
          Int32Array.from({ length: count }, (_, i) => start + i),
        );
        const full = recommender.recommend(some, items, options);
        for (let i = 0; i < count; i++) {
          const allowed = candidates.get(some.users[i]);
          if (!allowed)
            throw new Error(`amongCandidates requires candidates for user row ${some.users[i]}, got none`);
          let place = (start + i) * k;
          const end = place + k;
          for (let at = i * full.k; at < (i + 1) * full.k && place < end; at++) {
            if (!allowed.has(full.items[at])) continue;
            lists.items[place] = full.items[at];
            lists.scores[place++] = full.scores[at];
          }
        }
      }
      return lists;
    },
  };
}
