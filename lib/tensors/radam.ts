import { type AdamConfig, adamSettings, type Optimizer } from "./adam";
import { onCall, perCall } from "./perCall";
import { tf, type Variable } from "./tf";

/**
 * Rectified Adam (Liu et al. 2020, Algorithm 2): m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², ρ∞ = 2/(1−β₂) − 1,
 * ρ = ρ∞ − 2tβ₂ᵗ/(1−β₂ᵗ). While the spread of gradients is not known yet (ρ ≤ 4) a step is α·m/(1−β₁ᵗ);
 * afterwards it is α·r·m̂/(√v̂ + ε) with r = √[(ρ−4)(ρ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρ)]. So the first steps need no
 * hand-made warm-up. Settings as in `adam`.
 *
 * @throws when there is no variable, or a setting lies outside its range.
 * @example with β₂ = .999, the first 5 steps are plain momentum, without the division by √v
 */
export function radam(variables: readonly Variable[], config: AdamConfig): Optimizer {
  const { learningRate, momentDecay, squareDecay, epsilon } = adamSettings("radam", variables, config);
  const own = [...variables];
  const zeros = (variable: Variable): Variable =>
    tf().tidy(() => tf().variable(tf().zeros(variable.shape), false));
  const means = own.map(zeros);
  const squares = own.map(zeros);
  let steps = 0;
  return {
    variables: own,
    own: [...means, ...squares],
    apply(gradients) {
      if (gradients.length !== own.length)
        throw new Error(`radam.apply requires ${own.length} gradients, got ${gradients.length}`);
      onCall(() => void steps++);
      const rectified = (): number | undefined => rectification(steps, squareDecay);
      tf().tidy(() => {
        // Without rectification the divisor is 1: √v counts nothing.
        const rate = perCall(() => (learningRate / (1 - momentDecay ** steps)) * (rectified() ?? 1));
        const correction = perCall(() =>
          rectified() === undefined ? Number.POSITIVE_INFINITY : Math.sqrt(1 - squareDecay ** steps),
        );
        const least = perCall(() => (rectified() === undefined ? 1 : epsilon));
        for (const [i, variable] of own.entries()) {
          const [mean, square, gradient] = [means[i], squares[i], gradients[i]];
          mean.assign(mean.mul(momentDecay).add(gradient.mul(1 - momentDecay)));
          square.assign(square.mul(squareDecay).add(gradient.square().mul(1 - squareDecay)));
          const move = mean.mul(rate).div(square.sqrt().div(correction).add(least));
          variable.assign(variable.sub(move));
        }
      });
    },
    state: () => ({
      steps,
      moments: own.flatMap((_, i) =>
        [means[i], squares[i]].map((each) => Float32Array.from(each.dataSync())),
      ),
    }),
    restore(state) {
      if (state.moments.length !== 2 * own.length)
        throw new Error(`radam.restore requires ${2 * own.length} moments, got ${state.moments.length}`);
      steps = state.steps;
      tf().tidy(() => {
        for (const [i, variable] of own.entries()) {
          means[i].assign(tf().tensor(state.moments[2 * i], variable.shape, "float32"));
          squares[i].assign(tf().tensor(state.moments[2 * i + 1], variable.shape, "float32"));
        }
      });
    },
    dispose() {
      for (const variable of [...means, ...squares]) variable.dispose();
    },
  };
}

/** r of step t, or nothing while ρ ≤ 4. */
export function rectification(step: number, squareDecay: number): number | undefined {
  const longest = 2 / (1 - squareDecay) - 1;
  const power = squareDecay ** step;
  const length = longest - (2 * step * power) / (1 - power);
  if (length <= 4) return undefined;
  return Math.sqrt(((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length));
}
