/**
 * LinUCB, learning by acting (Li, Chu, Langford and Schapire 2010, Algorithm 1, with one model for all choices):
 *
 *   score(x) = θᵀx + α √(xᵀ A⁻¹ x),   θ = A⁻¹ b,   A ← A + x xᵀ,   b ← b + r x
 *
 * x is made of what could be seen before the choice, and of the choice. A bandit believes that a reward ends the story:
 * it never asks what the reader is like afterwards. With α 0 and chance instead, it is an ε-greedy linear bandit.
 */

import { ridgeRegression } from "../agents/linUcb/ridgeRegression";
import { eachChoice, type OnlineLearner, type ScoredLearnerParts, scoredLearner } from "./onlineLearner";
import { constant } from "./onlineSchedules";

export interface LinUcbLearnerOptions extends Pick<ScoredLearnerParts, "choices" | "width" | "epsilon"> {
  readonly name?: string;
  /** d: numbers in a context */
  readonly size: number;
  /** x [d] of an observation [O], before the choice, and a choice. */
  readonly context: (observation: Float32Array, choice: number) => ArrayLike<number>;
  /** How much the unknown is favoured; 1 by default. */
  readonly alpha?: number;
  /** λ: A begins as λI; 1 by default. */
  readonly ridge?: number;
}

/** A learner whose coefficients can be looked at. */
export interface LinUcbLearner extends OnlineLearner {
  /** θ [d] */
  coefficients(): Float64Array;
}

/**
 * A linear bandit over contexts of one's own. ε is 0 by default: the bonus explores.
 *
 * @throws on a context of another size.
 * @example // a rate of engagement and how often it was tried: what counts hold of each of ten items
 * linUcbLearner({ choices: 10, width: 20, size: 3, context: (seen, k) => [1, seen[10 + k] / (seen[k] + 1), seen[k]] })
 */
export function linUcbLearner(options: LinUcbLearnerOptions): LinUcbLearner {
  const { choices, width, size, context, alpha = 1, ridge = 1, epsilon = constant(0) } = options;
  const { name = "lin-ucb" } = options;
  const model = ridgeRegression(size, { ridge });
  const contextOf = (observation: Float32Array, choice: number): ArrayLike<number> => {
    const x = context(observation, choice);
    if (x.length !== size) throw new Error(`${name} requires contexts of ${size} numbers, got ${x.length}`);
    return x;
  };
  const scored = (observations: Float32Array, favour: number): Float64Array => {
    const theta = model.coefficients();
    return eachChoice({ choices, width }, (observation, choice) => {
      const x = contextOf(observation, choice);
      let score = favour > 0 ? favour * model.width(x) : 0;
      for (let k = 0; k < size; k++) score += theta[k] * x[k];
      return score;
    })(observations);
  };
  const learner = scoredLearner({
    ...{ name, choices, width, epsilon },
    values: (observations) => scored(observations, 0),
    scores: (observations) => scored(observations, alpha),
    learn({ observations, choice, result, live }) {
      for (let i = 0; i < live.length; i++) {
        if (live[i] === 0) continue;
        const before = observations.subarray(i * width, (i + 1) * width);
        model.observe(contextOf(before, choice.actions[i]), result.rewards[i]);
      }
    },
  });
  return { ...learner, coefficients: () => model.coefficients() };
}
