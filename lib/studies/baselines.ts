import { type BaselineName, baselineNames, fitBaselines } from "../baselines/fitBaselines";
import { requestMoments } from "../baselines/recentPopularity";
import { progressBar } from "../figures/progressBar";
import { random } from "../math/random";
import type { Recommender } from "../retrieval/recommender";
import type { PreparedData } from "../runs/preparedData";
import { sharedBaselineSettings } from "../runs/sharedBaselines";

/**
 * What any new method has to beat: the methods in closed form, fitted on train rows with settings chosen on validation
 * rows (once for each log, then from data/cache), with a progress bar.
 *
 * @param names all of `baselineNames` by default
 * @example const table = await compare([run, ...(await baselines(data))], data);
 */
export async function baselines(
  data: PreparedData,
  { names = baselineNames, root }: { readonly names?: readonly BaselineName[]; readonly root?: string } = {},
): Promise<Recommender[]> {
  const progress = progressBar("baselines");
  const settings = await sharedBaselineSettings(data, {
    root,
    onProgress: (label, done, total, detail) => progress.update(done, total, `${label}: ${detail}`),
  });
  const { interactions } = data.dataset;
  let done = 0;
  const fitted = fitBaselines(interactions, data.rows, {
    ...{ settings, random: random(1), names },
    moments: requestMoments(interactions, data.split.test),
    onFitted: (name) => progress.update(++done, names.length, name),
  });
  progress.end();
  return fitted;
}
