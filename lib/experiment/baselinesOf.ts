import { fitBaselines } from "../baselines/fitBaselines";
import { requestMoments } from "../baselines/recentPopularity";
import { random } from "../math/random";
import type { Recommender } from "../retrieval/recommender";
import type { CompareRequest } from "./compareRuns";
import type { OpenRun } from "./openRun";
import { sharedBaselineSettings } from "./sharedBaselines";

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
