import type { RoundDistributions } from "./choiceColumns";

/**
 * The same distributions mixed with a uniform draw from what they allow at all: (1 − δ) p + δ / |{a : p(a) > 0}|. A model
 * that is too sure of what is rare gives weights without measure; a floor says that people also choose what nobody could
 * foresee.
 *
 * @param share δ in [0, 1]
 * @throws when it is not.
 * @example // (.9, .1, 0) with δ = .5: (.7, .3, 0)
 */
export function withFloor(distributions: RoundDistributions, share: number): RoundDistributions {
  if (!(share >= 0 && share <= 1)) throw new Error(`withFloor requires a share in [0, 1], got ${share}`);
  const { size, actionCount } = distributions;
  return {
    ...{ size, actionCount },
    write(round, into) {
      distributions.write(round, into);
      let open = 0;
      for (let a = 0; a < actionCount; a++) if (into[a] > 0) open++;
      for (let a = 0; a < actionCount; a++) if (into[a] > 0) into[a] = (1 - share) * into[a] + share / open;
    },
  };
}

/**
 * The δ under which the chosen actions are most likely, by expectation and maximisation (Dempster, Laird and Rubin 1977):
 * how many of the choices does the floor explain better? To be given distributions of models that did not see the rounds.
 *
 * @throws when a chosen action has no probability.
 * @example // distributions that are right: 0; chosen at random whatever they say: 1
 */
export function fittedFloor(distributions: RoundDistributions, actions: Int32Array): number {
  const shares = new Float64Array(distributions.actionCount);
  const floors = new Float64Array(actions.length);
  const chosen = Float64Array.from(actions, (action, i) => {
    distributions.write(i, shares);
    if (!(shares[action] > 0))
      throw new Error(`fittedFloor requires probabilities above 0, got ${shares[action]} in round ${i + 1}`);
    let open = 0;
    for (const share of shares) if (share > 0) open++;
    floors[i] = 1 / open;
    return shares[action];
  });
  let share = 0.5;
  for (let step = 0; step < 2000; step++) {
    let next = 0;
    for (let i = 0; i < chosen.length; i++) {
      const floor = share * floors[i];
      next += floor / (floor + (1 - share) * chosen[i]);
    }
    next /= chosen.length;
    if (Math.abs(next - share) < 1e-9) return next;
    share = next;
  }
  return share;
}
