import { feedbackOf } from "../data/feedback";
import type { RunConfig } from "../settings/runConfig";
import type { ExperimentData } from "./experimentData";

/** The weight from which a row is positive: as relevance says, and any row where it says nothing. */
export function minimumWeight(
  config: Pick<RunConfig, "relevantAt" | "protocol">,
  data: Pick<ExperimentData, "dataset">,
): number | undefined {
  if (config.relevantAt !== null) return config.relevantAt;
  if (config.protocol !== "temporal") return undefined;
  return feedbackOf(data.dataset.interactions).relevantAt ?? Number.MIN_VALUE; // any weight above 0
}
