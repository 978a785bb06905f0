import type { Situation } from "../replay/batch";
import type { Network } from "../tensors/networks";
import { type Tensor1D, type Tensor2D, tf } from "../tensors/tf";
import { type ActionSpace, perturb, perturbationScale } from "./actionSpace";
import { actionValue } from "./actorNetwork";
import { repeatRows, repeatSituation } from "./repeatRows";
import type { RetrievedActions } from "./retrievedActions";

/** What imagines actions, and what moves them a little. */
export interface CandidateNetworks {
  /** G: [n, S + L] → [n, A] */
  readonly decoder: Network;
  /** ξ: [n, S + A] → [n, A] in [−1, 1] */
  readonly perturbation: Network;
}

/** G(s, z) + Φ·ξ(s, G(s, z)), brought back into the action space. [n, S], [n, L] → [n, A] */
export function candidateActions(
  networks: CandidateNetworks,
  states: Tensor2D,
  latents: Tensor2D,
  { perturbation, actionSpace }: { readonly perturbation: number; readonly actionSpace: ActionSpace },
): Tensor2D {
  const imagined = networks.decoder.apply(tf().concat([states, latents], 1));
  if (perturbation === 0) return imagined;
  const scale = perturbation * perturbationScale(actionSpace, imagined.shape[1]);
  const move = networks.perturbation.apply(tf().concat([states, imagined], 1));
  return perturb(imagined, move.mul(scale) as Tensor2D, actionSpace);
}

/**
 * Of `k` candidates for each state the one with the largest Q₁ (at the item it retrieves, with `items`, which leaves
 * out what `situation` says was seen). [n, S] → [n, A]
 */
export function bestCandidates(
  networks: CandidateNetworks & { readonly critics: readonly Network[] },
  states: Tensor2D,
  latents: Tensor2D,
  options: {
    readonly perturbation: number;
    readonly actionSpace: ActionSpace;
    readonly items?: RetrievedActions;
    readonly situation?: Situation | undefined;
  },
): Tensor2D {
  const [size, k] = [states.shape[0], latents.shape[0]];
  const repeated = repeatRows(states, k);
  const proposed = candidateActions(networks, repeated, latents.tile([size, 1]), options);
  const { items, situation = {} } = options;
  const judged = items ? items.of(proposed, repeatSituation(situation, k)) : proposed;
  const values = actionValue(networks.critics[0]!, repeated, judged).reshape([size, k]);
  const places = values.argMax(1).add(tf().range(0, size * k, k, "int32"));
  return tf().gather(proposed, places as Tensor1D);
}
