import type { Random } from "../math/random";
import type { Batch, Situation } from "../replay/batch";
import type { Optimizer } from "../tensors/adam";
import type { Network } from "../tensors/networks";
import { tf, type Variable } from "../tensors/tf";
import type { Agent, OwnItems } from "./agent";
import { loadAgentState, saveAgentState } from "./agentState";
import type { JointEncoder } from "./jointEncoder";

/** What an algorithm brings; `agentOf` adds counting, saving, loading and tidying up, which all do alike. */
export interface AgentParts<Config extends object, Networks extends object> {
  readonly name: string;
  readonly config: Config;
  /** Networks, or lists of them, under their names. All are saved and disposed of. */
  readonly networks: Networks;
  /** Single variables beside the networks, such as a temperature. */
  readonly variables?: readonly Variable[];
  readonly optimizers: readonly Optimizer[];
  /** Learns with the critics. */
  readonly joint?: JointEncoder | undefined;
  /** Whatever else holds tensors. */
  readonly held?: readonly ({ dispose(): void } | undefined)[];
  /** Drawn from while learning: each update gets a stream of its own, so that a loaded agent goes on alike. */
  readonly random: Random;
  act(states: Float32Array, situation?: Situation): Float32Array;
  items?(): OwnItems;
  /** One update, number `update` from 1; runs inside a tidy. */
  learn(batch: Batch, update: number, random: Random): Record<string, number>;
}

/** An agent whose networks can be looked into, for example to ask the critic about retrieved items. */
export interface NeuralAgent<Config extends object, Networks extends object> extends Agent {
  readonly config: Config;
  readonly networks: Networks;
}

/** An agent of its parts. */
export function agentOf<Config extends object, Networks extends object>(
  parts: AgentParts<Config, Networks>,
): NeuralAgent<Config, Networks> {
  const { name, config, networks, optimizers, joint, held = [] } = parts;
  const all = Object.values(networks).flat() as Network[];
  const own = [...all.flatMap((each) => each.variables), ...(parts.variables ?? [])];
  const variables = [...own, ...(joint?.variables ?? [])];
  const state = { name, config, variables, optimizers };
  let updates = 0;
  return {
    name,
    config,
    networks,
    act: parts.act,
    ...(parts.items ? { items: parts.items } : {}),
    ...(joint ? { encoder: () => joint.online.frozen() } : {}),
    learn: (batch) =>
      tf().tidy(() => {
        updates++;
        const seen = joint ? joint.encoded(batch) : batch;
        return parts.learn(seen, updates, parts.random.fork(`update ${updates}`));
      }),
    save: (folder) => saveAgentState(folder, { ...state, updates }),
    load: async (folder) => {
      updates = await loadAgentState(folder, state);
    },
    dispose() {
      for (const part of [...own, ...optimizers, joint, ...held]) part?.dispose();
    },
  };
}
