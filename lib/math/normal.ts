/**
 * Φ(x), the standard normal distribution, by its power series (Marsaglia 2004): exact to about 1e-15 for |x| < 7.
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

/**
 * Quantile of Student's t by Fisher and Cornish's expansion (Abramowitz and Stegun 1964, 26.7.5): within 1e-3 from
 * five degrees of freedom on.
 *
 * @example tQuantile(0.975, 10) // 2.2281
 */
export function tQuantile(probability: number, degrees: number): number {
  if (!(degrees >= 1)) throw new Error(`tQuantile requires at least 1 degree of freedom, got ${degrees}`);
  const x = normalQuantile(probability);
  const terms = [
    (x ** 3 + x) / 4,
    (5 * x ** 5 + 16 * x ** 3 + 3 * x) / 96,
    (3 * x ** 7 + 19 * x ** 5 + 17 * x ** 3 - 15 * x) / 384,
    (79 * x ** 9 + 776 * x ** 7 + 1482 * x ** 5 - 1920 * x ** 3 - 945 * x) / 92160,
  ];
  return terms.reduce((sum, term, power) => sum + term / degrees ** (power + 1), x);
}

function density(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}
