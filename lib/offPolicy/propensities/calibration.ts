import { wilsonInterval } from "../../math/wilsonInterval";
import type { RoundDistributions } from "./choiceColumns";

/** Pairs of a round and an action whose predicted probabilities are alike, and how often the action was chosen. */
export interface ReliabilityBin {
  /** How many pairs. */
  readonly pairs: number;
  /** In how many of them the action was chosen. */
  readonly chosen: number;
  /** Mean predicted probability. */
  readonly predicted: number;
  /** chosen / pairs, which a calibrated model matches. */
  readonly frequency: number;
  /** 95% interval of the frequency (Wilson). */
  readonly lower: number;
  readonly upper: number;
  /** Smallest and largest probability in the bin. */
  readonly from: number;
  readonly to: number;
}

export interface Reliability {
  /** From small to large probabilities. */
  readonly bins: readonly ReliabilityBin[];
  /**
   * ½ Σ over bins of |chosen − expected| / n: the share of the probability that stands in the wrong bin, 0 to 1. For two
   * actions the usual expected calibration error (Guo and others 2017, equation 3).
   */
  readonly expectedCalibrationError: number;
}

/** Cells of a fine histogram over log p, of which the bins are made. */
const [smallest, cellsPerDecade] = [1e-10, 100];
const cells = 10 * cellsPerDecade + 1;

/**
 * Whether probabilities mean what they say: of all pairs (round, action) that were given about p, is a share p chosen?
 *
 * A propensity's inverse is what is used of it, so small ones count as much as large ones: bins are cut so that each
 * holds about the same *expected number of choices*, not the same stretch of [0, 1], where nearly all actions of a
 * large catalogue would lie in the first. Pairs of one round are not independent (one action is chosen), which
 * makes the intervals a little wide; many rounds of one user make them too narrow.
 *
 * @param distributions of models that did not see the rounds
 * @param actions [n] what was chosen
 * @param options.bins about how many; 10 by default. Where many pairs have one probability there are fewer.
 * @throws when there is no round or no bin.
 * @example // two actions, ten rounds, all told (.8, .2), seven chose the first: bins (.2, 3/10) and (.8, 7/10), error .1
 */
export function reliabilityOf(
  distributions: RoundDistributions,
  actions: Int32Array,
  { bins = 10 }: { readonly bins?: number } = {},
): Reliability {
  if (actions.length === 0) throw new Error("reliabilityOf requires at least one round, got none");
  if (!(Number.isSafeInteger(bins) && bins >= 1))
    throw new Error(`reliabilityOf requires at least 1 bin, got ${bins}`);
  const [pairs, expected, chosen] = [column(0), column(0), column(0)];
  const [from, to] = [column(1), column(0)];
  const shares = new Float64Array(distributions.actionCount);
  actions.forEach((action, i) => {
    distributions.write(i, shares);
    shares.forEach((share, a) => {
      const cell = Math.max(0, Math.ceil(cellsPerDecade * Math.log10(Math.max(share, smallest) / smallest)));
      const at = Math.min(cell, cells - 1);
      pairs[at]++;
      expected[at] += share;
      if (a === action) chosen[at]++;
      from[at] = Math.min(from[at], share);
      to[at] = Math.max(to[at], share);
    });
  });
  const found: ReliabilityBin[] = [];
  const share = actions.length / bins;
  let [wrong, reached, first] = [0, 0, 0];
  let own = { pairs: 0, expected: 0, chosen: 0 };
  const close = (end: number): void => {
    if (own.pairs === 0) return;
    wrong += Math.abs(own.chosen - own.expected) / 2;
    found.push({
      ...{ pairs: own.pairs, chosen: own.chosen },
      predicted: own.expected / own.pairs,
      frequency: own.chosen / own.pairs,
      ...wilsonInterval(own.chosen, own.pairs),
      from: from.subarray(first, end).reduce((a, b) => Math.min(a, b)),
      to: to.subarray(first, end).reduce((a, b) => Math.max(a, b)),
    });
    first = end;
    own = { pairs: 0, expected: 0, chosen: 0 };
  };
  for (let cell = 0; cell < cells; cell++) {
    // A cell that fills a bin alone is not put together with smaller probabilities, whose errors it would hide.
    if (expected[cell] >= share) close(cell);
    const partBefore = Math.floor(reached / share);
    reached += expected[cell];
    own = {
      pairs: own.pairs + pairs[cell],
      expected: own.expected + expected[cell],
      chosen: own.chosen + chosen[cell],
    };
    // A bin ends where the choices expected so far fill another part of them all.
    if (Math.floor(reached / share + 1e-9) > partBefore) close(cell + 1);
  }
  close(cells);
  return { bins: found, expectedCalibrationError: wrong / actions.length };
}

function column(value: number): Float64Array {
  return new Float64Array(cells).fill(value);
}
