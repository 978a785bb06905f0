import type { Random } from "./random";

/**
 * Draws from a gamma distribution of scale 1 (Marsaglia and Tsang 2000, A simple method for generating gamma variables;
 * for shapes below 1 one of shape + 1 times a uniform to the power 1 / shape).
 *
 * @param shape above 0
 */
export function gamma(shape: number, random: Random): number {
  if (!(shape > 0)) throw new Error(`gamma requires a shape above 0, got ${shape}`);
  if (shape < 1) return gamma(shape + 1, random) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
  }
}

/**
 * Shares that sum to 1, from a symmetric Dirichlet distribution: small concentrations make a few large ones.
 *
 * @example dirichlet(3, 1000, random(1)) // all near 1/3
 */
export function dirichlet(size: number, concentration: number, random: Random): Float64Array {
  const draws = Float64Array.from({ length: size }, () => gamma(concentration, random));
  const sum = draws.reduce((total, draw) => total + draw, 0);
  return sum > 0 ? draws.map((draw) => draw / sum) : draws.map((_, i) => (i === 0 ? 1 : 0));
}
