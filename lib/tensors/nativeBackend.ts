import { type Tensor, tf } from "./tf";

/** An attribute as tfjs-node's binding takes it; kinds are numbers of the binding, such as TF_ATTR_TYPE. */
export interface NativeAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** What the backend keeps of a tensor's numbers, under its dataId. */
export interface TensorData {
  readonly shape: readonly number[];
  /** a type's number in the native library */
  readonly dtype: number;
  /** the native tensor; −1 while the numbers are still JavaScript's */
  id: number;
  values: ArrayLike<number> | null;
  refCount: number;
}

/** A native tensor as the binding answers it. */
export interface NativeTensor {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** The native library's door: types and kinds of attributes by name, and calls. */
export type Binding = Readonly<Record<`TF_${string}`, number>> & {
  createTensor(shape: readonly number[], dtype: number, values: ArrayLike<number>): number;
  deleteTensor(id: number): void;
  /** @returns the number of a new session over the graph in a folder */
  loadSavedModel(folder: string, tag: string): number;
  deleteSavedModel(session: number): void;
  /** Names are joined by commas. */
  runSavedModel(session: number, inputs: readonly number[], names: string, outputs: string): NativeTensor[];
};

/** The parts of tfjs-node's backend that compiled steps need. Others, and other versions of it, may lack them. */
export interface NativeBackend {
  readonly binding: Binding;
  readonly tensorMap: {
    get(dataId: object): TensorData;
    set(dataId: object, data: TensorData): void;
    has(dataId: object): boolean;
  };
  executeSingleOutput(op: string, attributes: readonly NativeAttribute[], inputs: readonly Tensor[]): Tensor;
  executeMultipleOutputs(
    op: string,
    attributes: readonly NativeAttribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
  readSync(dataId: object): ArrayLike<number>;
  getInputTensorIds(inputs: readonly Tensor[]): number[];
  createOutputTensor(native: NativeTensor): Tensor;
}

/** TensorFlow's native backend, or nothing where another one runs. */
export function nativeBackend(): NativeBackend | undefined {
  const backend = tf().backend() as unknown as NativeBackend;
  const { binding, tensorMap } = backend as Partial<NativeBackend>;
  const calls = [binding?.loadSavedModel, binding?.runSavedModel, tensorMap?.get, backend.getInputTensorIds];
  return calls.every((call) => typeof call === "function") ? backend : undefined;
}
