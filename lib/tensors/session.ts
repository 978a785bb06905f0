import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeBackend, NativeTensor, TensorData } from "./nativeBackend";
import { dataIdOf, type Place, placeNodes, readPlace, writePlace } from "./programState";
import { type GraphNode, savedModel } from "./savedModel";
import { type Tensor, tf } from "./tf";

/** One native call of a graph: names joined by commas, and the places that it changes. */
export interface Call {
  readonly inputs: string;
  readonly outputs: string;
  readonly writes: readonly number[];
}

/** A graph in the native library, with its own copy of the state. */
export interface Session {
  /** @param ids native tensors of the inputs */
  run(call: Call, ids: readonly number[]): Tensor[];
  /** Makes the state outside the newest. */
  bringHome(): void;
  /** Ends the session; the state outside is then the newest. */
  dispose(): void;
}

/**
 * Loads a graph over these places.
 *
 * State is newest in the session while calls follow each other, and nobody outside need know: whoever looks at a
 * variable or an optimiser's resource touches its native tensor, and that touch brings all of its kind home. Before a
 * call, what was changed outside since (a variable holds other numbers, a resource was touched) goes in. A tensor
 * that was read or cloned keeps its numbers, as always.
 */
export function session(
  places: readonly Place[],
  nodes: readonly GraphNode[],
  backend: NativeBackend,
): Session {
  const { binding, tensorMap } = backend;
  const number = load([...placeNodes(places, binding.TF_INT32), ...nodes], backend);
  /** the dataId whose numbers are the session's, or stand for them until touched */
  const same: (object | undefined)[] = places.map(() => undefined);
  /** places whose newest value is the session's alone, and the native tensors of resources' handles among them */
  const ahead = new Map<number, number>();
  const isVariable = (i: number): boolean => "variable" in places[i].of;
  const call = (ids: readonly number[], inputs: string, outputs: string): NativeTensor[] =>
    binding.runSavedModel(number, ids, inputs, outputs);

  const bringHome = (variables: boolean): void => {
    const coming = [...ahead].filter(([i]) => isVariable(i) === variables);
    if (coming.length === 0) return;
    const values = call([], "", coming.map(([i]) => `g${i}:0`).join());
    for (const [k, [i, handle]] of coming.entries()) {
      ahead.delete(i);
      const data = tensorMap.get(same[i] as object);
      if (variables) settle(data, values[k].id);
      else {
        settle(data, handle);
        same[i] = undefined;
        tf().tidy(() => writePlace(places[i], backend.createOutputTensor(values[k]), backend));
      }
    }
  };
  /** From now on the session's value is the newest: the outside holds a promise of it. */
  const leadBy = (i: number): void => {
    const { of, shape, dtype } = places[i];
    if (ahead.has(i)) return;
    if ("variable" in of) {
      const dataId = {};
      const data: TensorData = { shape, dtype, id: -1, values: null, refCount: 1 };
      tensorMap.set(dataId, data);
      ahead.set(i, -1);
      const info = { dataId, shape: [...shape], dtype: of.variable.dtype };
      const promise = tf().engine().makeTensorFromTensorInfo(info);
      of.variable.assign(promise);
      promise.dispose();
      same[i] = dataId;
      onTouch(data, () => bringHome(true));
    } else {
      same[i] = of.handle.dataId;
      const data = tensorMap.get(of.handle.dataId);
      ahead.set(i, data.id);
      onTouch(data, () => bringHome(false));
    }
  };
  const takeIn = (): void => {
    // A clone of a promise would change with the session.
    for (const i of ahead.keys())
      if (isVariable(i) && tensorMap.get(same[i] as object).refCount > 1) {
        bringHome(true);
        break;
      }
    const going = places.flatMap((place, i) => (same[i] === dataIdOf(place) ? [] : [i]));
    if (going.length === 0) return;
    tf().tidy(() => {
      const values = going.map((i) => readPlace(places[i], backend));
      const names = (kind: string): string => going.map((i) => `${kind}${i}:0`).join();
      for (const { id } of call(backend.getInputTensorIds(values), names("f"), names("s")))
        binding.deleteTensor(id);
    });
    for (const i of going) same[i] = dataIdOf(places[i]);
  };
  return {
    run({ inputs, outputs, writes }, ids) {
      takeIn();
      const results = call(ids, inputs, outputs).map((native) => backend.createOutputTensor(native));
      for (const i of writes) leadBy(i);
      return results;
    },
    bringHome() {
      bringHome(true);
      bringHome(false);
    },
    dispose() {
      this.bringHome();
      binding.deleteSavedModel(number);
    },
  };
}

/** Calls `work` when somebody asks for the native tensor, before the answer. */
function onTouch(data: TensorData, work: () => void): void {
  const get = (): number => {
    work();
    return data.id;
  };
  Object.defineProperty(data, "id", { get, configurable: true, enumerable: true });
}

/** An ordinary native tensor again. */
function settle(data: TensorData, id: number): void {
  Object.defineProperty(data, "id", { value: id, writable: true, configurable: true, enumerable: true });
}

/** Through a folder that is gone again when the graph is loaded. */
function load(nodes: readonly GraphNode[], { binding }: NativeBackend): number {
  const folder = mkdtempSync(join(tmpdir(), "offshelf-"));
  try {
    writeFileSync(join(folder, "saved_model.pb"), savedModel(nodes));
    return quietly(() => {
      const number = binding.loadSavedModel(folder, "serve");
      for (const { id } of binding.runSavedModel(number, [], "", "one:0")) binding.deleteTensor(id);
      return number;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let quiet = false;

/**
 * TensorFlow says a line on stderr at the first run of a process, whatever its log level. Meanwhile stderr goes
 * nowhere, where it is a terminal or a pipe, which can be opened again; a file would lose its place.
 */
function quietly<R>(work: () => R): R {
  const kept = quiet ? undefined : anotherStderr();
  quiet = true;
  if (kept === undefined) return work();
  try {
    closeSync(2);
    openSync("/dev/null", "w");
    return work();
  } finally {
    closeSync(2);
    openSync(`/proc/self/fd/${kept}`, "w");
    closeSync(kept);
  }
}

function anotherStderr(): number | undefined {
  try {
    const stderr = fstatSync(2);
    return stderr.isCharacterDevice() || stderr.isFIFO() ? openSync("/proc/self/fd/2", "w") : undefined;
  } catch {
    return undefined;
  }
}
