import { type Random, shuffle } from "../../math/random";

/**
 * Deals rounds into folds of nearly equal size at random; all rounds of one user into the same.
 *
 * @param options.users [n] whose round it is, as rows from 0; each round is on its own without
 * @param options.folds k, from 2; 5 by default
 * @returns [n] fold of each round, from 0
 * @throws when there are fewer users (or rounds) than folds.
 * @example foldsOf(6, random(1), { folds: 3 }) // two rounds in each of 0, 1, 2
 */
export function foldsOf(
  rounds: number,
  random: Random,
  { users, folds = 5 }: { readonly users?: Int32Array; readonly folds?: number } = {},
): Int32Array {
  if (!(Number.isSafeInteger(folds) && folds >= 2))
    throw new Error(`foldsOf requires at least 2 folds, got ${folds}`);
  let owners = 0;
  const owner = new Int32Array(rounds);
  if (users === undefined) {
    for (let i = 0; i < rounds; i++) owner[i] = i;
    owners = rounds;
  } else {
    const places = new Map<number, number>();
    for (let i = 0; i < rounds; i++) {
      const place = places.get(users[i]) ?? places.size;
      places.set(users[i], place);
      owner[i] = place;
    }
    owners = places.size;
  }
  if (owners < folds)
    throw new Error(
      `foldsOf requires at least ${folds} ${users === undefined ? "rounds" : "users"}, got ${owners}`,
    );
  const fold = new Int32Array(owners);
  const order = shuffle(
    Int32Array.from({ length: owners }, (_, i) => i),
    random,
  );
  order.forEach((place, i) => {
    fold[place] = i % folds;
  });
  return owner.map((place) => fold[place]);
}

/** The rows in a fold, and those outside it. */
export function rowsOfFold(
  foldOf: Int32Array,
  fold: number,
): { readonly inside: Int32Array; readonly outside: Int32Array } {
  const every = Int32Array.from({ length: foldOf.length }, (_, i) => i);
  return {
    inside: every.filter((row) => foldOf[row] === fold),
    outside: every.filter((row) => foldOf[row] !== fold),
  };
}
