import { type Tensor, type Tensor2D, type Tensor3D, tf } from "../tensors/tf";
import type { SequencePass } from "./sequenceNetwork";

/** One step of a recurrence: what the step's input brings [B, K] and the memory before → the memory after. */
export type RecurrentStep = (projected: Tensor2D, memory: readonly Tensor2D[]) => readonly Tensor2D[];

/**
 * Runs a recurrence over time. Its memory is some tensors [B, S], zeros at the start; the first one is the state.
 *
 * @param projected [B, T, K], what the inputs bring to each step, all products with them already made
 * @param carried the memory where an earlier stretch left off
 */
export function unroll(
  projected: Tensor3D,
  { units, memories, carried }: { units: number; memories: number; carried?: readonly Tensor[] },
  step: RecurrentStep,
): SequencePass {
  const size = projected.shape[0];
  let memory = (carried as readonly Tensor2D[] | undefined) ?? [];
  if (!carried) memory = Array.from({ length: memories }, () => tf().zeros([size, units]) as Tensor2D);
  const states = (tf().unstack(projected, 1) as Tensor2D[]).map((x) => {
    memory = step(x, memory);
    return memory[0];
  });
  return { states: tf().stack(states, 1) as Tensor3D, carried: memory };
}
