import { type Scalar, tf, type Variable } from "./tf";

/**
 * Moves every target variable a little towards its source: target ← (1 − rate) · target + rate · source
 * (Lillicrap et al. 2015, Algorithm 1, last line; the paper's τ is `rate`).
 *
 * @param rate 0 leaves the targets, 1 copies the sources; a tensor where it differs from call to call of a compiled step
 * @throws when the lists differ in length or shape, or the rate lies outside [0, 1].
 * @example target 0, source 1, rate .005: target .005
 */
export function softUpdate(
  targets: readonly Variable[],
  sources: readonly Variable[],
  rate: number | Scalar,
): void {
  if (typeof rate === "number" && !(rate >= 0 && rate <= 1))
    throw new Error(`softUpdate requires a rate in [0, 1], got ${rate}`);
  if (targets.length !== sources.length || targets.length === 0)
    throw new Error(
      `softUpdate requires as many targets as sources, at least one, got ${targets.length} and ${sources.length}`,
    );
  tf().tidy(() => {
    const share = typeof rate === "number" ? tf().scalar(rate) : rate;
    for (let i = 0; i < targets.length; i++) {
      const [target, source] = [targets[i], sources[i]];
      if (target.shape.join() !== source.shape.join())
        throw new Error(`softUpdate requires equal shapes, got [${target.shape}] and [${source.shape}]`);
      target.assign(rate === 1 ? source.clone() : target.add(source.sub(target).mul(share)));
    }
  });
}
