import { fitBaselines } from "../baselines/fitBaselines";
import { requestMoments } from "../baselines/recentPopularity";
import { random } from "../math/random";
import type { Recommender } from "../retrieval/recommender";
import type { CompareRequest } from "./compareRuns";
import { experimentData } from "./experimentData";
import type { OpenRun } from "./openRun";
import { sharedBaselineSettings } from "./sharedBaselines";

/** Every baseline, fitted on the run's rows with settings chosen on validation rows. */
export async function baselinesOf(
  run: OpenRun,
  { root, onProgress }: Pick<CompareRequest, "root" | "onProgress">,
): Promise<Recommender[]> {
  const { dataset, data } = run;
  const chooseOn = data.refit
    ? experimentData(dataset, {
        ...data.ratios,
        protocol: data.split.protocol,
        relevantAt: data.relevantAt,
      })
    : data;
  let done = 0;
  const settings = await sharedBaselineSettings(chooseOn, {
    ...(root === undefined ? {} : { root }),
    onProgress: (what) => onProgress?.("choosing the baselines' settings", ++done, 7, what),
  });
  const { interactions } = dataset;
  const moments = requestMoments(interactions, data.split.test);
  return fitBaselines(interactions, data.rows, { settings, random: random(1), moments });
}
