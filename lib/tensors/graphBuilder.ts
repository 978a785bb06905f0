import { createHash } from "node:crypto";
import type { NativeAttribute, NativeBackend } from "./nativeBackend";
import type { GraphAttribute, GraphNode } from "./savedModel";
import type { Tensor } from "./tf";

/** Writes operations that run one by one as nodes of a graph; tensors are known by their dataId. */
export interface GraphBuilder {
  readonly nodes: readonly GraphNode[];
  /** What was taken as fixed, in order: type, shape and the numbers (of many, their hash). */
  readonly constants: readonly string[];
  node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, GraphAttribute>>): string;
  /** From now on the tensor's value is the node's. */
  put(tensor: Tensor, node: string): void;
  /** The node of a tensor's value; what no operation has made is a constant. */
  source(tensor: Tensor): string;
  /** Whether the tensor's value comes from an input, from state or from an operation. */
  computed(dataId: object): boolean;
  encoded(op: string, attributes: readonly NativeAttribute[]): Record<string, GraphAttribute>;
  /** An operation on tensors that has just run. */
  operation(
    op: string,
    attributes: readonly NativeAttribute[],
    inputs: readonly Tensor[],
    results: readonly Tensor[],
  ): void;
}

interface Known {
  readonly node: string;
  readonly shape: string;
  readonly values?: ArrayLike<number>;
}

/**
 * @param prefix of the nodes' names, unique in the program
 * @param isVariable of a dataId, whether an undeclared variable holds it
 */
export function graphBuilder(
  prefix: string,
  backend: NativeBackend,
  readSync: (dataId: object) => ArrayLike<number>,
  isVariable: (dataId: object) => boolean,
): GraphBuilder {
  const { binding, tensorMap } = backend;
  const nodes: GraphNode[] = [];
  const constants: string[] = [];
  const known = new Map<object, Known>();
  const constantNodes = new Map<string, string>();
  const kinds = new Map<number, string>(
    ["STRING", "INT", "FLOAT", "BOOL", "TYPE", "SHAPE"].map((kind) => [
      binding[`TF_ATTR_${kind}`],
      kind.toLowerCase(),
    ]),
  );
  const plainTypes = [binding.TF_FLOAT, binding.TF_INT32, binding.TF_BOOL];
  const typeOf = (tensor: Tensor): number => tensorMap.get(tensor.dataId).dtype;
  const node: GraphBuilder["node"] = (op, inputs, attributes) => {
    const name = `${prefix}_${nodes.length}`;
    nodes.push({ name, op, inputs, attributes });
    return name;
  };
  const put: GraphBuilder["put"] = (tensor, name) => {
    known.set(tensor.dataId, { node: name, shape: String(tensor.shape) });
  };
  const constant = (dtype: number, shape: readonly number[], values: ArrayLike<number>): string => {
    if (!plainTypes.includes(dtype) || !ArrayBuffer.isView(values))
      throw new Error(`a compiled step requires constants of float32, int32 or bool, got type ${dtype}`);
    const bytes = new Uint8Array(values.byteLength);
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    const content = bytes.length <= 64 ? String(values) : createHash("sha1").update(bytes).digest("hex");
    const key = `type ${dtype}, shape [${shape}], ${content}`;
    constants.push(key);
    const made =
      constantNodes.get(key) ??
      node("Const", [], { dtype: { type: dtype }, value: { tensor: { dtype, shape, bytes } } });
    constantNodes.set(key, made);
    return made;
  };
  const remembered = (tensor: Tensor): Known => {
    const found = known.get(tensor.dataId);
    if (found) return found;
    if (isVariable(tensor.dataId))
      throw new Error(
        `a compiled step requires every variable it reads in its state, got another one, of shape [${tensor.shape}]`,
      );
    const values = readSync(tensor.dataId);
    const { shape } = tensorMap.get(tensor.dataId);
    const made = { node: constant(typeOf(tensor), shape, values), shape: String(shape), values };
    known.set(tensor.dataId, made);
    return made;
  };
  const source = (tensor: Tensor): string => {
    const { node: from, shape } = remembered(tensor);
    if (shape === String(tensor.shape)) return from;
    // A reshaped view: the same numbers under another shape.
    const wanted = constant(binding.TF_INT32, [tensor.shape.length], Int32Array.from(tensor.shape));
    return node("Reshape", [from, wanted], {
      T: { type: typeOf(tensor) },
      Tshape: { type: binding.TF_INT32 },
    });
  };
  const encoded: GraphBuilder["encoded"] = (op, attributes) =>
    Object.fromEntries(
      attributes.map(({ name, type, value }) => {
        const kind = kinds.get(type);
        const listed = Array.isArray(value) && kind === "int" ? "ints" : kind;
        if (kind === undefined || (Array.isArray(value) && listed !== "ints" && kind !== "shape"))
          throw new Error(`a compiled step cannot hold the attribute ${name} of ${op}`);
        return [name, { [listed as string]: value } as unknown as GraphAttribute];
      }),
    );
  return {
    nodes,
    constants,
    node,
    put,
    source,
    computed: (dataId) => known.get(dataId) !== undefined && known.get(dataId)?.values === undefined,
    encoded,
    operation(op, attributes, inputs, results) {
      const [first] = results;
      // Gradients are brought to the shape that they have: its numbers must not become constants.
      if (op === "Reshape" && String(inputs[0].shape) === String(first.shape))
        return put(first, source(inputs[0]));
      const sources = inputs.map(source);
      const given = encoded(op, attributes);
      // The same numbers again: a gradient's first product is with ones, and casts may change nothing.
      if (op === "Cast" && typeOf(inputs[0]) === typeOf(first)) return put(first, sources[0]);
      if (op === "Mul")
        for (const [of, by] of [
          [0, 1],
          [1, 0],
        ]) {
          const values = known.get(inputs[by].dataId)?.values;
          const same = String(inputs[of].shape) === String(first.shape);
          if (values && same && Array.prototype.every.call(values, (value) => value === 1))
            return put(first, sources[of]);
        }
      if (op === "BatchMatMulV2" && inputs.every(({ shape }) => shape.length === 2)) {
        const turned = { T: given.T, transpose_a: given.adj_x, transpose_b: given.adj_y };
        return put(first, node("MatMul", sources, turned));
      }
      // Attributes that running at once finds out for itself.
      if (op === "ExpandDims")
        Object.assign(given, { T: { type: typeOf(inputs[0]) }, Tdim: { type: typeOf(inputs[1]) } });
      if (op === "AddN") given.N = { int: inputs.length };
      const name = node(op, sources, given);
      for (const [i, result] of results.entries()) put(result, i === 0 ? name : `${name}:${i}`);
    },
  };
}
