import type { Network } from "../tensors/networks";
import { tf } from "../tensors/tf";

/**
 * What one of an agent's networks answers, in plain numbers: a critic at states and actions, a decoder at states
 * and latents.
 *
 * @param states [n × S]
 * @param beside [n × B] what stands beside each state
 * @returns [n × outputs]
 * @throws when there are not as many rows beside as states.
 * @example predict(agent.networks.critic, states, { stateSize: 2, beside: agent.act(states) }) // Q(s, μ(s)) [n]
 */
export function predict(
  network: Pick<Network, "apply">,
  states: Float32Array,
  { stateSize, beside }: { readonly stateSize: number; readonly beside: Float32Array },
): Float32Array {
  const size = states.length / stateSize;
  const width = beside.length / size;
  if (!(Number.isInteger(size) && size >= 1 && Number.isInteger(width)))
    throw new Error(
      `predict requires rows of ${stateSize} numbers and as many rows beside them, got ${states.length} and ${beside.length} numbers`,
    );
  return tf().tidy(() => {
    const rows = [tf().tensor2d(states, [size, stateSize]), tf().tensor2d(beside, [size, width])];
    return Float32Array.from(network.apply(tf().concat(rows, 1)).dataSync());
  });
}
