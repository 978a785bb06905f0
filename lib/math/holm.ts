/**
 * p values of several tests made at once, corrected so that the chance of one wrong rejection among all of them stays
 * below the level asked for (Holm 1979): the smallest times m, the next times m − 1, ..., none below one before it.
 *
 * @returns in the order given; at most 1
 * @throws when one is not in [0, 1].
 * @example holm([0.01, 0.04, 0.03, 0.005]) // [.03, .06, .06, .02]
 */
export function holm(pValues: readonly number[]): number[] {
  for (const p of pValues) if (!(p >= 0 && p <= 1)) throw new Error(`holm requires p in [0, 1], got ${p}`);
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a] - pValues[b] || a - b);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((test, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[test]));
    adjusted[test] = largest;
  });
  return adjusted;
}
