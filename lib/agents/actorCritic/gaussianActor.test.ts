import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { gaussian } from "../../tensors/initialisers";
import { type Tensor2D, tf } from "../../tensors/tf";
import type { ActionSpace } from "../networks";
import { A, disturb, problem, S } from "../smallProblem.fixture";
import { centreOf, drawActions, gaussianActor } from "./sac";

/** Action and log density of one number, drawn with μ, log σ and ε. */
function one(mean: number, logDeviation: number, noise: number, space: ActionSpace): [number, number] {
  return tf().tidy(() => {
    const drawn = drawActions(tf().tensor2d([[mean, logDeviation]]), tf().tensor2d([[noise]]), space);
    return [drawn.actions.dataSync()[0], drawn.logDensities.dataSync()[0]] as [number, number];
  });
}

test("the documented example", () => {
  const [action, density] = one(0, 0, 0, "box");
  assert.equal(action, 0);
  assert.ok(Math.abs(density + 0.9189385) < 1e-6);
});

test("in the box the density is that of the action: it integrates to 1, whatever mean and deviation", () => {
  for (const [mean, logDeviation] of [
    [0, 0],
    [1.2, -0.7],
    [-0.8, 0.4],
  ] as const) {
    // ∫ p(a) da over the box, by a = tanh(μ + σε) on a fine grid of ε: da between neighbours, p at the middle.
    const steps = 4000;
    const at = (i: number): number => -7 + (14 * i) / steps;
    const middles = Float32Array.from({ length: steps }, (_, i) => at(i + 0.5));
    const densities = tf().tidy(() => {
      const row = tf()
        .tensor2d([[mean, logDeviation]])
        .tile([steps, 1]) as Tensor2D;
      return drawActions(row, tf().tensor2d(middles, [steps, 1]), "box").logDensities.dataSync<"float32">();
    });
    let integral = 0;
    const action = (noise: number): number => Math.tanh(mean + Math.exp(logDeviation) * noise);
    for (let i = 0; i < steps; i++) integral += Math.exp(densities[i]) * (action(at(i + 1)) - action(at(i)));
    assert.ok(Math.abs(integral - 1) < 2e-3, `${integral}`);
  }
});

test("change of variables, far into the tails where tanh is 1 to the last bit", () => {
  for (const [mean, logDeviation, noise] of [
    [0.3, -0.5, 1],
    [4, 0, 0.5],
    [20, 0, 1],
    [-50, -1, -2],
    [200, 1, 0],
  ] as const) {
    const [action, density] = one(mean, logDeviation, noise, "box");
    const raw = mean + Math.exp(logDeviation) * noise;
    // log(1 − tanh²u) = −2 log cosh u = −2 (|u| + log(1 + e^(−2|u|)) − log 2)
    const squash = -2 * (Math.abs(raw) + Math.log1p(Math.exp(-2 * Math.abs(raw))) - Math.log(2));
    const expected = -(noise ** 2) / 2 - logDeviation - 0.5 * Math.log(2 * Math.PI) - squash;
    assert.ok(
      Math.abs(density - expected) < 1e-5 * Math.max(1, Math.abs(expected)),
      `${density}, ${expected}`,
    );
    assert.ok(Math.abs(action - Math.tanh(raw)) < 1e-6);
  }
});

test("the density's gradient by hand, in the tails too: d/dμ = 2 tanh u, d/dlog σ = −1 + 2 tanh(u) σε", () => {
  for (const [mean, logDeviation, noise] of [
    [0.3, -0.5, 1],
    [-0.4, 0.2, -1.5],
    [30, 0, 1],
    [-30, -1, 2],
  ] as const) {
    const slope = tf().tidy(() => {
      const density = (parameters: Tensor2D) =>
        drawActions(parameters, tf().tensor2d([[noise]]), "box").logDensities.sum();
      return tf()
        .grad(density as never)(tf().tensor2d([[mean, logDeviation]]))
        .dataSync();
    });
    const moved = Math.exp(logDeviation) * noise;
    const pull = 2 * Math.tanh(mean + moved);
    assert.ok(Math.abs(slope[0] - pull) < 1e-5, `${slope[0]}, ${pull}`);
    assert.ok(Math.abs(slope[1] - (pull * moved - 1)) < 1e-5 * (1 + Math.abs(pull * moved)));
  }
});

test("without tanh the density is the normal one, summed over numbers; at length 1 in units of 1/√A", () => {
  const [means, deviations, noise] = [
    [0.6, -0.8],
    [-0.3, 0.5],
    [1.1, -0.4],
  ] as const;
  for (const space of ["free", "unit"] as const)
    tf().tidy(() => {
      const scale = space === "unit" ? 1 / Math.SQRT2 : 1;
      const drawn = drawActions(
        tf().tensor2d([[...means, ...deviations]]),
        tf().tensor2d([[...noise]]),
        space,
      );
      const raw = means.map((mean, a) => mean + scale * Math.exp(deviations[a]) * noise[a]);
      const length = space === "unit" ? Math.hypot(...raw) : 1;
      for (const [a, each] of drawn.actions.dataSync().entries())
        assert.ok(Math.abs(each - raw[a] / length) < 1e-6);
      let expected = 0;
      for (const [a, x] of raw.entries()) {
        const sigma = Math.exp(deviations[a]);
        expected -= ((x - means[a]) / scale / sigma) ** 2 / 2 + Math.log(sigma * Math.sqrt(2 * Math.PI));
      }
      assert.ok(Math.abs(drawn.logDensities.dataSync()[0] - expected) < 1e-5);
    });
});

test("the actor starts at its head, with one deviation everywhere, and keeps log σ within bounds", () => {
  const head = { weights: gaussian(S * A, 1, random(1)), bias: gaussian(A, 1, random(2)) };
  const bounds = { least: -1.2, most: -0.9 };
  const states = gaussian(50 * S, 2, random(3));
  for (const actionSpace of ["unit", "box", "free"] as const)
    tf().tidy(() => {
      const actor = gaussianActor({
        ...problem(1),
        hidden: [8],
        actionSpace,
        head,
        logDeviation: -1,
        bounds,
      });
      const input = tf().tensor2d(states, [50, S]);
      const [means, deviations] = tf().split(actor.apply(input), 2, 1) as [Tensor2D, Tensor2D];
      const raw = tf()
        .matMul(input, tf().tensor2d(head.weights, [S, A]))
        .add(tf().tensor1d(head.bias));
      const wanted = actionSpace === "unit" ? raw.div(raw.square().sum(1, true).sqrt()) : raw;
      assert.ok(means.sub(wanted).abs().max().dataSync()[0] < 1e-5);
      assert.ok(deviations.dataSync<"float32">().every((each) => each === -1));
      const centre = actionSpace === "box" ? wanted.tanh() : wanted;
      assert.ok(centreOf(actor.apply(input), actionSpace).sub(centre).abs().max().dataSync()[0] < 1e-5);
      disturb(actor.variables, 4);
      const later = actor.apply(input).slice([0, A], [-1, A]).dataSync<"float32">();
      assert.ok(later.every((each) => each >= Math.fround(-1.2) && each <= Math.fround(-0.9)));
      assert.ok(new Set(later).size > 3, "log σ depends on the state");
      for (const variable of actor.variables) variable.dispose();
    });
});
