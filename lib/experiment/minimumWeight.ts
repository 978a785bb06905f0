import type { ExperimentData } from "./experimentData";
import type { RunConfig } from "./runConfig";

/** The weight from which a row is positive: as relevance says, and any row where it says nothing. */
export function minimumWeight(
  config: Pick<RunConfig, "relevantAt" | "protocol">,
  data: Pick<ExperimentData, "dataset">,
): number | undefined {
  if (config.relevantAt !== null) return config.relevantAt;
  return data.dataset.interactions.weightKind === "rating" && config.protocol === "temporal" ? 4 : undefined;
}
