/**
 * Φ(x), the standard normal distribution, by its power series (Marsaglia 2004): exact to about 1e-15 for |x| < 7.
 * simple-statistics reads it from a table of four digits, and its quantile of .975 is 1.957.
 *
 * @example normalDistribution(1.959963984540054) // 0.975
 */
export function normalDistribution(x: number): number {
  if (x > 7) return 1;
  if (x < -7) return 0;
  let [term, sum] = [x, x];
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + sum * density(x);
}

/**
 * Φ⁻¹(p): an approximation (Abramowitz and Stegun 1964, 26.2.23) made exact by Newton's steps.
 *
 * @param probability in (0, 1)
 * @throws when it is not.
 * @example normalQuantile(0.975) // 1.959963984540054
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1))
    throw new Error(`normalQuantile requires a probability in (0, 1), got ${probability}`);
  const tail = Math.min(probability, 1 - probability);
  const t = Math.sqrt(-2 * Math.log(tail));
  let x =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  // In the far tail Φ's rounding is larger than what is left to mend.
  if (x < 5) for (let step = 0; step < 3; step++) x += (1 - tail - normalDistribution(x)) / density(x);
  return probability < 0.5 ? -x : x;
}

function density(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}
