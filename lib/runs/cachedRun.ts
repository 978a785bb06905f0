import { createHash } from "node:crypto";
import { join } from "node:path";
import { rewardColumn } from "../replay/rewardColumn";
import { type Experiment, type Run, runExperiment } from "./runExperiment";

/** Raise it when learning changes, so that what the old one learned is not taken for new. */
const version = 3;

/**
 * An experiment that is run once and then read from data/cache: its checkpoints are kept in a folder named by a
 * hash of everything the result depends on. One that was interrupted goes on where it was.
 *
 * The reward is told apart by what it gives to each entry, the agent by its source text: an agent that reads
 * variables from around it, or calls functions that have changed, needs a name of its own in `also`.
 *
 * @example const run = await cachedRun({ data, encoder: model, agent: ddpg as AgentFactory, steps: 600 });
 */
export async function cachedRun(
  experiment: Experiment,
  options: { readonly folder?: string; readonly also?: string } = {},
): Promise<Run> {
  const { folder = join(process.cwd(), "data", "cache"), also = "" } = options;
  return runExperiment({ ...experiment, checkpointFolder: join(folder, `run-${runKey(experiment, also)}`) });
}

/** 16 hexadecimal digits of data, model, agent and settings. */
export function runKey(experiment: Experiment, also = ""): string {
  const {
    data,
    encoder,
    reward,
    agent,
    config = {},
    bias,
    steps,
    batchSize,
    seed,
    evaluateEvery,
    replay,
    window,
  } = experiment;
  const settings = { version, also, config, steps, batchSize, seed, evaluateEvery, replay, window };
  const hash = createHash("sha256").update(JSON.stringify(settings));
  const { interactions } = data.dataset;
  hash.update(JSON.stringify([agent.name, agent.toString(), interactions.weightKind]));
  const rewards = reward === undefined ? [] : [rewardColumn(interactions, data.histories, reward)];
  const columns = [data.histories.items, data.histories.weights, data.histories.offsets, ...rewards];
  const judged = data.validation ? [data.validation.histories.users, data.validation.relevantItems] : [];
  const model = [encoder.itemVectors, encoder.itemBias, encoder.headWeights, encoder.headBias];
  for (const values of [...columns, ...judged, ...model, ...(bias ? [bias] : [])])
    hash
      .update(`${values.length}:`)
      .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest("hex").slice(0, 16);
}
