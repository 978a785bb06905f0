/** An attribute of a graph's operation, by its kind in TensorFlow's attr_value.proto. */
export type GraphAttribute =
  | { readonly type: number }
  | { readonly int: number }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly string: string }
  | { readonly shape: readonly number[] }
  | { readonly ints: readonly number[] }
  | { readonly tensor: ConstantTensor };

export interface ConstantTensor {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** "node", "node:port", and "^node" for one that has to be done before */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, GraphAttribute>>;
}

/** The version of the GraphDef format that is written, TensorFlow 2.9's. */
const producer = 1087;

/**
 * The file saved_model.pb of one graph under the tag "serve", for the binding's `loadSavedModel`. The few protobuf
 * messages that this takes are written here (TensorFlow's graph.proto, node_def.proto, attr_value.proto,
 * tensor_shape.proto, saved_model.proto; the numbers are their fields).
 */
export function savedModel(nodes: readonly GraphNode[]): Buffer {
  const graph = join(...nodes.map((node) => bytes(1, nodeMessage(node))), bytes(4, number(1, producer)));
  const meta = join(bytes(1, bytes(4, "serve")), bytes(2, graph));
  return join(number(1, 1), bytes(2, meta));
}

function nodeMessage({ name, op, inputs, attributes }: GraphNode): Buffer {
  return join(
    bytes(1, name),
    bytes(2, op),
    ...inputs.map((input) => bytes(3, input)),
    ...Object.entries(attributes).map(([key, value]) =>
      bytes(5, join(bytes(1, key), bytes(2, attributeMessage(value)))),
    ),
  );
}

function attributeMessage(attribute: GraphAttribute): Buffer {
  if ("string" in attribute) return bytes(2, attribute.string);
  if ("int" in attribute) return number(3, attribute.int);
  if ("float" in attribute) return float(4, attribute.float);
  if ("bool" in attribute) return number(5, attribute.bool ? 1 : 0);
  if ("type" in attribute) return number(6, attribute.type);
  if ("shape" in attribute) return bytes(7, shapeMessage(attribute.shape));
  if ("ints" in attribute) return bytes(1, join(...attribute.ints.map((each) => number(3, each))));
  const { dtype, shape, bytes: content } = attribute.tensor;
  return bytes(8, join(number(1, dtype), bytes(2, shapeMessage(shape)), bytes(4, content)));
}

/** −1 stands for any size. */
function shapeMessage(shape: readonly number[]): Buffer {
  return join(...shape.map((size) => bytes(2, number(1, size))));
}

function varint(value: number): number[] {
  let left = BigInt.asUintN(64, BigInt(value));
  const parts: number[] = [];
  for (; left > 127n; left >>= 7n) parts.push(Number(left & 127n) | 128);
  parts.push(Number(left));
  return parts;
}

function number(field: number, value: number): Buffer {
  return Buffer.from([...varint(field << 3), ...varint(value)]);
}

function float(field: number, value: number): Buffer {
  const four = Buffer.alloc(4);
  four.writeFloatLE(value);
  return join(Buffer.from(varint((field << 3) | 5)), four);
}

function bytes(field: number, content: Uint8Array | string): Buffer {
  const body = typeof content === "string" ? Buffer.from(content) : content;
  return Buffer.concat([Buffer.from([...varint((field << 3) | 2), ...varint(body.length)]), body]);
}

function join(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts);
}
