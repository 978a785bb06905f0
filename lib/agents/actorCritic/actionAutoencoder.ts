import type { Random } from "../../math/random";
import type { Batch } from "../../replay/batch";
import { normals } from "../../tensors/initialisers";
import { multilayerPerceptron, type Network } from "../../tensors/networks";
import { type Scalar, type Tensor2D, tf } from "../../tensors/tf";
import type { AgentProblem } from "../agent";
import type { BehaviourTerm } from "../losses";
import { actorNetwork } from "../networks";

/** A conditional variational autoencoder of actions (Kingma and Welling 2014; Sohn, Lee and Yan 2015). */
export interface ActionAutoencoder {
  /** [B, S + A] → [B, 2L], mean and log σ of the latent z */
  readonly encoder: Network;
  /** G: [B, S + L] → [B, A], an action like those taken in that state */
  readonly decoder: Network;
}

/** Fresh networks: latents start near a standard normal, and the decoder as the supervised head where there is one. */
export function actionAutoencoder(
  problem: AgentProblem,
  { hidden, latentSize }: { readonly hidden: readonly number[]; readonly latentSize: number },
): ActionAutoencoder {
  const inputs = problem.stateSize + problem.actionSize;
  const encoder = multilayerPerceptron({
    inputs,
    hidden,
    outputs: 2 * latentSize,
    random: problem.random.fork("latent"),
    outputScale: 0.1,
  });
  return { encoder, decoder: actorNetwork({ ...problem, hidden, extraInputs: latentSize }) };
}

/** `size` latents, standard normal cut off at ± clip. [size, L] */
export function drawLatents(size: number, latentSize: number, clip: number, random: Random): Tensor2D {
  const draws = normals(size * latentSize, 1, random);
  return tf().tensor2d(
    draws.map((z) => Math.max(-clip, Math.min(clip, z))),
    [size, latentSize],
  );
}

/**
 * How badly an action is given back, plus latentWeight times the divergence of q(z|s, a) from a standard normal,
 * both summed over numbers and averaged over the batch (Kingma and Welling 2014, appendix B).
 *
 * @param noise [B, L] standard normal: z = mean + σ·noise
 */
export function autoencoderLoss(
  networks: ActionAutoencoder,
  batch: Batch,
  {
    noise,
    term,
    latentWeight,
  }: { readonly noise: Tensor2D; readonly term: BehaviourTerm; readonly latentWeight: number },
): { readonly loss: Scalar; readonly reconstruction: Scalar; readonly divergence: Scalar } {
  const { states, actions, itemRows, sample } = batch;
  const [mean, raw] = tf().split(networks.encoder.apply(tf().concat([states, actions], 1)), 2, 1) as [
    Tensor2D,
    Tensor2D,
  ];
  const logDeviation = tf().clipByValue(raw, -4, 15);
  const latents = mean.add(logDeviation.exp().mul(noise));
  const imagined = networks.decoder.apply(tf().concat([states, latents], 1) as Tensor2D);
  const reconstruction = term.loss(imagined, actions, itemRows, sample);
  const divergence = mean
    .square()
    .add(logDeviation.mul(2).exp())
    .sub(logDeviation.mul(2))
    .sub(1)
    .mul(0.5)
    .sum(1)
    .mean() as Scalar;
  return { loss: reconstruction.add(divergence.mul(latentWeight)), reconstruction, divergence };
}
