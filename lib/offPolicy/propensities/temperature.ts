import type { RoundDistributions } from "./choiceColumns";

/** Temperatures are looked for between 1/100 and 100. */
const widest = 100;

/**
 * The same distributions at a temperature: ∝ p^(1/T). Above 1 they are flatter, below 1 sharper.
 *
 * @throws when the temperature is not above 0.
 * @example // (.8, .2) at T = .5: (.64, .04) / .68
 */
export function atTemperature(distributions: RoundDistributions, temperature: number): RoundDistributions {
  if (!(temperature > 0)) throw new Error(`atTemperature requires a temperature above 0, got ${temperature}`);
  const { size, actionCount } = distributions;
  return {
    ...{ size, actionCount },
    write(round, into) {
      distributions.write(round, into);
      if (temperature === 1) return;
      // From the largest, so that small shares do not vanish before they are divided.
      let [largest, sum] = [0, 0];
      for (const share of into) largest = Math.max(largest, share);
      for (let a = 0; a < actionCount; a++) {
        into[a] = (into[a] / largest) ** (1 / temperature);
        sum += into[a];
      }
      for (let a = 0; a < actionCount; a++) into[a] /= sum;
    },
  };
}

/**
 * The temperature at which distributions make the chosen actions most likely (Guo, Pleiss, Sun and Weinberger 2017,
 * section 4.2), between 1/100 and 100. To be given distributions of models that did not see the rounds: on rounds a
 * model has seen it looks too good, and the temperature comes out too low.
 *
 * −log likelihood is convex in β = 1/T with slope mean(E_β[log p] − log p_a) and curvature mean(Var_β[log p]): Newton's
 * steps, halving the bracket where one leaves it.
 *
 * @throws when a chosen action has no probability.
 * @example // rounds that follow q, told by p ∝ q²: T = 2
 */
export function fittedTemperature(distributions: RoundDistributions, actions: Int32Array): number {
  let [low, high] = [1 / widest, widest];
  const slopeAt = (inverse: number) => slopes(distributions, actions, inverse);
  // Where every distribution is flat no temperature changes it.
  if (slopeAt(1).curvature < 1e-15) return 1;
  if (slopeAt(low).slope >= 0) return widest;
  if (slopeAt(high).slope <= 0) return 1 / widest;
  let inverse = 1;
  for (let step = 0; step < 100; step++) {
    const { slope, curvature } = slopeAt(inverse);
    if (slope > 0) high = inverse;
    else low = inverse;
    const newton = inverse - slope / curvature;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - inverse) <= 1e-9 * inverse) return 1 / next;
    inverse = next;
  }
  return 1 / inverse;
}

function slopes(
  distributions: RoundDistributions,
  actions: Int32Array,
  inverse: number,
): { readonly slope: number; readonly curvature: number } {
  const logs = new Float64Array(distributions.actionCount);
  let [slope, curvature] = [0, 0];
  actions.forEach((action, i) => {
    distributions.write(i, logs);
    let largest = Number.NEGATIVE_INFINITY;
    for (let a = 0; a < logs.length; a++) {
      logs[a] = Math.log(logs[a]);
      largest = Math.max(largest, logs[a]);
    }
    const own = logs[action];
    if (own === Number.NEGATIVE_INFINITY)
      throw new Error(`fittedTemperature requires probabilities above 0, got 0 in round ${i + 1}`);
    let [sum, first, second] = [0, 0, 0];
    for (const log of logs) {
      if (log === Number.NEGATIVE_INFINITY) continue;
      const weight = Math.exp(inverse * (log - largest));
      sum += weight;
      first += weight * log;
      second += weight * log * log;
    }
    slope += first / sum - own;
    curvature += second / sum - (first / sum) ** 2;
  });
  return { slope: slope / actions.length, curvature: curvature / actions.length };
}
