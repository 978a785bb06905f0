import { historiesOf } from "../data/histories";
import type { Interactions } from "../data/interactions";

/** A binary matrix users × items in both orders: the items of each user, and the users of each item. */
export interface UserItemMatrix {
  /** Users with at least one row; they are numbered 0 .. users - 1 here. */
  readonly users: number;
  readonly items: number;
  /** [users + 1] and their items, ascending, each once. */
  readonly userOffsets: Int32Array;
  readonly userItems: Int32Array;
  /** [items + 1] and their users, ascending. */
  readonly itemOffsets: Int32Array;
  readonly itemUsers: Int32Array;
}

/** Builds the matrix of some rows of the log; an item that comes twice for a user counts once. */
export function userItemMatrix(interactions: Interactions, rows: Int32Array): UserItemMatrix {
  const histories = historiesOf(interactions, rows);
  const items = interactions.itemIds.length;
  const userOffsets = new Int32Array(histories.size + 1);
  const userItems = new Int32Array(histories.items.length);
  const itemOffsets = new Int32Array(items + 1);
  let size = 0;
  for (let user = 0; user < histories.size; user++) {
    const seen = histories.items.slice(histories.offsets[user], histories.offsets[user + 1]).sort();
    for (let i = 0; i < seen.length; i++) {
      if (i > 0 && seen[i] === seen[i - 1]) continue;
      userItems[size++] = seen[i];
      itemOffsets[seen[i] + 1]++;
    }
    userOffsets[user + 1] = size;
  }
  for (let item = 0; item < items; item++) itemOffsets[item + 1] += itemOffsets[item];
  const next = itemOffsets.slice();
  const itemUsers = new Int32Array(size);
  for (let user = 0; user < histories.size; user++)
    for (let e = userOffsets[user]; e < userOffsets[user + 1]; e++) itemUsers[next[userItems[e]]++] = user;
  return {
    users: histories.size,
    items,
    userOffsets,
    userItems: userItems.slice(0, size),
    itemOffsets,
    itemUsers,
  };
}
