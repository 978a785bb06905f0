import { type NativeBackend, nativeBackend } from "./nativeBackend";
import { programState } from "./programState";
import { type RecordedInput, type Recording, recordStep } from "./recordStep";
import { type Call, type Session, session } from "./session";
import { isSwitchedOn } from "./switches";
import { alike, example, type Leaves, leavesOf, restored } from "./tensorTree";
import { type Tensor, tf, type Variable } from "./tf";

export interface CompileOptions {
  /** Every variable that the step reads or assigns, its optimisers' own among them. */
  readonly state: readonly Variable[];
  /** Paths of inputs whose first axis may have any size, such as "batch.seen.places"; of all others it is fixed. */
  readonly anyLength?: readonly string[];
  /** "throw" (by default) with what to change; "eager": runs operation by operation instead. */
  readonly whenRefused?: "throw" | "eager";
}

/** A step that runs as one call of the native library. Whoever makes one disposes of it, after its last use. */
export interface Compiled<I extends object, O extends object> {
  /**
   * The outputs belong to the running `tidy`, as usual.
   * @param kind a step's branch: it is compiled once for each
   */
  run(inputs: I, kind?: string): O;
  /** The same operation by operation. Results differ within rounding. */
  eager(inputs: I, kind?: string): O;
  /** Why it runs operation by operation, where it was refused or nothing can be compiled here. */
  refused(): string | undefined;
  dispose(): void;
}

/** One of the program's graphs. */
interface Entry {
  readonly recording: Recording;
  readonly call: Call;
  /** the outputs' paths, in order */
  readonly outputs: Leaves;
}

/** OFFSHELF_COMPILED=1: what would run operation by operation for its first calls is compiled from the first on. */
export function compilesAtOnce(): boolean {
  return isSwitchedOn("OFFSHELF_COMPILED");
}

/** Whether steps can run as one call: OFFSHELF_EAGER=1 and other backends say no. */
function backendToCompileFor(): NativeBackend | undefined {
  return isSwitchedOn("OFFSHELF_EAGER") ? undefined : nativeBackend();
}

/**
 * Compiles a pure step over tensors: a function of its inputs and of the variables in `state` alone, which it may
 * assign. At its first call with inputs of some shapes the step runs operation by operation (some hundred native
 * calls), twice with different inputs, and what it does is written down as a TensorFlow graph; from then on a step
 * is one native call. Results are eager's within float rounding. It takes some .3 s, and pays from some sixty calls on.
 *
 * Variables stay what they are to everybody else: they can be read, assigned, saved and loaded between calls.
 *
 * Inputs are a tree of objects. Tensors in it are the step's inputs; numbers, texts and booleans are fixed, each
 * combination is compiled on its own; functions and typed arrays are not handed to the step. Scalars that change by
 * call come by `perCall`; noise comes as an input.
 *
 * @throws at a call, naming what to change, where the step reads a value on the way (dataSync), uses a variable that
 *   is not in `state`, or computes with numbers that differ from call to call without being inputs (random ones,
 *   or those of one batch); with whenRefused "eager" it runs operation by operation instead.
 * @example
 * const w = tf().variable(tf().scalar(2));
 * const step = compile(({ x }: { x: Tensor }) => ({ y: x.mul(w) }), { state: [w] });
 * step.run({ x: tf().scalar(3) }).y.dataSync()[0] // 6
 */
export function compile<I extends object, O extends object>(
  step: (inputs: I, kind: string) => O,
  { state: variables, anyLength = [], whenRefused = "throw" }: CompileOptions,
): Compiled<I, O> {
  const backend = backendToCompileFor();
  const state = backend && programState(variables, backend);
  const entries = new Map<string, Entry>();
  let running: Session | undefined;
  const refusals = new Map<string, string>();

  const once = (leaves: Leaves, kind: string): O => step(restored(leaves) as I, kind);
  const eager = (inputs: I, kind: string): O => tf().tidy(() => once(leavesOf(inputs), kind) as never);

  /** Writes a new graph down and loads the program anew with it. */
  const added = (leaves: Leaves, kind: string, native: NativeBackend): Entry => {
    running?.bringHome();
    const isFree = (path: string): boolean => anyLength.includes(path);
    let outputs: Leaves | undefined;
    const written = (which: number): Recording => {
      let recording: Recording | undefined;
      // Not returned from tidy, which would look for tensors among the bytes of every constant.
      tf().tidy(() => {
        const given = example(leaves, isFree, which);
        const inputs = given.tensors.map(
          ({ path, tensor }): RecordedInput => ({
            tensor,
            shape: isFree(path) ? [-1, ...tensor.shape.slice(1)] : tensor.shape,
          }),
        );
        const recorded = (): Tensor[] => {
          outputs = leavesOf(once(given, kind));
          return outputs.tensors.map(({ tensor }) => tensor);
        };
        recording = recordStep(`e${entries.size}`, recorded, { inputs, state: state!, backend: native });
      });
      return recording as unknown as Recording;
    };
    const [first, second] = [written(0), written(1)];
    requireSameConstants(first, second);
    const call = { inputs: second.inputs.join(), outputs: second.outputs.join(), writes: second.writes };
    const entry = { recording: second, call, outputs: withoutTensors(outputs as Leaves) };
    const all = [...entries.values(), entry].flatMap(({ recording: { nodes } }) => nodes);
    const next = session([...state!.places], all, native);
    running?.dispose();
    running = next;
    return entry;
  };

  const run = (inputs: I, kind: string, native: NativeBackend): O => {
    const leaves = leavesOf(inputs);
    const key = `${kind} ${alike(leaves, (path) => anyLength.includes(path))}`;
    if (!entries.has(key) && !refusals.has(key))
      try {
        entries.set(key, added(leaves, kind, native));
      } catch (error) {
        if (whenRefused === "throw") throw error;
        refusals.set(key, error instanceof Error ? error.message : String(error));
      }
    const entry = entries.get(key);
    if (entry === undefined) return tf().tidy(() => once(leaves, kind) as never);
    const scalars = entry.recording.perCall.map((work) => work()).filter((value) => value !== undefined);
    const own = scalars.map((value) =>
      native.binding.createTensor([], native.binding.TF_FLOAT, Float32Array.of(value as number)),
    );
    const ids = native.getInputTensorIds(leaves.tensors.map(({ tensor }) => tensor));
    const results = running!.run(entry.call, [...ids, ...own]);
    for (const id of own) native.binding.deleteTensor(id);
    const tensors = results.map((tensor, i) => ({ path: entry.outputs.tensors[i].path, tensor }));
    return restored({ ...entry.outputs, tensors }) as O;
  };

  return {
    run(inputs, kind = "") {
      return backend ? run(inputs, kind, backend) : eager(inputs, kind);
    },
    eager: (inputs, kind = "") => eager(inputs, kind),
    refused: () => (backend ? [...refusals.values()][0] : "OFFSHELF_EAGER is set, or another backend runs"),
    dispose() {
      running?.dispose();
      running = undefined;
      entries.clear();
    },
  };
}

function requireSameConstants(first: Recording, second: Recording): void {
  const length = Math.max(first.constants.length, second.constants.length);
  for (let i = 0; i < length; i++) {
    const [one, other] = [first.constants[i], second.constants[i]];
    if (one !== other)
      throw new Error(
        `a compiled step requires numbers that change from call to call to be inputs (or perCall), got one that is ${one} and then ${other}`,
      );
  }
}

function withoutTensors(leaves: Leaves): Leaves {
  return { ...leaves, tensors: leaves.tensors.map(({ path }) => ({ path, tensor: undefined as never })) };
}
