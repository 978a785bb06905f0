import type { TrainableEncoder } from "../encoders/trainableEncoder";
import type { Batch } from "../replay/batch";
import { softUpdate } from "../tensors/softUpdate";
import type { Variable } from "../tensors/tf";

/**
 * An encoder that learns with the critics: their loss, and nothing else, reaches its weights; the actor reads
 * its states as constants. Next states come from a target copy that follows softly, as target critics do.
 */
export interface JointEncoder {
  readonly online: TrainableEncoder;
  readonly target: TrainableEncoder;
  /** Online variables, then the target's. */
  readonly variables: readonly Variable[];
  /** The batch with states [B, S] and next states read anew from its windows; no gradient is meant to pass. */
  encoded(batch: Batch): Batch;
  /** The batch with its states alone read anew, differentiable in the online variables: what critics learn from. */
  readAnew(batch: Batch): Batch;
  /** target ← (1 − rate) · target + rate · online */
  follow(): void;
  dispose(): void;
}

/** Takes the encoder over, where there is one: it is disposed of with the agent. */
export function jointEncoder(
  online: TrainableEncoder | undefined,
  { targetRate }: { readonly targetRate: number },
): JointEncoder | undefined {
  if (online === undefined) return undefined;
  const target = online.copy();
  return {
    online,
    target,
    variables: [...online.variables, ...target.variables],
    encoded(batch) {
      const { states, nextStates } = windowsOf(batch);
      return { ...batch, states: online.states(states), nextStates: target.states(nextStates) };
    },
    readAnew: (batch) => ({ ...batch, states: online.states(windowsOf(batch).states) }),
    follow() {
      if (online.variables.length > 0) softUpdate(target.variables, online.variables, targetRate);
    },
    dispose() {
      online.dispose();
      target.dispose();
    },
  };
}

/** @throws when the batch was drawn without windows. */
function windowsOf(batch: Batch): NonNullable<Batch["windows"]> {
  if (!batch.windows)
    throw new Error("joint training requires batches with windows, got none: see replayBuffer's window");
  return batch.windows;
}
