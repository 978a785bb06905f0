import { isSwitchedOn } from "./switches";
import { type Tensor, tf } from "./tf";

/** An attribute of a TensorFlow operation: what it is called, its kind and its value. */
export type Attribute =
  | readonly [name: string, kind: "type", value: "float32" | "int32"]
  | readonly [name: string, kind: "integer" | "float", value: number]
  | readonly [name: string, kind: "bool", value: boolean]
  | readonly [name: string, kind: "string", value: string]
  | readonly [name: string, kind: "shape", value: readonly number[]];

/** The part of tfjs-node's backend that reaches any operation of the native library by name. */
interface NativeBackend {
  readonly binding: Readonly<Record<string, number>>;
  executeMultipleOutputs(
    name: string,
    attributes: readonly { name: string; type: number; value: unknown }[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
}

/**
 * True when TensorFlow's own operations can be called by name. OFFSHELF_PLAIN_OPS=1 says no, so that the plain
 * versions (small operations only) can be compared with the fused ones or used instead.
 */
export function fusedOpsAvailable(): boolean {
  if (isSwitchedOn("OFFSHELF_PLAIN_OPS")) return false;
  return typeof (tf().backend() as unknown as NativeBackend).executeMultipleOutputs === "function";
}

/**
 * Runs an operation of the native library that TensorFlow.js has no function for. It is not recorded for
 * differentiation: call it inside `customGrad`. Outputs belong to the running `tidy`, as usual.
 */
export function fusedOp(
  name: string,
  attributes: readonly Attribute[],
  inputs: readonly Tensor[],
  outputs: number,
): Tensor[] {
  const backend = tf().backend() as unknown as NativeBackend;
  const { binding } = backend;
  const encoded = attributes.map(([attribute, kind, value]) => {
    if (kind === "type") {
      const type = value === "float32" ? binding.TF_FLOAT : binding.TF_INT32;
      return { name: attribute, type: binding.TF_ATTR_TYPE, value: type };
    }
    const kinds = { integer: "INT", float: "FLOAT", bool: "BOOL", string: "STRING", shape: "SHAPE" } as const;
    return { name: attribute, type: binding[`TF_ATTR_${kinds[kind]}`], value };
  });
  return backend.executeMultipleOutputs(name, encoded, inputs, outputs);
}
