import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Dataset } from "../data/dataset";
import type { TuneConfig } from "../settings/tuneConfig";
import { makeTrial, type TrialJob } from "./trial";

/** Makes the one trial that a worker asks this process for (tune.py tells how); ends when nobody wants it any more. */
export async function serveTrials(tune: TuneConfig, dataset: Dataset): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  const [line] = (await once(lines, "line")) as [string];
  const abandoned = (): never => process.exit(1);
  lines.once("close", abandoned);
  await makeTrial(tune, JSON.parse(line) as TrialJob, {
    dataset,
    say: (message) => void process.stdout.write(`${JSON.stringify(message)}\n`),
  });
  lines.off("close", abandoned);
  process.stdin.destroy();
}
