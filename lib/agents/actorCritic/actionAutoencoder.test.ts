import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { gaussian } from "../../tensors/initialisers";
import { tf } from "../../tensors/tf";
import { softmaxBehaviour, squaredBehaviour } from "../losses";
import { slopes } from "../slopes.fixture";
import { A, B, disturb, problem, someBatch } from "../smallProblem.fixture";
import { actionAutoencoder, autoencoderLoss, drawLatents } from "./actionAutoencoder";

const L = 4;

test("latents: standard normal, cut off at ± clip", () => {
  const draws = drawLatents(20_000, 2, 0.5, random(1)).dataSync<"float32">();
  const share = (of: (z: number) => boolean): number => draws.filter(of).length / draws.length;
  assert.ok(
    Math.abs(share((z) => z === 0.5) - 0.3085) < 0.01 && Math.abs(share((z) => z === -0.5) - 0.3085) < 0.01,
  );
  assert.ok(Math.abs(share((z) => Math.abs(z) < 0.25) - 0.1974) < 0.01);
});

test("the autoencoder's loss by hand and by finite differences", () => {
  const drawn = someBatch(4);
  const noise = tf().tensor2d(gaussian(B * L, 1, random(5)), [B, L]);
  for (const term of [squaredBehaviour(), softmaxBehaviour(problem(1).catalogue, A)]) {
    const networks = actionAutoencoder(problem(1), { hidden: [8, 8], latentSize: L });
    for (const [i, each] of [networks.encoder, networks.decoder].entries()) disturb(each.variables, 30 + i);
    const parts = () => autoencoderLoss(networks, drawn, { noise, term, latentWeight: 0.7 });
    tf().tidy(() => {
      const found = networks.encoder.apply(tf().concat([drawn.states, drawn.actions], 1)).arraySync();
      let divergence = 0;
      const z = found.map((row, n) =>
        Array.from({ length: L }, (_, l) => {
          const [mean, log] = [row[l], row[L + l]];
          divergence += (mean ** 2 + Math.exp(2 * log) - 2 * log - 1) / 2 / B; // KL of N(μ, σ²) from N(0, 1)
          return mean + Math.exp(log) * noise.arraySync()[n][l];
        }),
      );
      const imagined = networks.decoder.apply(tf().concat([drawn.states, tf().tensor2d(z)], 1));
      const given = term.loss(imagined, drawn.actions, drawn.itemRows).dataSync()[0];
      const { loss, reconstruction, divergence: told } = parts();
      assert.ok(Math.abs(told.dataSync()[0] - divergence) < 1e-4);
      assert.ok(Math.abs(reconstruction.dataSync()[0] - given) < 1e-4);
      assert.ok(Math.abs(loss.dataSync()[0] - given - 0.7 * divergence) < 1e-4);
    });
    const variables = [...networks.encoder.variables, ...networks.decoder.variables];
    for (let seed = 1; seed <= 3; seed++) {
      const [measured, product] = slopes(() => parts().loss, variables, { seed, step: 5e-4 });
      assert.ok(Math.abs(measured - product) < 0.02 * Math.abs(product) + 5e-3, `${measured}, ${product}`);
    }
  }
});
