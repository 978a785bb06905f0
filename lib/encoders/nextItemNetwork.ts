import type { Random } from "../math/random";
import { gaussian, glorotUniform } from "../tensors/initialisers";
import { variableOf } from "../tensors/networks";
import { rowsAt } from "../tensors/rows";
import { catalogueCrossEntropy } from "../tensors/softmaxCrossEntropy";
import {
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tf,
  type Variable,
} from "../tensors/tf";
import { unitRows } from "../tensors/unitRows";
import { alwaysOfLarge, candidateCount } from "./candidates";
import { type Features, featureWidth } from "./features";
import type { NextItemConfig } from "./nextItemConfig";
import type { NextItemParameters } from "./nextItemModel";
import { type SequenceNetwork, sequenceVariables } from "./sequenceNetwork";
import { sequenceNetwork } from "./sequenceNetworks";
import type { WeightScale } from "./weightScale";

/** The variables. Item vectors are tied: the same ones are read as inputs and scored as outputs. */
export interface NextItemNetwork {
  readonly config: NextItemConfig;
  /** [N, A], not normalised */
  readonly items: Variable;
  /** [N] */
  readonly itemBias: Variable;
  /** What makes states of inputs, and its weights; some may be fixed. */
  readonly sequence: SequenceNetwork;
  readonly weights: readonly Variable[];
  /** [S, A] and [A] */
  readonly headWeights: Variable;
  readonly headBias: Variable;
  /** log T, []; trained in unit geometry only */
  readonly logTemperature: Variable;
  /** Those that are trained. */
  readonly variables: readonly Variable[];
}

/** Some windows, padded at their end to the longest. n counts the real entries. */
export interface NextItemBatch {
  /** int32 [B, T] item rows; 0 where padded */
  readonly items: Tensor2D;
  /** [B, T, 1] scaled weights */
  readonly weights: Tensor3D;
  /** int32 [n] places of the real entries in the flattened [B · T] */
  readonly places: Tensor1D;
  /** int32 [n] the next item of each */
  readonly labels: Tensor1D;
  /** [B, T, F] further columns; absent: none */
  readonly features?: Tensor3D;
  /** [B, T, A] and [n, S]: 0 where dropped, else 1 / (1 − dropout) */
  readonly inputMask: Tensor3D;
  readonly stateMask: Tensor2D;
  /** What the sequence network drops inside itself, of its `maskShapes`. */
  readonly innerMasks?: readonly Tensor[];
  /** int32 [C] item rows that share the softmax, true items first at `labels`; absent: all items. */
  readonly candidates?: { readonly rows: Tensor1D; readonly labels: Tensor1D; readonly correction: Tensor1D };
}

/**
 * Fresh variables. Item vectors start normal with length about 1 unless given; biases start at the log of how
 * often an item occurs (add-one), so that nothing needs to learn popularity from zero.
 */
export function nextItemNetwork(
  config: NextItemConfig,
  counts: Float64Array,
  random: Random,
  itemVectors?: Float32Array,
  features?: Features,
): NextItemNetwork {
  const { width } = config;
  const sequence = sequenceNetwork(config, featureWidth(features));
  const units = sequence.stateSize;
  const size = counts.length;
  if (itemVectors && itemVectors.length !== size * width)
    throw new Error(`nextItemNetwork requires item vectors of ${size} × ${width}, got ${itemVectors.length}`);
  const start = gaussian(size * width, width ** -0.5, random.fork("item vectors"));
  if (itemVectors)
    for (let row = 0; row < size; row++) {
      const given = itemVectors.subarray(row * width, (row + 1) * width);
      if (given.some((value) => value !== 0)) start.set(given, row * width); // a zero vector has no direction to learn from
    }
  const total = counts.reduce((sum, count) => sum + count + 1, 0);
  const bias = Float32Array.from(counts, (count) => Math.log(((count + 1) * size) / total));
  const items = variableOf(start, [size, width]);
  const itemBias = variableOf(bias, [size]);
  const weights = sequenceVariables(sequence, sequence.start(random.fork("recurrent weights")));
  const headWeights = variableOf(glorotUniform(units, width, random.fork("head")), [units, width]);
  const headBias = variableOf(new Float32Array(width), [width]);
  const logTemperature = variableOf(Float32Array.of(Math.log(config.startTemperature)), []);
  return withTrained({ config, items, itemBias, sequence, weights, headWeights, headBias, logTemperature });
}

/**
 * The variables of a model that was trained before, to go on from. In unit geometry its item vectors have length 1, as fresh
 * ones have about.
 *
 * @throws when the settings ask for another network than the model's.
 */
export function continuedNetwork(
  config: NextItemConfig,
  from: Omit<NextItemParameters, "training" | "bestEpoch">,
): NextItemNetwork {
  const { width } = config;
  const shape = ({ encoder, width: a, units, geometry, frameSize, window }: NextItemConfig) =>
    JSON.stringify({ encoder, a, units, geometry, frameSize, window });
  if (shape(config) !== shape(from.config))
    throw new Error("continuedNetwork requires the network's own encoder, width, units, geometry and window");
  const sequence = sequenceNetwork(config, 0);
  const { itemVectors, weights } = from.sequence;
  return withTrained({
    config,
    items: variableOf(itemVectors, [itemVectors.length / width, width]),
    itemBias: variableOf(from.itemBias, [from.itemBias.length]),
    sequence,
    weights: sequenceVariables(sequence, weights),
    headWeights: variableOf(from.headWeights, [sequence.stateSize, width]),
    headBias: variableOf(from.headBias, [width]),
    logTemperature: variableOf(Float32Array.of(Math.log(from.temperature)), []),
  });
}

/** Names the variables that are trained: all, but for fixed weights and a temperature that nothing reads. */
function withTrained(network: Omit<NextItemNetwork, "variables">): NextItemNetwork {
  const { config, items, itemBias, weights, headWeights, headBias, logTemperature } = network;
  const trained = weights.filter(({ trainable }) => trainable);
  const variables = [items, itemBias, ...trained, headWeights, headBias];
  if (config.geometry === "unit") variables.push(logTemperature);
  return { ...network, variables };
}

/** The same numbers in variables of their own. */
export function copyOfNextItem(network: NextItemNetwork): NextItemNetwork {
  const copy = (variable: Variable): Variable =>
    variableOf(variable.dataSync<"float32">(), [...variable.shape]);
  return withTrained({
    ...network,
    items: copy(network.items),
    itemBias: copy(network.itemBias),
    weights: sequenceVariables(
      network.sequence,
      network.weights.map((weight) => weight.dataSync<"float32">()),
    ),
    headWeights: copy(network.headWeights),
    headBias: copy(network.headBias),
    logTemperature: copy(network.logTemperature),
  });
}

/** Frees a network's variables. */
export function disposeOf(network: NextItemNetwork): void {
  for (const variable of new Set([...network.variables, ...network.weights, network.logTemperature]))
    variable.dispose();
}

/**
 * Mean of −log p(next item) over the real entries of a batch; no draw is hidden in it.
 * With candidates, the softmax runs over those rows, each logit less the log of how often it is drawn
 * (Jean et al. 2015, section 3), so that in expectation it is the softmax over all.
 */
export function nextItemLoss(network: NextItemNetwork, batch: NextItemBatch): Scalar {
  const { config, sequence, weights, headWeights, headBias, logTemperature } = network;
  const unit = config.geometry === "unit";
  const free = network.items as unknown as Tensor2D;
  const asUsed = (vectors: Tensor2D): Tensor2D => (unit ? unitRows(vectors) : vectors);
  const { features, candidates } = batch;
  const [size, steps] = batch.items.shape;
  const all = candidates ? undefined : asUsed(free);
  const items = batch.items.reshape([size * steps]) as Tensor1D;
  const vectors = all ? rowsAt(all, items) : asUsed(rowsAt(free, items));
  const read = vectors.reshape([size, steps, config.width]) as Tensor3D; // [B, T, A]
  const parts = [read.mul(batch.inputMask) as Tensor3D, batch.weights, ...(features ? [features] : [])];
  const inputs = tf().concat(parts, 2);
  const { states } = sequence.forward(weights, inputs, { masks: batch.innerMasks }); // [B, T, S]
  const flat = states.reshape([-1, sequence.stateSize]) as Tensor2D;
  const kept = rowsAt(flat, batch.places).mul(batch.stateMask) as Tensor2D; // [n, S]
  const raw = tf()
    .matMul(kept, headWeights as unknown as Tensor2D)
    .add(headBias) as Tensor2D;
  const queries = unit ? (unitRows(raw).mul(logTemperature.neg().exp()) as Tensor2D) : raw;
  const bias = network.itemBias as unknown as Tensor1D;
  const rows = size * steps;
  if (!candidates) return catalogueCrossEntropy(queries, all!, bias, batch.labels, { rows });
  const drawn = candidateCount(config.candidates, bias.shape[0]) ?? 0;
  const biases = rowsAt(bias, candidates.rows).sub(candidates.correction) as Tensor1D;
  return catalogueCrossEntropy(queries, asUsed(rowsAt(free, candidates.rows)), biases, candidates.labels, {
    rows,
    items: drawn + alwaysOfLarge,
  });
}

/** The network's numbers, off the device. */
export function parametersOf(
  network: NextItemNetwork,
  weightScale: WeightScale,
  features?: Features,
): Omit<NextItemParameters, "training" | "bestEpoch"> {
  const numbers = (variable: Variable | Tensor2D): Float32Array => Float32Array.from(variable.dataSync());
  const { config } = network;
  const unit = config.geometry === "unit";
  const itemVectors = tf().tidy(() =>
    numbers(unit ? unitRows(network.items as unknown as Tensor2D) : network.items),
  );
  return {
    config,
    sequence: {
      itemVectors,
      weights: network.weights.map(numbers),
      weightScale,
      ...(features && { features }),
    },
    itemBias: numbers(network.itemBias),
    temperature: unit ? Math.exp(network.logTemperature.dataSync()[0]) : 1,
    headWeights: numbers(network.headWeights),
    headBias: numbers(network.headBias),
  };
}
