import assert from "node:assert/strict";
import { test } from "node:test";
import { network } from "../../tensors/networks";
import { type Tensor2D, tf } from "../../tensors/tf";
import { bestCandidates } from "./bcq";

test("of the candidates of each state the one whose item is worth most is taken, not the one worth most itself", () => {
  // One number a state, a latent and an action: the decoder says s + z, and Q(s, a) = a.
  const sum = network([], (_, input) => input.sum(1, true) as Tensor2D);
  const last = network([], (_, input) => input.slice([0, 1], [-1, 1]) as Tensor2D);
  const still = network([], (_, input) => input.slice([0, 0], [-1, 1]).mul(0) as Tensor2D);
  const parts = { decoder: sum, perturbation: still, critics: [last] };
  const states: Tensor2D = tf().tensor2d([10, 20], [2, 1]);
  const latents: Tensor2D = tf().tensor2d([-1, 3, 2], [3, 1]);
  const own = { perturbation: 0, actionSpace: "free" } as const;
  const taken = (options: Parameters<typeof bestCandidates>[3]): number[] => [
    ...bestCandidates(parts, states, latents, options).dataSync(),
  ];
  assert.deepEqual(taken(own), [13, 23]);
  const opposite = {
    of: (actions: Tensor2D) => actions.neg() as Tensor2D,
    prepared: () => ({}),
    dispose() {},
  };
  assert.deepEqual(taken({ ...own, items: opposite }), [9, 19]);
});
