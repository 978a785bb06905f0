import { random } from "../math/random";
import { type Batch, batch } from "../replay/batch";
import { gaussian } from "../tensors/initialisers";
import { tf, type Variable } from "../tensors/tf";
import { type DdpgConfig, ddpgDefaults } from "./actorCritic/ddpg";

/** A problem small enough to check by hand, for the tests of agents. */
export const [S, A, B, N] = [3, 2, 16, 5];
export const itemVectors = gaussian(N * A, 1, random(9));
export const problem = (seed: number) => ({
  stateSize: S,
  actionSize: A,
  random: random(seed),
  catalogue: { itemVectors, itemBias: gaussian(N, 1, random(8)), temperature: 0.5 },
});
export const small: DdpgConfig = { ...ddpgDefaults, hidden: [8, 8] };
export const regularised = {
  ...small,
  behaviour: "softmax",
  behaviourWeight: 0.7,
  scaleByValue: true,
  bootstrapAt: "item",
} as const;

/** Transitions drawn at random; `boxed` ones have actions in (−1, 1) instead of items, `seen` ones a history. */
export function someBatch(seed: number, { boxed = false, seen = false } = {}): Batch {
  const draw = random(seed);
  const matrix = (width: number) => tf().tensor2d(gaussian(B * width, 1, draw), [B, width]);
  const itemRows = Int32Array.from({ length: B }, () => draw.integer(N));
  const logged = tf().gather(tf().tensor2d(itemVectors, [N, A]), itemRows);
  return batch({
    states: matrix(S),
    actions: boxed ? tf().tanh(logged) : logged,
    itemRows: tf().tensor1d(itemRows, "int32"),
    rewards: matrix(1),
    nextStates: matrix(S),
    terminals: tf().tensor2d(
      Float32Array.from({ length: B }, () => draw.integer(2)),
      [B, 1],
    ),
    returns: matrix(1),
    ...(seen ? { nextSeen: { rows: Int32Array.from({ length: B }, (_, i) => i), items: itemRows } } : {}),
  });
}

/** Every variable a little elsewhere, so that no layer is zero and no target equals its source. */
export function disturb(variables: readonly Variable[], seed: number, deviation = 0.3): void {
  const draw = random(seed);
  for (const variable of variables)
    tf().tidy(() =>
      variable.assign(variable.add(tf().tensor(gaussian(variable.size, deviation, draw), variable.shape))),
    );
}

export const numbers = (variables: readonly Variable[]): Float32Array[] =>
  variables.map((variable) => Float32Array.from(variable.dataSync()));
