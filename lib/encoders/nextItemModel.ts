import { type Tensor2D, tf } from "../tensors/tf";
import { unitRows } from "../tensors/unitRows";
import type { Encoder } from "./encoder";
import { featureWidth } from "./features";
import type { NextItemConfig } from "./nextItemConfig";
import { type SequenceParameters, sequenceEncoder } from "./sequenceEncoder";
import { sequenceNetwork } from "./sequenceNetworks";

/** What one pass over the data gave. */
export interface TrainingEpoch {
  /** From 1. */
  readonly epoch: number;
  /** Mean of −log probability of the true next item, in nats, with dropout. */
  readonly loss: number;
  /** NDCG@10 on the validation task; absent when there is none. */
  readonly validationNdcg?: number;
}

/** The model as numbers: everything that is saved. */
export interface NextItemParameters {
  readonly config: NextItemConfig;
  /** The encoder; its item vectors are the model's (of length 1 in unit geometry). */
  readonly sequence: SequenceParameters;
  /** b [N], in logits. */
  readonly itemBias: Float32Array;
  /** T; 1 in inner geometry. */
  readonly temperature: number;
  /** [S × A] */
  readonly headWeights: Float32Array;
  /** [A] */
  readonly headBias: Float32Array;
  readonly training: readonly TrainingEpoch[];
  /** The pass whose weights these are. */
  readonly bestEpoch: number;
}

/**
 * The supervised next-item model: state → query → softmax over the catalogue with logits q·v/T + b. Its item
 * vectors, its encoder and its head are what agents start from.
 */
export interface NextItemModel extends Omit<NextItemParameters, "sequence"> {
  readonly parameters: NextItemParameters;
  /** N */
  readonly size: number;
  /** [N × A] */
  readonly itemVectors: Float32Array;
  readonly encoder: Encoder;
  /** [n × S] → [n × A]; of length 1 in unit geometry. */
  queries(states: Float32Array): Float32Array;
  dispose(): void;
}

/** Brings a model to life from its numbers. */
export function nextItemModel(parameters: NextItemParameters): NextItemModel {
  const { sequence, headWeights, headBias, config } = parameters;
  const { width } = config;
  const network = sequenceNetwork(config, featureWidth(sequence.features));
  const units = network.stateSize;
  if (headWeights.length !== units * width || headBias.length !== width)
    throw new Error(
      `nextItemModel requires a head of ${units} × ${width}, got ${headWeights.length} weights`,
    );
  const encoder = sequenceEncoder(network, width, sequence);
  const kernel = tf().keep(tf().tensor2d(headWeights, [units, width]));
  const bias = tf().keep(tf().tensor1d(headBias));
  return {
    ...parameters,
    parameters,
    size: sequence.itemVectors.length / width,
    itemVectors: sequence.itemVectors,
    encoder,
    queries(states) {
      if (states.length % units !== 0)
        throw new Error(`queries requires states of ${units} numbers, got ${states.length} in all`);
      if (states.length === 0) return new Float32Array(0);
      return tf().tidy(() => {
        const input = tf().tensor2d(states, [states.length / units, units]);
        const raw = tf().matMul(input, kernel).add(bias) as Tensor2D;
        return (config.geometry === "unit" ? unitRows(raw) : raw).dataSync<"float32">();
      });
    },
    dispose() {
      encoder.dispose();
      kernel.dispose();
      bias.dispose();
    },
  };
}
