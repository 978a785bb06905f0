import type { BaselineName } from "../baselines/fitBaselines";
import { progressBar } from "../figures/progressBar";
import type { Recommender } from "../retrieval/recommender";
import type { PreparedData } from "../runs/preparedData";
import { fittedBaselines } from "./evaluateBaselines";

/**
 * What any new method has to beat: the methods in closed form, fitted on train rows with settings chosen on validation
 * rows (once for each log, then from data/cache), with a progress bar.
 *
 * @param options.names all of `baselineNames` by default
 * @example const table = await compare([run, ...(await baselines(data))], data);
 */
export async function baselines(
  data: PreparedData,
  options: { readonly names?: readonly BaselineName[]; readonly root?: string } = {},
): Promise<Recommender[]> {
  const progress = progressBar("baselines");
  const fitted = await fittedBaselines(data, {
    ...options,
    onProgress: (label, done, total, detail) => progress.update(done, total, `${label}: ${detail}`),
  });
  progress.end();
  return fitted;
}
