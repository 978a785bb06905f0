import { normalDistribution, normalQuantile } from "./normal";

/** From so many degrees of freedom on the expansion of a quantile, and a normal distribution, are exact to 1e-9 but for the far tail. */
const many = { expansion: 2000, normal: 100_000 };

/**
 * The distribution of Student's t by the incomplete beta function's continued fraction (Press et al. 1992, section
 * 6.4): exact to about 1e-12; for very many degrees of freedom from the normal distribution.
 *
 * @param degrees of freedom, above 0, whole or not
 * @example tDistribution(2.7764, 4) // .975
 */
export function tDistribution(t: number, degrees: number): number {
  if (!(degrees > 0)) throw new Error(`tDistribution requires degrees of freedom above 0, got ${degrees}`);
  if (Number.isNaN(t)) return Number.NaN;
  const tail = tailOf(Math.abs(t), degrees);
  return t < 0 ? tail : 1 - tail;
}

/** P(T > t) of a t of at least 0. */
function tailOf(t: number, degrees: number): number {
  if (t === 0) return 0.5;
  if (t === Number.POSITIVE_INFINITY) return 0;
  // Abramowitz and Stegun 1964, 26.7.8
  if (degrees >= many.normal)
    return normalDistribution((-t * (1 - 1 / (4 * degrees))) / Math.sqrt(1 + (t * t) / (2 * degrees)));
  return incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2;
}

/**
 * Quantile of Student's t: Fisher and Cornish's expansion (Abramowitz and Stegun 1964, 26.7.5), which is all there is
 * to do for many degrees of freedom, and for few made exact within a bracket by Newton's steps.
 *
 * @example tQuantile(0.975, 4) // 2.7764
 */
export function tQuantile(probability: number, degrees: number): number {
  if (!(degrees > 0)) throw new Error(`tQuantile requires degrees of freedom above 0, got ${degrees}`);
  const x = Math.abs(normalQuantile(probability));
  const tail = Math.min(probability, 1 - probability);
  const sign = probability < 0.5 ? -1 : 1;
  const terms = [
    (x ** 3 + x) / 4,
    (5 * x ** 5 + 16 * x ** 3 + 3 * x) / 96,
    (3 * x ** 7 + 19 * x ** 5 + 17 * x ** 3 - 15 * x) / 384,
    (79 * x ** 9 + 776 * x ** 7 + 1482 * x ** 5 - 1920 * x ** 3 - 945 * x) / 92160,
  ];
  const expanded = terms.reduce((sum, term, power) => sum + term / degrees ** (power + 1), x);
  if (tail === 0.5) return 0;
  if (degrees >= many.expansion) return sign * expanded;
  let [low, high] = [0, Math.max(1, 2 * x)];
  while (tailOf(high, degrees) > tail) [low, high] = [high, 2 * high];
  let t = expanded > low && expanded < high ? expanded : (low + high) / 2;
  for (let step = 0; step < 100; step++) {
    const off = tailOf(t, degrees) - tail;
    if (off > 0) low = t;
    else high = t;
    const next = t + off / densityOf(t, degrees);
    const moved = next > low && next < high ? next : (low + high) / 2;
    if (Math.abs(moved - t) <= 1e-14 * t) break;
    t = moved;
  }
  return sign * t;
}

function densityOf(t: number, degrees: number): number {
  const log =
    logGamma((degrees + 1) / 2) -
    logGamma(degrees / 2) -
    ((degrees + 1) / 2) * Math.log1p((t * t) / degrees) -
    0.5 * Math.log(degrees * Math.PI);
  return Math.exp(log);
}

/** I_x(a, b). */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(a, b, x)) / a
    : 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

/** Lentz's evaluation of the fraction. */
function betaFraction(a: number, b: number, x: number): number {
  const away = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const part of [even, odd]) {
      d = 1 / away(1 + part * d);
      c = away(1 + part / c);
      change = c * d;
      fraction *= change;
    }
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return fraction;
}

/** ln Γ(x) by Lanczos's series (g = 7, nine terms), for x above 0. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const terms = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const y = x - 1;
  const sum = terms.reduce((total, term, i) => total + term / (y + i + 1), 0.99999999999980993);
  const shifted = y + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(shifted) - shifted + Math.log(sum);
}
