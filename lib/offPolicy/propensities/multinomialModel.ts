import { minimise } from "../../math/lbfgs";
import { type BehaviourModel, type ChoiceColumns, contextOf } from "./choiceColumns";
import { type SparseContexts, scaleOf, sparseContexts } from "./scaledContexts";

export interface MultinomialOptions {
  /** λ from 0: half of it times the squared slopes is added to the rounds' loss; intercepts are free. 10 by default. */
  readonly ridge?: number;
  /** How many rounds of each action are added as if they had been seen in every context, above 0; 1 by default. */
  readonly pseudoCount?: number;
  /** Of more rounds than these, as many evenly spaced ones are fitted to; 20,000 by default. */
  readonly mostRounds?: number;
  /** The fit ends where no slope of the mean loss is steeper; 1e-5 by default, which leaves the loss to within 1e-6. */
  readonly tolerance?: number;
  /** Of the fit; 500 by default. */
  readonly maxIterations?: number;
}

export interface MultinomialModel extends BehaviourModel {
  /** Mean −log π₀(aᵢ | xᵢ) over the rounds it was fitted to, without the pseudo-counts. */
  readonly loss: number;
  readonly converged: boolean;
}

/** What the loss is taken over. */
export interface MultinomialProblem {
  /** S: how many actions. */
  readonly classes: number;
  /** D */
  readonly width: number;
  /** [m] which of them was chosen. */
  readonly labels: Int32Array;
  readonly contexts: SparseContexts;
  readonly ridge: number;
}

/**
 * Multinomial logistic regression (Böhning 1992): mean of −log softmax(b + Wᵀx)_a over the rounds, plus λ/2m · Σ W².
 *
 * @param weights [(D + 1) × S]: the intercepts, then a row of slopes for each number of the context
 * @param gradient [(D + 1) × S], written
 */
export function multinomialLoss(
  { classes, width, labels, contexts, ridge }: MultinomialProblem,
  weights: Float64Array,
  gradient: Float64Array,
): number {
  const { offsets, columns, values } = contexts;
  const shares = new Float64Array(classes);
  const size = labels.length;
  gradient.fill(0);
  let loss = 0;
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < classes; c++) shares[c] = weights[c];
    for (let e = offsets[i]; e < offsets[i + 1]; e++) {
      const [from, value] = [(columns[e] + 1) * classes, values[e]];
      for (let c = 0; c < classes; c++) shares[c] += value * weights[from + c];
    }
    const label = labels[i];
    const own = shares[label];
    loss += softmaxInPlace(shares) - own;
    shares[label] -= 1;
    for (let c = 0; c < classes; c++) gradient[c] += shares[c];
    for (let e = offsets[i]; e < offsets[i + 1]; e++) {
      const [from, value] = [(columns[e] + 1) * classes, values[e]];
      for (let c = 0; c < classes; c++) gradient[from + c] += value * shares[c];
    }
  }
  for (let w = classes; w < (width + 1) * classes; w++) {
    loss += (ridge / 2) * weights[w] ** 2;
    gradient[w] += ridge * weights[w];
  }
  for (let w = 0; w < gradient.length; w++) gradient[w] /= size;
  return loss / size;
}

/** Logits become shares; gives log Σ exp of them. */
function softmaxInPlace(logits: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < logits.length; c++) largest = Math.max(largest, logits[c]);
  let sum = 0;
  for (let c = 0; c < logits.length; c++) {
    logits[c] = Math.exp(logits[c] - largest);
    sum += logits[c];
  }
  for (let c = 0; c < logits.length; c++) logits[c] /= sum;
  return largest + Math.log(sum);
}

/**
 * A model of the log's policy, π₀(a | x) = (1 − ε) softmax(b + Wᵀx)_a + ε / A, fitted to some rounds by L-BFGS from the
 * frequencies. ε = pseudoCount · A / (m + pseudoCount · A) for m rounds: without contexts that is exactly
 * (m_a + pseudoCount) / (m + pseudoCount · A), and no action gets 0. Actions that the rounds do not hold get ε / A alone.
 *
 * A step costs m · A · (D without its zeros) multiplications: seconds for 10,000 rounds of 100 actions.
 *
 * @param given the rounds it may see
 * @throws when there is no row, or an option is out of range.
 * @example const model = multinomialModel(choices, rows); model.write(context, into) // into sums to 1
 */
export function multinomialModel(
  choices: ChoiceColumns,
  given: Int32Array,
  {
    ridge = 10,
    pseudoCount = 1,
    mostRounds = 20_000,
    tolerance = 1e-5,
    maxIterations = 500,
  }: MultinomialOptions = {},
): MultinomialModel {
  const rows = evenly(given, mostRounds);
  if (rows.length === 0) throw new Error("multinomialModel requires at least one round, got none");
  if (!(ridge >= 0)) throw new Error(`multinomialModel requires a ridge of at least 0, got ${ridge}`);
  if (!(pseudoCount > 0))
    throw new Error(`multinomialModel requires a pseudo-count above 0, got ${pseudoCount}`);
  const { actionCount, width } = choices;
  const counts = new Float64Array(actionCount);
  for (const row of rows) counts[choices.actions[row]]++;
  const seen = Int32Array.from([...counts.keys()].filter((action) => counts[action] > 0));
  const classOf = new Int32Array(actionCount).fill(-1);
  seen.forEach((action, c) => {
    classOf[action] = c;
  });
  const scale = scaleOf(choices, rows);
  const classes = seen.length;
  const problem: MultinomialProblem = {
    ...{ classes, width, ridge },
    labels: Int32Array.from(rows, (row) => classOf[choices.actions[row]]),
    contexts: sparseContexts(choices, rows, scale),
  };
  const start = new Float64Array((width + 1) * classes);
  seen.forEach((action, c) => {
    start[c] = Math.log(counts[action] / rows.length);
  });
  const fitted = minimise((weights, gradient) => multinomialLoss(problem, weights, gradient), start, {
    maxIterations,
    tolerance,
  });
  const weights = fitted.at;
  let penalty = 0;
  for (let w = classes; w < weights.length; w++) penalty += weights[w] ** 2;
  const mixed = (pseudoCount * actionCount) / (rows.length + pseudoCount * actionCount);
  const shares = new Float64Array(classes);
  return {
    loss: fitted.value - (ridge * penalty) / (2 * rows.length),
    converged: fitted.converged,
    write(context, into) {
      for (let c = 0; c < classes; c++) shares[c] = weights[c];
      for (let d = 0; d < width; d++) {
        const value = (context[d] - scale.centre[d]) * scale.scale[d];
        if (value === 0) continue;
        for (let c = 0; c < classes; c++) shares[c] += value * weights[(d + 1) * classes + c];
      }
      softmaxInPlace(shares);
      into.fill(mixed / actionCount);
      for (let c = 0; c < classes; c++) into[seen[c]] += (1 - mixed) * shares[c];
    },
  };
}

/** As many rows at equal distances, from the first on; all where there are not more. */
function evenly(rows: Int32Array, most: number): Int32Array {
  if (!(most >= 1)) throw new Error(`multinomialModel requires mostRounds of at least 1, got ${most}`);
  if (rows.length <= most) return rows;
  return Int32Array.from({ length: most }, (_, i) => rows[Math.floor((i * rows.length) / most)]);
}

/** Mean −log of what a model says of some rounds' actions: how well it fits rounds it may not have seen. */
export function logLossOf(model: BehaviourModel, choices: ChoiceColumns, rows: Int32Array): number {
  const shares = new Float64Array(choices.actionCount);
  let loss = 0;
  for (const row of rows) {
    model.write(contextOf(choices, row), shares);
    loss -= Math.log(shares[choices.actions[row]]);
  }
  return loss / rows.length;
}
