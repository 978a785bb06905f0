import { join } from "node:path";
import { fingerprint } from "../data/fingerprint";
import { rewardColumn } from "../replay/rewardColumn";
import { terminalColumn } from "../replay/terminalColumn";
import { withFolderLock } from "./folderLock";
import type { RunSpec } from "./runSpec";
import { type Run, trainSpec } from "./trainSpec";

/** Raise it when learning changes, so that what the old one learned is not taken for new. */
const version = 3;

/**
 * A run that is made once and then read from data/cache: its checkpoints are kept in a folder named by the
 * fingerprint of everything the result depends on. One that was interrupted continues where it was.
 *
 * The reward is told apart by what it gives to each entry, the agent by its source text: an agent that reads
 * variables from around it, or calls functions that have changed, needs a name of its own in `also`.
 *
 * @example const run = await cachedRun({ data, model, agent: ddpg as AgentFactory, steps: 600 });
 */
export async function cachedRun(
  spec: RunSpec,
  options: { readonly folder?: string; readonly also?: string } = {},
): Promise<Run> {
  const { folder = join(process.cwd(), "data", "cache"), also = "" } = options;
  const checkpointFolder = join(folder, `run-${runFingerprint(spec, also)}`);
  return withFolderLock(checkpointFolder, () => trainSpec({ ...spec, checkpointFolder }), {
    onWait: (pid) => process.stderr.write(`waiting for process ${pid}, which trains the same run\n`),
  });
}

/** What tells apart the runs of data, model, agent and settings. */
export function runFingerprint(spec: RunSpec, also = ""): string {
  const {
    data,
    model,
    reward,
    agent,
    config = {},
    bias,
    companion,
    steps,
    batchSize,
    seed,
    evaluateEvery,
  } = spec;
  const { interactions } = data.dataset;
  const { items, weights, offsets } = data.histories;
  const settings = { steps, batchSize, seed, evaluateEvery, replay: spec.replay, window: spec.window };
  return fingerprint([
    { version, also, config, ...settings, weightKind: interactions.weightKind },
    [agent.name, agent.toString()],
    ...[items, weights, offsets],
    ...(reward === undefined ? [] : [rewardColumn(interactions, data.histories, reward)]),
    ...(data.repeats ? ["repeats"] : []),
    ...(spec.terminals === undefined ? [] : [terminalColumn(interactions, data.histories, spec.terminals)]),
    ...(data.validation ? [data.validation.histories.users, data.validation.relevantItems] : []),
    ...[model.itemVectors, model.itemBias, model.headWeights, model.headBias],
    ...(bias ? [bias] : []),
    ...(companion ? Object.values(companion.along(data.histories)) : []),
  ]);
}
