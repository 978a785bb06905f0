import { z } from "zod";
import { parseSettings } from "../../data/settings";
import type { Random } from "../../math/random";
import { adam } from "../../tensors/adam";
import { gradientStep } from "../../tensors/gradientStep";
import { requireShape } from "../../tensors/shapes";
import { type Scalar, type Tensor2D, tf } from "../../tensors/tf";
import { actionValues } from "./actionValues";
import { type FittedQ, type FittedQOptions, fittedQIteration } from "./fittedQIteration";
import { type FittedQSteps, stepsByPlace } from "./fittedQSteps";
import type { Trajectories } from "./trajectories";

export const fittedQSettings = z.strictObject({
  hidden: z
    .array(z.int().min(1))
    .readonly()
    .default([64, 64])
    .describe("widths of the hidden layers, possibly none"),
  learningRate: z.number().gt(0).default(0.003).describe("step size of Adam"),
  batchSize: z.int().min(1).default(256).describe("steps of the log in a batch; all where there are fewer"),
  gradientSteps: z.int().min(1).default(200).describe("gradient steps a round"),
  iterations: z
    .int()
    .min(1)
    .default(50)
    .describe("rounds of an endless fit: each looks one step further ahead"),
});

export type FittedQConfig = Readonly<z.output<typeof fittedQSettings>>;

export interface FittedQNeuralOptions extends Pick<FittedQOptions, "terminals" | "learnFrom" | "endless"> {
  readonly random: Random;
  readonly config?: z.input<typeof fittedQSettings>;
}

/** How many state-action pairs are valued at once. */
const pairsAtOnce = 8192;

/**
 * Fitted Q evaluation by a small network. Each round regresses on targets that were written down before it began, and
 * starts from the round before: the network of that round is the target network, held for the whole round.
 *
 * The network learns in units of the rewards' root mean square, so that the step size need not know them.
 *
 * @returns model, losses (mean squared error a round, at the batches, in units of the rewards) and alarm; no tensors
 * @throws as fittedQIteration; on unknown or bad settings by name; when columns do not fit the log or each other.
 * @example
 * const steps = { states, stateSize: 8, actions, actionCount: 5, probabilities }; // [n × 8], [n], [n × 5]
 * fittedQ(log, steps, { random: random(1) }).model.expected // [n]
 */
export function fittedQ(
  log: Trajectories,
  steps: FittedQSteps,
  { random, config: changes = {}, ...options }: FittedQNeuralOptions,
): FittedQ {
  const config = parseSettings("fittedQ", fittedQSettings, changes);
  const { states, actions, probabilities, candidates, perState } = stepsByPlace(log, steps);
  const { stateSize, actionCount, actionVectors } = steps;
  const n = actions.length;
  const { hidden, learningRate } = config;
  const q = actionValues({ stateSize, actionCount, actionVectors, hidden, random: random.fork("weights") });
  const own = q.network.variables;
  const optimizer = adam(own, { learningRate });
  const table: Tensor2D = tf().tensor2d(states, [n, stateSize]);
  const draw = random.fork("batches");
  const unit = rootMeanSquare(log.rewards) || 1;
  try {
    return fittedQIteration(log, { fit, model }, { ...options, iterations: config.iterations, tolerance: 0 });
  } finally {
    q.dispose();
    optimizer.dispose();
    table.dispose();
  }

  function fit(targets: Float64Array, weights: Float64Array): number {
    const places = Int32Array.from(targets.keys()).filter((place) => weights[place] > 0);
    if (places.length === 0) return 0;
    const { batchSize, gradientSteps } = config;
    let loss = 0;
    for (let step = 0; step < gradientSteps; step++) {
      const some =
        places.length <= batchSize
          ? places
          : Int32Array.from({ length: batchSize }, () => places[draw.integer(places.length)]);
      loss += tf().tidy(() => {
        const inputs = tf().gather(table, tf().tensor1d(some, "int32"));
        const taken = tf().tensor1d(
          some.map((place) => actions[place]),
          "int32",
        );
        const column = (value: (place: number) => number): Tensor2D =>
          tf().tensor2d(Float32Array.from(some, value), [some.length, 1]);
        const wanted = column((place) => targets[place] / unit);
        const counted = column((place) => weights[place]);
        return gradientStep(() => weightedSquares(q.chosen(inputs, taken), wanted, counted), own, optimizer);
      });
    }
    return (loss / gradientSteps) * unit * unit;
  }

  function model() {
    const [logged, expected] = [new Float64Array(n), new Float64Array(n)];
    const rowsAtOnce = Math.max(1, Math.floor(pairsAtOnce / (perState + 1)));
    for (let start = 0; start < n; start += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, n - start);
      // The logged action first, then those of the policy under test.
      const asked = new Int32Array(rows * (perState + 1));
      for (let i = 0; i < rows; i++) {
        const place = start + i;
        asked[i * (perState + 1)] = actions[place];
        asked.set(candidates.subarray(place * perState, (place + 1) * perState), i * (perState + 1) + 1);
      }
      const values = tf().tidy(() => q.each(table.slice([start, 0], [rows, stateSize]), asked));
      for (let i = 0; i < rows; i++) {
        const place = start + i;
        logged[place] = unit * values[i * (perState + 1)];
        for (let k = 0; k < perState; k++)
          expected[place] += unit * probabilities[place * perState + k] * values[i * (perState + 1) + 1 + k];
      }
    }
    return { logged, expected };
  }
}

/** Σ w (value − target)² / B. All [B, 1]. */
function weightedSquares(values: Tensor2D, targets: Tensor2D, weights: Tensor2D): Scalar {
  requireShape(values, targets.shape, "values");
  return values.sub(targets).square().mul(weights).mean() as Scalar;
}

function rootMeanSquare(values: Float64Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares / values.length);
}
