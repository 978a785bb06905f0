import { fitBaselines } from "../baselines/fitBaselines";
import { requestMoments } from "../baselines/recentPopularity";
import { random } from "../math/random";
import type { Recommender } from "../retrieval/recommender";
import type { OpenRun } from "../runs/openRun";
import { sharedBaselineSettings } from "../runs/sharedBaselines";
import type { CompareRequest } from "./compareRuns";

/** Every baseline, fitted on the run's rows with settings chosen on validation rows. */
export async function baselinesOf(
  run: OpenRun,
  { root, onProgress }: Pick<CompareRequest, "root" | "onProgress">,
): Promise<Recommender[]> {
  const { dataset, data } = run;
  const settings = await sharedBaselineSettings(data, { root, onProgress });
  const { interactions } = dataset;
  const moments = requestMoments(interactions, data.split.test);
  return fitBaselines(interactions, data.rows, { settings, random: random(1), moments });
}
