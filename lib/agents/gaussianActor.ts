import { multilayerPerceptron, type Network, network, variableOf } from "../tensors/networks";
import { type Tensor2D, tf } from "../tensors/tf";
import { type ActionSpace, project, perturbationScale, unitLength } from "./actionSpace";
import { type ActorShape, linearHead } from "./actorNetwork";

/** log σ stays within these, as in Haarnoja et al. 2018. */
export interface DeviationBounds {
  readonly least: number;
  readonly most: number;
}

/**
 * A normal policy with independent numbers: [B, S] → [B, 2A], means and then log σ. The means begin as the
 * supervised head (see `actorNetwork`) and log σ at `logDeviation`. In the space of items means have length 1:
 * else longer means would buy entropy that no direction has. Variables in order: W₀, b₀, log σ's bias, the MLP's.
 */
export function gaussianActor(
  shape: ActorShape & { readonly logDeviation: number; readonly bounds: DeviationBounds },
): Network {
  const { stateSize, actionSize, hidden, actionSpace = "unit", random, head, logDeviation, bounds } = shape;
  const mlp = multilayerPerceptron({
    inputs: stateSize,
    hidden,
    outputs: 2 * actionSize,
    random: random.fork("actor"),
    outputScale: 0,
  });
  const own = [
    ...linearHead({ stateSize, actionSize, random, ...(head && { head }) }),
    variableOf(new Float32Array(actionSize).fill(logDeviation), [actionSize]),
  ];
  return network([...own, ...mlp.variables], ([w, b, d, ...rest], states) => {
    const learned = mlp.forward(rest, states);
    const linear = tf()
      .matMul(states, w as unknown as Tensor2D)
      .add(b!);
    const half = (from: number): Tensor2D => learned.slice([0, from], [-1, actionSize]);
    const raw = half(0).add(linear) as Tensor2D;
    const means = actionSpace === "unit" ? unitLength(raw) : raw;
    const deviations = tf().clipByValue(half(actionSize).add(d!) as Tensor2D, bounds.least, bounds.most);
    return tf().concat([means, deviations], 1) as Tensor2D;
  });
}

/** Actions drawn from the policy, and the log density of each draw. */
export interface Drawn {
  /** [B, A] */
  readonly actions: Tensor2D;
  /** [B, 1] */
  readonly logDensities: Tensor2D;
}

/**
 * a = into(μ + σ·ε), differentiable in μ and σ (Haarnoja et al. 2018, appendix C). The density is that of the
 * draw in the action space: through tanh it is corrected by Σ log(1 − tanh²). In the space of items it is taken
 * before the scaling to length 1, in units of 1/√A.
 *
 * @param noise ε [B, A], standard normal
 * @example one number in the box, μ = 0, σ = 1, ε = 0: action 0, log density −.919
 */
export function drawActions(parameters: Tensor2D, noise: Tensor2D, space: ActionSpace): Drawn {
  const [means, logDeviations] = tf().split(parameters, 2, 1) as [Tensor2D, Tensor2D];
  const scale = perturbationScale(space, means.shape[1]);
  const raw = means.add(logDeviations.exp().mul(noise).mul(scale)) as Tensor2D;
  const normal = noise
    .square()
    .mul(-0.5)
    .sub(logDeviations)
    .sub(0.5 * Math.log(2 * Math.PI));
  const actions = project(raw, space);
  if (space !== "box") return { actions, logDensities: normal.sum(1, true) as Tensor2D };
  // log(1 − tanh²u) = 2·(log 2 − u − softplus(−2u)), which stays finite where tanh is 1 to the last bit.
  const squash = raw
    .add(tf().softplus(raw.mul(-2)))
    .mul(-2)
    .add(2 * Math.log(2));
  return { actions, logDensities: normal.sub(squash).sum(1, true) as Tensor2D };
}

/** The policy's centre as an action: what is served. [B, 2A] → [B, A] */
export function centreOf(parameters: Tensor2D, space: ActionSpace): Tensor2D {
  const means = parameters.slice([0, 0], [-1, parameters.shape[1] / 2]);
  return space === "box" ? (tf().tanh(means) as Tensor2D) : means;
}
