import type { Agent } from "../agents/agent";
import type { NextItemModel } from "../encoders/nextItemModel";
import { random } from "../math/random";
import type { ActorEntry } from "../settings/agents";
import { agentSettings } from "../settings/resolveConfig";
import type { RunConfig } from "../settings/runConfig";
import { problemOf } from "./problemOf";
import type { SupervisedStart } from "./supervisedStart";

/** An actor as a run's settings make it, before anything is learned or loaded. Whoever makes one disposes of it. */
export function newAgent(
  entry: ActorEntry,
  {
    model,
    config,
    start,
    unavailable,
  }: {
    readonly model: NextItemModel;
    readonly config: RunConfig;
    readonly start: SupervisedStart;
    /** Rows of items that are unavailable. */
    readonly unavailable?: ReadonlySet<number>;
  },
): Agent {
  const problem = problemOf(model, random(config.seed).fork("agent"), {
    ...{ joint: config.window !== null, window: config.window ?? undefined },
    ...{ servedBias: start.bias, largestAdded: start.companion?.largest, unavailable },
  });
  return entry.factory(problem, agentSettings(config));
}
