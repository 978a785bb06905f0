import type { Random } from "../math/random";
import { type Tensor, type Tensor3D, tf, type Variable } from "../tensors/tf";

/** What a sequence network gives for some entries. */
export interface SequencePass {
  /** [B, T, S], the state after each entry */
  readonly states: Tensor3D;
  /** All that later states need of these entries; first axis B. Handed to the next call, reading goes on. */
  readonly carried: readonly Tensor[];
}

/** One array of a network's weights. */
export interface WeightArray {
  readonly name: string;
  readonly shape: readonly number[];
  /** True: it stays as it starts; training leaves it alone. */
  readonly fixed?: boolean;
}

/**
 * How a history becomes states: a pure function of its weights, which somebody else holds (training as
 * variables, a frozen encoder as they were saved).
 *
 * The contract, which one test checks for all: the state after an entry depends on that entry and those before
 * it in the same history, on nothing else; and reading a history in pieces, each with what the one before
 * carried, gives the states of reading it at once.
 */
export interface SequenceNetwork {
  readonly name: string;
  /** S */
  readonly stateSize: number;
  /** The weights, in the order in which `start` gives and `forward` takes them. */
  readonly arrays: readonly WeightArray[];
  start(random: Random): readonly Float32Array[];
  /** Shapes of the dropout masks that `forward` takes while training, for inputs [B, T, E]; absent: none. */
  maskShapes?(size: number, steps: number): readonly (readonly number[])[];
  /**
   * @param inputs [B, T, E], an item vector, the scaled rating and further columns of each entry; shorter histories padded at
   *   their end
   */
  forward(weights: readonly Tensor[], inputs: Tensor3D, options?: SequenceOptions): SequencePass;
}

export interface SequenceOptions {
  /** Where an earlier call left off; absent at the start of a history. */
  readonly carried?: readonly Tensor[];
  /** Of `maskShapes`: 0 where dropped, else 1 / (1 − dropout); absent: nothing is dropped. */
  readonly masks?: readonly Tensor[];
}

/** E and S. */
export interface SequenceSize {
  /** E: width of an item vector, one for the rating, and F for further columns. */
  readonly inputs: number;
  /** F, the last of them; 0 by default. */
  readonly further?: number;
  /** S */
  readonly units: number;
}

/**
 * Variables with these values, one an array of the network; trainable where the array is not fixed.
 *
 * @throws when the number of arrays or the length of one does not fit.
 */
export function sequenceVariables(
  network: SequenceNetwork,
  values: readonly ArrayLike<number>[],
): readonly Variable[] {
  const { name, arrays } = network;
  if (values.length !== arrays.length)
    throw new Error(
      `sequenceVariables requires ${arrays.length} arrays of weights for ${name}, got ${values.length}`,
    );
  arrays.forEach(({ name: array, shape }, i) => {
    if (values[i].length !== shape.reduce((product, side) => product * side, 1))
      throw new Error(
        `sequenceVariables requires ${array} of ${name} of shape [${shape.join(", ")}], got ${values[i].length} numbers`,
      );
  });
  return arrays.map(({ shape, fixed }, i) =>
    tf().tidy(() =>
      tf().variable(tf().tensor(Float32Array.from(values[i]), [...shape], "float32"), fixed !== true),
    ),
  );
}
