import {
  smoothingNoise,
  type Td3Networks,
  td3ActorLoss,
  td3Defaults,
  td3Targets,
} from "../../agents/actorCritic/td3";
import { type Agent, agentOf, optimizerOf } from "../../agents/agent";
import { moveActor, moveCritics } from "../../agents/losses";
import { actionsFor, actorNetwork, criticNetworks, variablesOf } from "../../agents/networks";
import type { Random } from "../../math/random";
import { type GruWeights, gruSequence, gruWeights } from "../../tensors/gruSequence";
import { copyOf, type Network, network } from "../../tensors/networks";
import { softUpdate } from "../../tensors/softUpdate";
import { type Tensor2D, type Tensor3D, tf } from "../../tensors/tf";

export interface JointSizes {
  /** T: entries before a state. */
  readonly steps: number;
  /** E: numbers in an entry. */
  readonly entrySize: number;
  /** S */
  readonly stateSize: number;
  /** A */
  readonly actionSize: number;
}

/**
 * TD3 with a GRU in each network, written with the parts that lib/agents is made of: what its agents share one encoder
 * for, each network here learns for itself. States are stretches of entries, [B, T · E].
 */
export function jointTd3(sizes: JointSizes, random: Random): Agent & { readonly networks: Td3Networks } {
  const { steps, entrySize, stateSize, actionSize } = sizes;
  const problem = { stateSize, actionSize, random };
  const config = td3Defaults;
  const reading = (inner: Network, name: string): Network => withGru(inner, sizes, random.fork(name));
  const actor = reading(actorNetwork({ ...problem, hidden: config.hidden }), "actor's reader");
  const critics = criticNetworks(2, problem, config.hidden).map((each, i) =>
    reading(each, `critic ${i}'s reader`),
  );
  const [targetActor, targetCritics] = [copyOf(actor), critics.map(copyOf)];
  const networks: Td3Networks = { actor, critics, targetActor, targetCritics };
  const ofActor = optimizerOf(config, actor.variables, config.actorLearningRate);
  const ofCritics = optimizerOf(config, variablesOf(critics), config.criticLearningRate);
  return agentOf({
    ...{ name: "td3", config, networks, random, optimizers: [ofActor, ofCritics] },
    act: (states) => actionsFor(actor, states, steps * entrySize),
    moves: (update) => (update % config.policyDelay === 0 ? "actor" : "critics"),
    draw: (size, chance) => ({ noise: smoothingNoise(size, problem, config, chance) }),
    step(batch, moves, { noise }) {
      const targets = td3Targets(networks, batch, config, { noise });
      const watched = moveCritics(critics, batch, { targets, optimizer: ofCritics });
      if (moves === "critics") return watched;
      softUpdate(variablesOf(targetCritics), variablesOf(critics), config.targetRate);
      const acted = moveActor(() => td3ActorLoss(networks, batch, config), { optimizer: ofActor });
      softUpdate(targetActor.variables, actor.variables, config.targetRate);
      return { ...watched, ...acted };
    },
  });
}

/** A network that reads stretches of entries, and whatever stands beside them: [B, T · E + …], through its own GRU. */
function withGru(inner: Network, { steps, entrySize, stateSize }: JointSizes, random: Random): Network {
  const own = gruWeights(entrySize, stateSize, random);
  return network([...own, ...inner.variables], (variables, input) => {
    const [size, width] = input.shape;
    const read = steps * entrySize;
    const entries = input.slice([0, 0], [size, read]).reshape([size, steps, entrySize]) as Tensor3D;
    const states = gruSequence(entries, variables.slice(0, own.length) as unknown as GruWeights);
    const last = states.slice([0, steps - 1, 0], [size, 1, stateSize]).reshape([size, stateSize]) as Tensor2D;
    const beside = input.slice([0, read], [size, width - read]);
    const whole = width === read ? last : (tf().concat([last, beside], 1) as Tensor2D);
    return inner.forward(variables.slice(own.length), whole);
  });
}
