import type { NativeBackend } from "./nativeBackend";
import type { GraphNode } from "./savedModel";
import { type Tensor, tf, type Variable } from "./tf";

/**
 * A piece of state that compiled steps read and change: a variable, or a resource of the native library under its
 * handle (the fused Adam's means). A session holds its own copy, `v3` for place 3.
 */
export interface Place {
  readonly shape: readonly number[];
  /** a type's number in the native library */
  readonly dtype: number;
  readonly of: { readonly variable: Variable } | { readonly handle: Tensor };
}

/** The places of a program: its variables, then the resources that its steps turn out to use. */
export interface ProgramState {
  readonly places: readonly Place[];
  readonly variables: readonly Variable[];
  /** The place of a resource, made when it is first met. */
  placeOf(handle: Tensor, backend: NativeBackend): number;
}

export function programState(variables: readonly Variable[], { tensorMap }: NativeBackend): ProgramState {
  const own = [...new Set(variables)];
  const places: Place[] = own.map((variable) => ({
    shape: variable.shape,
    dtype: tensorMap.get(variable.dataId).dtype,
    of: { variable },
  }));
  const handles = new Map<object, number>();
  return {
    places,
    variables: own,
    placeOf(handle, backend) {
      const known = handles.get(handle.dataId);
      if (known !== undefined) return known;
      const { shape, dtype } = tf().tidy(() => {
        const value = readResource(handle, backend);
        return { shape: value.shape, dtype: backend.tensorMap.get(value.dataId).dtype };
      });
      handles.set(handle.dataId, places.length);
      return places.push({ shape, dtype, of: { handle } }) - 1;
    },
  };
}

/** The dataId under which the outside world reads a place. */
export function dataIdOf({ of }: Place): object {
  return "variable" in of ? of.variable.dataId : of.handle.dataId;
}

/** The present value outside the session; whoever asks disposes of it. */
export function readPlace({ of }: Place, backend: NativeBackend): Tensor {
  return "variable" in of ? of.variable.clone() : readResource(of.handle, backend);
}

/** Sets the value outside the session. */
export function writePlace({ of }: Place, value: Tensor, backend: NativeBackend): void {
  if ("variable" in of) of.variable.assign(value);
  else backend.executeMultipleOutputs("AssignVariableOp", typeOf(value, backend), [of.handle, value], 0);
}

function readResource(handle: Tensor, backend: NativeBackend): Tensor {
  // Resources of this project hold float32.
  const attributes = [{ name: "dtype", type: backend.binding.TF_ATTR_TYPE, value: backend.binding.TF_FLOAT }];
  return backend.executeMultipleOutputs("ReadVariableOp", attributes, [handle], 1)[0];
}

function typeOf(value: Tensor, { binding, tensorMap }: NativeBackend) {
  return [{ name: "dtype", type: binding.TF_ATTR_TYPE, value: tensorMap.get(value.dataId).dtype }];
}

/**
 * The graph's nodes of the places: v the resource, f what is fed to i, which sets it, s what is asked for to have it
 * set, g its value.
 */
export function placeNodes(places: readonly Place[], int32: number): GraphNode[] {
  const one = { dtype: int32, shape: [], bytes: new Uint8Array(Int32Array.of(1).buffer) };
  const nodes: GraphNode[] = [
    { name: "one", op: "Const", inputs: [], attributes: { dtype: { type: int32 }, value: { tensor: one } } },
  ];
  for (const [i, { shape, dtype }] of places.entries()) {
    const type = { dtype: { type: dtype } };
    const shaped = { ...type, shape: { shape } };
    const named = { shared_name: { string: `v${i}` }, container: { string: "" } };
    nodes.push(
      { name: `v${i}`, op: "VarHandleOp", inputs: [], attributes: { ...shaped, ...named } },
      { name: `f${i}`, op: "Placeholder", inputs: [], attributes: shaped },
      { name: `i${i}`, op: "AssignVariableOp", inputs: [`v${i}`, `f${i}`], attributes: type },
      { name: `s${i}`, op: "Identity", inputs: ["one", `^i${i}`], attributes: { T: { type: int32 } } },
      { name: `g${i}`, op: "ReadVariableOp", inputs: [`v${i}`], attributes: type },
    );
  }
  return nodes;
}
