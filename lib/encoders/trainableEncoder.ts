import { requireShape } from "../tensors/shapes";
import { type Tensor1D, type Tensor2D, type Tensor3D, tf, type Variable } from "../tensors/tf";
import type { Encoder } from "./encoder";
import { featureWidth } from "./features";
import type { NextItemModel } from "./nextItemModel";
import { sequenceEncoder } from "./sequenceEncoder";
import { sequenceVariables } from "./sequenceNetwork";
import { sequenceNetwork } from "./sequenceNetworks";
import { windowedEncoder } from "./windowedEncoder";

/** Some stretches of histories, oldest entry first, shorter ones padded at their end with any item. */
export interface EncoderWindows {
  /** int32 [B, T] item rows */
  readonly items: Tensor2D;
  /** [B, T, 1] ratings or weights as in the log; the model's scale is applied here */
  readonly weights: Tensor3D;
  /** [B, T, F] further columns; needed where the model reads some */
  readonly features?: Tensor3D;
  /** [B] how many entries count, from 0 to T; int32 where a tensor */
  readonly lengths: ArrayLike<number> | Tensor1D;
}

/** An encoder whose weights learn together with whatever reads its states. Whoever makes one disposes of it. */
export interface TrainableEncoder {
  /** S */
  readonly stateSize: number;
  /** Its trained weights; empty where all are fixed (echo-state). */
  readonly variables: readonly Variable[];
  /**
   * [B, S], the state after each window's last entry (zeros where it has none), as if nothing came before the
   * window; differentiable in `variables`.
   */
  states(windows: EncoderWindows): Tensor2D;
  /** The same numbers in variables of its own: a target network. */
  copy(): TrainableEncoder;
  /** The present numbers as a frozen encoder, which reads as much of a history as was learned from: the last `window`. */
  frozen(): Encoder;
  dispose(): void;
}

/**
 * The encoder of a next-item model, to be trained on jointly with a critic: it starts from the model's weights,
 * reads the model's item vectors as constants and leaves the model as it is.
 *
 * @param window entries before a state in the batches it learns from (the replay buffer's); whole histories by default
 * @example
 * const encoder = trainableEncoder(model);
 * const variables = [...encoder.variables, ...critic.variables];
 * gradientStep(() => criticLoss(critic, encoder.states(batch.windows), batch), variables, optimizer);
 */
export function trainableEncoder(
  model: Pick<NextItemModel, "parameters">,
  { window }: { readonly window?: number } = {},
): TrainableEncoder {
  const { sequence, config } = model.parameters;
  const { itemVectors, weightScale } = sequence;
  const { width } = config;
  const further = featureWidth(sequence.features);
  const network = sequenceNetwork(config, further);
  const weights = sequenceVariables(network, sequence.weights);
  const vectors: Tensor2D = tf().keep(tf().tensor2d(itemVectors, [itemVectors.length / width, width]));
  const present = (): Float32Array[] => weights.map((weight) => Float32Array.from(weight.dataSync()));
  return {
    stateSize: network.stateSize,
    variables: weights.filter(({ trainable }) => trainable),
    states({ items, weights: ratings, features, lengths }) {
      requireShape(ratings, [...items.shape, 1], "weights");
      if (further > 0 && features === undefined)
        throw new Error(`trainableEncoder requires windows with ${further} further columns, got none`);
      if (features !== undefined) requireShape(features, [...items.shape, further], "features");
      return tf().tidy(() => {
        const scaled = ratings.sub(weightScale.centre).div(weightScale.spread) as Tensor3D;
        const read = tf().gather(vectors, items) as unknown as Tensor3D;
        const inputs = tf().concat([read, scaled, ...(features ? [features] : [])], 2);
        return afterLengths(network.forward(weights, inputs).states, lengths);
      });
    },
    copy: () =>
      trainableEncoder(
        { parameters: { ...model.parameters, sequence: { ...sequence, weights: present() } } },
        { window },
      ),
    frozen() {
      const whole = sequenceEncoder(network, width, { ...sequence, weights: present() });
      return window === undefined ? whole : windowedEncoder(whole, window);
    },
    dispose() {
      for (const tensor of [...weights, vectors]) tensor.dispose();
    },
  };
}

/** The state after each row's last entry, zeros where there is none. [B, T, S] → [B, S] */
function afterLengths(states: Tensor3D, lengths: ArrayLike<number> | Tensor1D): Tensor2D {
  const [size, steps, units] = states.shape;
  const counts = "dataSync" in lengths ? lengths : tf().tensor1d(Int32Array.from(lengths), "int32");
  requireShape(counts, [size], "lengths");
  const last = tf()
    .range(0, size * steps, steps, "int32")
    .add(tf().maximum(counts.sub(tf().scalar(1, "int32")), tf().scalar(0, "int32")));
  const picked = tf().gather(states.reshape([size * steps, units]) as Tensor2D, last.toInt() as Tensor1D);
  return tf().where(counts.greater(0).reshape([size, 1]), picked, tf().zerosLike(picked)) as Tensor2D;
}
