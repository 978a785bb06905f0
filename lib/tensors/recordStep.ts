import { type GraphBuilder, graphBuilder } from "./graphBuilder";
import type { NativeAttribute, NativeBackend } from "./nativeBackend";
import { withRecorder } from "./perCall";
import { type ProgramState, readPlace, writePlace } from "./programState";
import type { GraphNode } from "./savedModel";
import { type Scalar, type Tensor, tf } from "./tf";

/** A step written down. */
export interface Recording {
  readonly nodes: readonly GraphNode[];
  /** What was taken as fixed; see `GraphBuilder`. */
  readonly constants: readonly string[];
  /** "node:0" of the inputs in order, then of the scalars. */
  readonly inputs: readonly string[];
  /** What is done at every call before it, in the step's order; numbers are the scalars. */
  readonly perCall: readonly (() => number | undefined)[];
  readonly outputs: readonly string[];
  /** Places that the step changes. */
  readonly writes: readonly number[];
}

/** An input while a step is written down. */
export interface RecordedInput {
  readonly tensor: Tensor;
  /** −1 where any size will do */
  readonly shape: readonly number[];
}

/** State as the graph has it: all `reads` are of its present value, made since the last write. */
interface Resource {
  readonly place: number;
  lastWrite?: string;
  reads: string[];
}

/**
 * Runs a step once, operation by operation, and writes the operations down as nodes of a graph. State is as before
 * afterwards.
 *
 * Order among reads and writes of a resource is kept by control edges: a write comes after the reads before it, a
 * read after the last write. Variables that were assigned get one write, at the end; the first output comes after
 * all writes.
 *
 * @param prefix of the nodes' names, unique in the program
 * @throws naming what cannot be compiled: a value read on the way, an undeclared variable, an optimiser made inside.
 */
export function recordStep(
  prefix: string,
  step: () => readonly Tensor[],
  given: {
    readonly inputs: readonly RecordedInput[];
    readonly state: ProgramState;
    readonly backend: NativeBackend;
  },
): Recording {
  const { inputs, state, backend } = given;
  const { binding, tensorMap } = backend;
  const hooked = ["executeSingleOutput", "executeMultipleOutputs", "readSync"] as const;
  const readSync = backend.readSync.bind(backend);
  const execute = backend.executeMultipleOutputs.bind(backend);
  // What is done around the step is not part of it.
  const unheard: NativeBackend = Object.assign(Object.create(backend), { executeMultipleOutputs: execute });
  const outsiders = undeclared(state);
  const graph = graphBuilder(prefix, backend, readSync, (dataId) =>
    outsiders.some(({ variable }) => variable.dataId === dataId),
  );
  const resources = new Map<number, Resource>();
  const lent = new Map<object, Resource>();
  const writes: string[] = [];
  const written = new Set<number>();
  const names: string[] = [];
  const perCall: (() => number | undefined)[] = [];
  const before = new Map<number, Tensor>();

  const placeholder = (tensor: Tensor, shape: readonly number[]): void => {
    const { dtype } = tensorMap.get(tensor.dataId);
    const name = graph.node("Placeholder", [], { dtype: { type: dtype }, shape: { shape } });
    graph.put(tensor, name);
    names.push(`${name}:0`);
  };
  const resourceAt = (place: number): Resource => {
    const found = resources.get(place) ?? { place, reads: [] };
    resources.set(place, found);
    return found;
  };
  const resourceOf = (handle: Tensor): Resource => {
    const own = lent.get(handle.dataId);
    if (own) return own;
    const place = state.placeOf(handle, unheard);
    if (!before.has(place)) before.set(place, tf().keep(readPlace(state.places[place], unheard)));
    return resourceAt(place);
  };
  const isResource = (tensor: Tensor): boolean => tensorMap.get(tensor.dataId).dtype === binding.TF_RESOURCE;
  const onResources = (
    op: string,
    attributes: readonly NativeAttribute[],
    operands: readonly Tensor[],
  ): string | undefined => {
    // A variable's present value lent to an optimiser's resource: in the graph both are the variable's own.
    if (op === "AssignVariableOp") {
      const value = graph.computed(operands[1].dataId) ? graph.source(operands[1]) : undefined;
      const own = [...resources.values()].find(
        ({ place, reads }) => place < state.variables.length && value !== undefined && reads.includes(value),
      );
      if (own) {
        lent.set(operands[0].dataId, own);
        return undefined;
      }
      lent.delete(operands[0].dataId);
    }
    const used = operands.filter(isResource).map(resourceOf);
    const sources = operands.map((each) =>
      isResource(each) ? `v${resourceOf(each).place}` : graph.source(each),
    );
    const reading = op === "ReadVariableOp";
    const name = graph.node(op, [...sources, ...mustFollow(used, reading)], graph.encoded(op, attributes));
    for (const resource of used)
      if (reading) resource.reads.push(name);
      else {
        Object.assign(resource, { lastWrite: name, reads: [] });
        written.add(resource.place);
      }
    if (!reading) writes.push(name);
    return name;
  };
  const multiple: NativeBackend["executeMultipleOutputs"] = (op, attributes, operands, count) => {
    if (op === "VarHandleOp" || op === "DestroyResourceOp")
      throw new Error(
        "a compiled step requires optimisers made before it, got one made or disposed of inside",
      );
    if (operands.some((each) => !("dataId" in each)))
      throw new Error(`a compiled step cannot hold ${op}, which takes an int64`);
    const touches = operands.some(isResource);
    const name = touches ? onResources(op, attributes, operands) : undefined;
    const results = execute(op, attributes, operands, count);
    if (!touches) graph.operation(op, attributes, operands, results);
    else if (results.length > 0) graph.put(results[0], name as string);
    return results;
  };

  const checked = gatherChecks();
  const recorder = {
    scalar(value: () => number): Scalar {
      const tensor = tf().scalar(value());
      placeholder(tensor, []);
      perCall.push(value);
      return tensor;
    },
    effect: (work: () => void): void =>
      void perCall.push(() => {
        work();
        return undefined;
      }),
    after<T extends Tensor>(tensor: T, earlier: Tensor): T {
      const { dtype } = tensorMap.get(tensor.dataId);
      const again = tf().tensor(readSync(tensor.dataId), tensor.shape, tensor.dtype);
      const waited = graph.source(earlier).split(":")[0];
      graph.put(again, graph.node("Identity", [graph.source(tensor), `^${waited}`], { T: { type: dtype } }));
      return again as T;
    },
  };
  for (const [i, variable] of state.variables.entries()) before.set(i, tf().keep(variable.clone()));
  try {
    Object.assign(backend, {
      executeMultipleOutputs: multiple,
      executeSingleOutput: (
        op: string,
        attributes: readonly NativeAttribute[],
        operands: readonly Tensor[],
      ) => multiple(op, attributes, operands, 1)[0],
      readSync(dataId: object) {
        if (graph.computed(dataId) && !checked.running())
          throw new Error(
            "a compiled step requires values to stay tensors, got one read on the way (dataSync): give it back as an output",
          );
        return readSync(dataId);
      },
    });
    const outputs = tf().tidy(() => {
      readVariables(state, backend, graph, resourceAt);
      for (const { tensor, shape } of inputs) placeholder(tensor, shape);
      const results = withRecorder(recorder, step);
      if (outsiders.some(({ variable, dataId }) => variable.dataId !== dataId))
        throw new Error("a compiled step requires every variable it assigns in its state, got another one");
      assignVariables(state, graph, { resourceAt, writes, written });
      return results.map((result, i) => {
        const first = i === 0 ? writes.map((name) => `^${name}`) : [];
        const type = { type: tensorMap.get(result.dataId).dtype };
        return `${graph.node("Identity", [graph.source(result), ...first], { T: type })}:0`;
      });
    });
    const { nodes, constants } = graph;
    return { nodes, constants, inputs: names, perCall, outputs, writes: [...written] };
  } finally {
    for (const name of hooked) delete (backend as Partial<NativeBackend>)[name];
    checked.stop();
    for (const [place, value] of before) writePlace(state.places[place], value, backend);
    for (const { variable, value } of outsiders) if (variable.dataId !== value.dataId) variable.assign(value);
    tf().dispose([...before.values(), ...outsiders.map(({ value }) => value)]);
  }
}

/** Control edges of an operation on resources. */
function mustFollow(used: readonly Resource[], reading: boolean): string[] {
  const names = used.flatMap(({ lastWrite, reads }) => [
    ...(lastWrite === undefined ? [] : [lastWrite]),
    ...(reading ? [] : reads),
  ]);
  return [...new Set(names)].map((name) => `^${name}`);
}

/** Every variable's value at the start. Each gets a dataId of its own: a copy shares its source's, and would be it. */
function readVariables(
  state: ProgramState,
  { tensorMap }: NativeBackend,
  graph: GraphBuilder,
  resourceAt: (place: number) => Resource,
): void {
  for (const [i, variable] of state.variables.entries()) {
    const values = variable.dataSync().slice() as Float32Array;
    variable.assign(tf().tensor(values, variable.shape, variable.dtype));
    const read = graph.node("ReadVariableOp", [`v${i}`], {
      dtype: { type: tensorMap.get(variable.dataId).dtype },
    });
    resourceAt(i).reads.push(read);
    graph.put(variable, read);
  }
}

/** One write for each variable that was assigned, unless its resource holds the value already. */
function assignVariables(
  state: ProgramState,
  graph: GraphBuilder,
  {
    resourceAt,
    writes,
    written,
  }: { resourceAt(place: number): Resource; readonly writes: string[]; readonly written: Set<number> },
): void {
  for (const [i, variable] of state.variables.entries()) {
    const resource = resourceAt(i);
    const final = graph.source(variable);
    if (resource.reads.includes(final)) continue;
    const dtype = { type: state.places[i].dtype };
    writes.push(
      graph.node("AssignVariableOp", [`v${i}`, final, ...mustFollow([resource], false)], { dtype }),
    );
    written.add(i);
  }
}

/** Variables that the process knows and the state does not, as they are now. */
function undeclared(state: ProgramState) {
  const declared = new Set(state.variables);
  return Object.values(tf().engine().registeredVariables)
    .filter((variable) => !declared.has(variable))
    .map((variable) => ({ variable, dataId: variable.dataId as object, value: tf().keep(variable.clone()) }));
}

/** Gather's kernel reads its indices to check them, which no value depends on. */
function gatherChecks() {
  const kernel = tf().getKernel("GatherV2", "tensorflow") as unknown as {
    kernelFunc(given: unknown): unknown;
  };
  const plain = kernel.kernelFunc;
  let running = false;
  kernel.kernelFunc = (given) => {
    running = true;
    try {
      return plain(given);
    } finally {
      running = false;
    }
  };
  return {
    running: () => running,
    stop(): void {
      kernel.kernelFunc = plain;
    },
  };
}
