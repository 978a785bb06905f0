/** ε, the share of choices left to chance, by the round and the step within it, both from 0. */
export type Schedule = (round: number, step: number) => number;

/** The same share always. @example constant(0.1)(50, 0) // .1 */
export const constant =
  (share: number): Schedule =>
  () =>
    share;

/**
 * Evenly from `from` to `to` over so many rounds, and `to` after them.
 *
 * @example linearDecay({ from: 1, to: 0, over: 10 })(5, 0) // .5
 */
export function linearDecay({ from, to, over }: Decay & { readonly over: number }): Schedule {
  return (round) => (over > 0 && round < over ? from + ((to - from) * round) / over : to);
}

/**
 * From `from` towards `to`; what lies between them is halved every `half` rounds.
 *
 * @example exponentialDecay({ from: 1, to: 0, half: 5 })(10, 0) // .25
 */
export function exponentialDecay({ from, to, half }: Decay & { readonly half: number }): Schedule {
  if (!(half > 0)) throw new Error(`exponentialDecay requires a half-life above 0, got ${half}`);
  return (round) => to + (from - to) * 0.5 ** (round / half);
}

interface Decay {
  readonly from: number;
  readonly to: number;
}
