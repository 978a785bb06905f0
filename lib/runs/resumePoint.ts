import { keepWays } from "../settings/runConfig";
import { type Checkpoint, checkpoints, readProgress } from "./checkpoint";
import { keptStep } from "./keptStep";
import { checkCheckpoint, hasManifest } from "./manifest";

/** Where a run that was cut short goes on. */
export interface ResumePoint {
  /** The last checkpoint that is whole, and all that it may need of those before it; absent: it starts again. */
  readonly from?: Checkpoint;
  /** Whether step 0 is kept. It can be made again, since the seed decides it. */
  readonly hasStart: boolean;
  /** What is wrong with the others, a line each. */
  readonly damaged: readonly string[];
}

/**
 * Looks through a run's checkpoints, newest first. One that is damaged or misses a part is passed over; so is one whose
 * best step so far is damaged, for without it the run could not end as it would have.
 *
 * @param root the folder of the checkpoints; a missing one holds none
 */
export async function resumePoint(root: string): Promise<ResumePoint> {
  const all = await checkpoints(root);
  const isOld = !all.some(hasManifest);
  const whole = new Map<number, Checkpoint>();
  const damaged: string[] = [];
  for (const each of all)
    try {
      await checkCheckpoint(each.folder, { isOld });
      whole.set(each.step, each);
    } catch (error) {
      damaged.push(`the checkpoint of step ${each.step} is passed over: ${(error as Error).message}`);
    }
  const hasStart = whole.has(0);
  for (const each of [...whole.values()].reverse()) {
    const { validations } = await readProgress(each.folder);
    const needed = keepWays.map((way) => keptStep(validations, way));
    if (needed.every((step) => step === 0 || whole.has(step))) return { from: each, hasStart, damaged };
  }
  return { hasStart, damaged };
}
