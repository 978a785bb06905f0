import type { EncoderWindows } from "../encoders/trainableEncoder";
import type { Random } from "../math/random";
import type { Batch } from "../replay/batch";
import type { Optimizer } from "../tensors/adam";
import { compile, compilesAtOnce } from "../tensors/compiled";
import { type Tensor1D, type Tensor2D, tf, type Variable } from "../tensors/tf";
import type { AgentProblem } from "./agent";
import type { JointEncoder } from "./networks";
import { figuresOf, type Watched } from "./watched";

/** Noise and the like, drawn outside of the step; by name. */
export type Drawn = Readonly<Partial<Record<string, Tensor2D>>>;

/** An update as a pure step over tensors, which is compiled into one native call (`compile`). */
export interface PureUpdate {
  /** What update number `update` (from 1) moves, where not all do the same: each kind of step is compiled once. */
  moves?(update: number): string;
  /** What an update draws, for a batch of this size; nothing by default. */
  draw?(size: number, random: Random): Drawn;
  /** Reads nothing; gives tensors to be watched. */
  step(batch: Batch, moves: string, drawn: Drawn): Watched;
  /** Smallest and largest possible value; Q outside it raises the alarm. */
  readonly bounds?: AgentProblem["valueBounds"];
}

/** Tensors beside the networks, and what a step that uses them has to know of a batch. */
export interface Held {
  /** That much of a batch as tensors, made outside of the step. */
  prepared?(batch: Batch): Partial<Batch>;
  dispose(): void;
}

/** Parts of a batch that are longer or shorter from one to the next. */
const anyLength = [
  ...["added", "nextSeen", "nextAdded", "sample.added"].map((part) => `batch.${part}.places`),
  ...["added", "nextAdded", "sample.added"].map((part) => `batch.${part}.logits`),
];

/**
 * The first updates run operation by operation: compiling takes some .3 s, which pays from about sixty updates on.
 * Both ways differ in rounding, so that it is the number of the update that decides, in a resumed run as in one
 * that never stopped. OFFSHELF_COMPILED=1: compiled from the first on; OFFSHELF_EAGER=1: never.
 */
function firstCompiled(): number {
  return compilesAtOnce() ? 1 : 61;
}

/** Learns by a pure step. What cannot be compiled (see `compile`) runs operation by operation. */
export function pureUpdate(
  { moves = () => "", draw, step, bounds }: PureUpdate,
  state: {
    readonly variables: readonly Variable[];
    readonly optimizers: readonly Optimizer[];
    readonly joint?: JointEncoder;
    readonly held: readonly (Held | undefined)[];
  },
) {
  const { variables, optimizers, joint, held } = state;
  type Inputs = { readonly batch: Batch; readonly drawn?: Drawn };
  const compiled = compile(
    ({ batch, drawn }: Inputs, kind): Watched =>
      step(joint ? joint.encoded(batch) : batch, kind, drawn ?? {}),
    {
      state: [...variables, ...optimizers.flatMap(({ own }) => own)],
      anyLength,
      whenRefused: "eager",
    },
  );
  const from = firstCompiled();
  return {
    /** One update, number `update` from 1; runs inside a tidy. */
    learn(batch: Batch, update: number, random: Random): Record<string, number> {
      const inputs = { batch: ofTensors(batch, held), drawn: draw?.(batch.size, random) ?? {} };
      const watched = compiled[update < from ? "eager" : "run"](inputs, moves(update));
      return figuresOf(watched, batch, bounds);
    },
    refused: compiled.refused,
    dispose: compiled.dispose,
  };
}

/** The batch with all that a step may read as tensors. */
function ofTensors(batch: Batch, held: readonly (Held | undefined)[]): Batch {
  const { windows } = batch;
  return {
    ...batch,
    ...Object.assign({}, ...held.map((each) => each?.prepared?.(batch))),
    ...(windows
      ? { windows: { states: withLengths(windows.states), nextStates: withLengths(windows.nextStates) } }
      : {}),
  };
}

function withLengths(windows: EncoderWindows): EncoderWindows {
  const { lengths } = windows;
  if ("dataSync" in lengths) return windows;
  return { ...windows, lengths: tf().tensor1d(Int32Array.from(lengths), "int32") as Tensor1D };
}
