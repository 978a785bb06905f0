import { type Scalar, type Tensor, tf } from "./tf";

/** Who writes a step down while it runs (`recordStep`). */
export interface PerCallRecorder {
  scalar(value: () => number): Scalar;
  effect(work: () => void): void;
  after<T extends Tensor>(tensor: T, earlier: Tensor): T;
}

let recorder: PerCallRecorder | undefined;

/**
 * A scalar that is another one at every call of a step, such as a power of Adam's decay. A compiled step computes it
 * anew at each call; as `tf().scalar(value())` it would stay what it was while the step was written down.
 */
export function perCall(value: () => number): Scalar {
  return recorder ? recorder.scalar(value) : tf().scalar(value());
}

/**
 * Work outside the tensors that belongs to every call, such as counting steps. A compiled step does it
 * before it runs, in the step's order with the scalars.
 */
export function onCall(work: () => void): void {
  if (recorder) recorder.effect(work);
  else work();
}

/**
 * The same numbers, there only when `earlier` is: what is computed from them waits for it. Operation by operation that
 * is so anyway; in a compiled step it keeps pieces of a large computation from being in memory all at once.
 */
export function inOrder<T extends Tensor>(tensor: T, earlier: Tensor): T {
  return recorder ? recorder.after(tensor, earlier) : tensor;
}

/** Runs `work` while `next` hears of its scalars and effects, which are not done meanwhile. */
export function withRecorder<R>(next: PerCallRecorder, work: () => R): R {
  const before = recorder;
  recorder = next;
  try {
    return work();
  } finally {
    recorder = before;
  }
}
