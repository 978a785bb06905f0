import { type Random, shuffle } from "../math/random";
import type { Histories } from "./histories";

/**
 * The same histories with the entries of each in a random order: what a method loses on them is what it knew
 * from the order alone. Each history has a random stream of its own user, so that it comes out the same
 * whatever others it is asked about with.
 *
 * @example shuffleHistories(task.histories, random(1))
 */
export function shuffleHistories(histories: Histories, random: Random): Histories {
  const { size, users, offsets } = histories;
  const items = new Int32Array(histories.items.length);
  const weights = new Float32Array(items.length);
  const rows = new Int32Array(items.length);
  for (let h = 0; h < size; h++) {
    const [start, end] = [offsets[h], offsets[h + 1]];
    const places = Int32Array.from({ length: end - start }, (_, i) => start + i);
    shuffle(places, random.fork(`history of user ${users[h]}`));
    places.forEach((from, i) => {
      items[start + i] = histories.items[from];
      weights[start + i] = histories.weights[from];
      rows[start + i] = histories.rows[from];
    });
  }
  return { ...histories, items, weights, rows };
}
