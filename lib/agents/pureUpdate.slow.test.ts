import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { nextItemConfig } from "../encoders/nextItemConfig";
import type { NextItemModel } from "../encoders/nextItemModel";
import { sequenceNetwork } from "../encoders/sequenceNetworks";
import { type EncoderWindows, type TrainableEncoder, trainableEncoder } from "../encoders/trainableEncoder";
import { random } from "../math/random";
import type { Batch } from "../replay/batch";
import { adam } from "../tensors/adam";
import { constant, descend } from "../tensors/gradientStep";
import { gaussian } from "../tensors/initialisers";
import type { Network } from "../tensors/networks";
import { withSwitch } from "../tensors/switches";
import { type Scalar, tf } from "../tensors/tf";
import { bcq } from "./actorCritic/bcq";
import { ddpg } from "./actorCritic/ddpg";
import { dqn } from "./actorCritic/dqn";
import { iql } from "./actorCritic/iql";
import { reinforce } from "./actorCritic/reinforce";
import { sac } from "./actorCritic/sac";
import { td3 } from "./actorCritic/td3";
import { type AgentProblem, agentOf, behaviourRegularised, type NeuralAgent, paperTd3Bc } from "./agent";
import { actionsFor, actorNetwork } from "./networks";
import { A, B, itemVectors, N, numbers, problem, S, someBatch } from "./smallProblem.fixture";

type Any = NeuralAgent<object, object>;
const factories = { ddpg, td3, sac, bcq, iql, reinforce, dqn } as unknown as Record<
  string,
  (of: AgentProblem, changes: object) => Any
>;
const weights = (agent: Any): Float32Array[] =>
  numbers((Object.values(agent.networks).flat() as Network[]).flatMap((each) => each.variables));

/** Batches in which everybody has seen another number of items, nobody any in the first. */
function seenBatch(seed: number): Batch {
  const draw = random(seed);
  const pairs = Array.from({ length: 5 * (seed - 1) }, () => [draw.integer(B), draw.integer(N - 1)]);
  const [rows, items] = [0, 1].map((side) => Int32Array.from(pairs, (pair) => pair[side]));
  const values = gaussian(rows.length, 1, draw);
  return {
    ...someBatch(seed),
    nextSeen: { rows, items },
    added: { rows: rows.slice().reverse(), items, values },
    nextAdded: { rows, items: items.slice().reverse(), values },
  };
}

function weightedBatch(seed: number): Batch {
  const weighing = Float32Array.from({ length: B }, (_, n) => 1 / (1 + n));
  return { ...someBatch(seed), weights: tf().tensor2d(weighing, [B, 1]) };
}

/** A GRU over windows of four entries of a catalogue, which learns along. */
function encoder(): TrainableEncoder {
  const config = nextItemConfig({ width: A, units: S });
  const weightsOf = sequenceNetwork(config).start(random(3));
  const sequence = { itemVectors, weights: weightsOf, weightScale: { centre: 3, spread: 2 } };
  return trainableEncoder({ parameters: { config, sequence } as unknown as NextItemModel["parameters"] });
}
function windowedBatch(seed: number): Batch {
  const draw = random(seed);
  const windows = (): EncoderWindows => ({
    items: tf().tensor2d(
      Int32Array.from({ length: B * 4 }, () => draw.integer(N)),
      [B, 4],
      "int32",
    ),
    weights: tf().tensor3d(gaussian(B * 4, 1, draw), [B, 4, 1]),
    lengths: Int32Array.from({ length: B }, () => draw.integer(5)),
  });
  return { ...someBatch(seed), windows: { states: windows(), nextStates: windows() } };
}

/** What the supervised model would do. */
const head = { weights: gaussian(S * A, 1, random(1)), bias: gaussian(A, 1, random(2)) };
/** A catalogue that is too large for a softmax over all of it, and batches of its items. */
const many = 20_001;
const large = {
  itemVectors: gaussian(many * A, 1, random(5)),
  itemBias: gaussian(many, 1, random(6)),
  temperature: 0.5,
};
function largeBatch(seed: number): Batch {
  const draw = random(seed);
  const items = (count: number): Int32Array => Int32Array.from({ length: count }, () => draw.integer(many));
  const rows = Int32Array.from({ length: 3 * B * (seed % 4) }, (_, i) => i % B);
  const added = () => ({ rows, items: items(rows.length), values: gaussian(rows.length, 1, draw) });
  const itemRows = items(B).map((item, n) => (n < seed ? 7 : item)); // some are logged twice
  return {
    ...someBatch(seed),
    itemRows: tf().tensor1d(itemRows, "int32"),
    ...{ nextSeen: { rows, items: items(rows.length) }, added: added(), nextAdded: added() },
  };
}
const soft = { ...behaviourRegularised, warmUp: 3 };
const softIql = { behaviour: "softmax", warmUp: 3 };
const cases: readonly (readonly [
  string,
  "ddpg" | "td3" | "sac" | "bcq" | "iql" | "reinforce" | "dqn",
  object,
  Partial<AgentProblem>,
  typeof someBatch,
])[] = [
  ["plain", "ddpg", {}, {}, someBatch],
  ["plain", "td3", {}, {}, someBatch],
  ["softmax term, scaled by value, warm-up", "ddpg", soft, {}, seenBatch],
  ["softmax term, scaled by value, warm-up", "td3", soft, {}, seenBatch],
  ["squared term, clipped", "td3", { ...paperTd3Bc, maximumNorm: 0.1 }, {}, someBatch],
  [
    "at the action, one critic, no noise",
    "td3",
    { bootstrapAt: "action", critics: 1, policyNoise: 0 },
    {},
    seenBatch,
  ],
  ["in a box, radam", "ddpg", { optimizer: "radam" }, { actionSpace: "box" }, someBatch],
  ["bounds, drawn by priority", "td3", {}, { valueBounds: [-0.1, 0.1] }, weightedBatch],
  ["softmax term, scaled by value, warm-up", "sac", soft, {}, seenBatch],
  [
    "in a box, bounds, a learned temperature",
    "sac",
    {},
    { actionSpace: "box", valueBounds: [-0.1, 0.1] },
    someBatch,
  ],
  ["an encoder that learns along", "sac", { targetRate: 0.1, softTargets: false }, {}, windowedBatch],
  ["candidates at their items, warm-up", "bcq", { warmUp: 3, candidates: 3 }, {}, seenBatch],
  [
    "in a box, bounds",
    "bcq",
    { reconstruction: "squared" },
    { actionSpace: "box", valueBounds: [-0.1, 0.1] },
    someBatch,
  ],
  ["an encoder that learns along", "ddpg", { targetRate: 0.1 }, {}, windowedBatch],
  ["an encoder that learns along", "td3", { targetRate: 0.1 }, {}, windowedBatch],
  ["in a box, bounds", "iql", {}, { actionSpace: "box", valueBounds: [-0.1, 0.1] }, someBatch],
  ["softmax term, a low cap, warm-up", "iql", { ...softIql, weightCap: 1.1 }, { head }, seenBatch],
  ["drawn by priority, clipped", "iql", { maximumNorm: 0.1, expectile: 0.9 }, {}, weightedBatch],
  ["an encoder that learns along", "iql", { targetRate: 0.1 }, {}, windowedBatch],
  ["plain", "reinforce", {}, {}, someBatch],
  [
    "top-K, less their mean, a low cap, warm-up",
    "reinforce",
    { listSize: 5, baseline: "mean", weightCap: 1.02, warmUp: 3 },
    { head },
    someBatch,
  ],
  ["without a cap", "reinforce", { weightCap: null }, {}, someBatch],
  ["imitation alone", "reinforce", { criticWeight: 0 }, {}, seenBatch],
  ["plain", "dqn", {}, {}, someBatch],
  [
    "three candidates, what is added, bounds",
    "dqn",
    { candidates: 3 },
    { head, valueBounds: [-1, 1] },
    seenBatch,
  ],
  ["all items, the conservative term", "dqn", { candidates: null, conservativeWeight: 0.5 }, {}, seenBatch],
  ["the conservative term over what is added", "dqn", { conservativeWeight: 0.5 }, { head }, seenBatch],
  ["not double, random embeddings", "dqn", { double: false, start: "random" }, { head }, seenBatch],
  ["drawn by priority, clipped", "dqn", { maximumNorm: 0.1, targetRate: 0.1 }, {}, weightedBatch],
  ["an encoder that learns along", "dqn", { targetRate: 0.1, candidates: 3 }, { head }, windowedBatch],
  ["softmax term over a sample of the items", "td3", soft, { catalogue: large }, largeBatch],
  ["softmax term over a sample of the items", "bcq", { candidates: 3 }, { catalogue: large }, largeBatch],
  ["softmax term over a sample of the items", "iql", softIql, { catalogue: large }, largeBatch],
  ["a sample of the items", "reinforce", { listSize: 5 }, { catalogue: large }, largeBatch],
  ["a sample of the items", "dqn", { conservativeWeight: 0.5 }, { catalogue: large, head }, largeBatch],
];
for (const [what, name, changes, extra, drawn] of cases)
  test(`${name}, ${what}: ten updates by one call each equal ten operation by operation`, () => {
    const make = (): Any => {
      const own = drawn === windowedBatch ? { encoder: encoder() } : {};
      return factories[name]({ ...problem(1), ...extra, ...own }, { hidden: [8, 8], ...changes });
    };
    const [one, other] = [withSwitch("OFFSHELF_COMPILED", make), withSwitch("OFFSHELF_EAGER", make)];
    assert.match(String(other.eagerBecause?.()), /OFFSHELF_EAGER/);
    for (let u = 1; u <= 10; u++) {
      const told: Float32Array[] = [];
      const given = { ...drawn(u), onErrors: (errors: Float32Array) => void told.push(errors.slice()) };
      const [figures, wanted] = [one.learn(given), other.learn(given)];
      assert.equal(one.eagerBecause?.(), undefined);
      assert.deepEqual(Object.keys(figures), Object.keys(wanted));
      for (const [figure, value] of Object.entries(figures))
        assert.ok(Math.abs(value - wanted[figure]) < 1e-4 * (1 + Math.abs(value)), `${figure} ${value}`);
      assert.equal(told.length, name === "reinforce" ? 0 : 2);
      for (const [n, error] of (told[0] ?? []).entries()) assert.ok(Math.abs(error - told[1][n]) < 1e-4);
    }
    const wanted = weights(other);
    for (const [v, values] of weights(one).entries()) {
      const furthest = values.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[v][i])), 0);
      assert.ok(furthest < 2e-4, `variable ${v}: ${furthest}`);
    }
    const states = gaussian(3 * S, 1, random(1));
    for (const [i, value] of one.act(states).entries())
      assert.ok(Math.abs(value - other.act(states)[i]) < 1e-3);
    one.dispose();
    other.dispose();
  });

const resumed: readonly (readonly [string, () => Any, readonly number[], typeof someBatch])[] = [
  ["td3", () => td3(problem(1), { hidden: [8, 8] }), [58, 65], seenBatch],
  [
    "td3, a sample of the items",
    () => td3({ ...problem(1), catalogue: large }, { hidden: [8, 8], ...soft }),
    [65],
    largeBatch,
  ],
  [
    "iql, a sample of the items",
    () => iql({ ...problem(1), catalogue: large }, { hidden: [8, 8], behaviour: "softmax", warmUp: 3 }),
    [58],
    largeBatch,
  ],
  [
    "reinforce, a sample of the items",
    () => reinforce({ ...problem(1), catalogue: large }, { hidden: [8, 8], baseline: "mean" }),
    [58],
    largeBatch,
  ],
  [
    "dqn, a sample of the items",
    () => dqn({ ...problem(1), catalogue: large, head }, { hidden: [8, 8], conservativeWeight: 0.5 }),
    [65],
    largeBatch,
  ],
];
for (const [what, make, stops, drawn] of resumed)
  test(`${what}: the first sixty updates run operation by operation, those after it by one call, whoever begins where`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "agent-"));
    const learned = (agent: Any, from: number, to: number): Any => {
      for (let u = from; u <= to; u++) agent.learn(drawn(1 + (u % 4)));
      return agent;
    };
    try {
      const [straight, eager] = [make(), withSwitch("OFFSHELF_EAGER", make)];
      learned(straight, 1, 60);
      learned(eager, 1, 60);
      assert.deepEqual(weights(straight), weights(eager));
      learned(straight, 61, 70);
      learned(eager, 61, 70);
      assert.notDeepEqual(weights(straight), weights(eager));
      for (const stop of stops) {
        const [half, resumed] = [learned(make(), 1, stop), make()];
        await half.save(folder);
        await resumed.load(folder);
        learned(resumed, stop + 1, 70);
        assert.deepEqual(weights(resumed), weights(straight));
        const states = gaussian(3 * S, 1, random(1));
        assert.deepEqual(resumed.act(states), straight.act(states));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

test("a step of one's own is compiled; one that reads a number on the way learns the same and says what to change", () => {
  const make = (reads: boolean): NeuralAgent<object, { actor: Network }> => {
    const actor = actorNetwork({ ...problem(1), hidden: [8] });
    const optimizer = adam(actor.variables, { learningRate: 0.01 });
    return agentOf({
      ...{ name: "own", config: {}, networks: { actor }, optimizers: [optimizer], random: random(1) },
      act: (states) => actionsFor(actor, states, S),
      step(batch) {
        const loss = () => {
          const distance = actor.apply(batch.states).sub(batch.actions).square().mean() as Scalar;
          return {
            loss: reads ? (distance.mul(distance.dataSync()[0]).div(constant(distance)) as Scalar) : distance,
          };
        };
        return { figures: descend(loss, actor.variables, optimizer) };
      },
    });
  };
  const [pure, reading] = [false, true].map((reads) => withSwitch("OFFSHELF_COMPILED", () => make(reads)));
  for (let u = 1; u <= 5; u++) {
    const [{ loss }, other] = [pure.learn(someBatch(u)), reading.learn(someBatch(u))];
    assert.ok(Math.abs(loss - other.loss) < 1e-5);
  }
  assert.equal(pure.eagerBecause?.(), undefined);
  assert.match(reading.eagerBecause?.() ?? "", /value.* read on the way .*give it back as an output/);
  for (const each of [pure, reading]) each.dispose();
});

test("by one call, too, no tensor is left behind, and dispose leaves none at all", () => {
  const given = seenBatch(3);
  const empty = tf().memory().numTensors;
  const agent = withSwitch("OFFSHELF_COMPILED", () => td3(problem(1), { hidden: [8, 8] }));
  for (let u = 0; u < 4; u++) agent.learn(given);
  const held = tf().memory().numTensors;
  for (let u = 0; u < 300; u++) agent.learn(given);
  agent.act(new Float32Array(2 * S));
  assert.equal(tf().memory().numTensors, held);
  agent.dispose();
  assert.equal(tf().memory().numTensors, empty);
});

/** Trains by one call an update in a process of its own and prints a hash of every weight. */
const script = `
const { createHash } = require("node:crypto");
const { gaussian } = require("./lib/tensors/initialisers");
const { random } = require("./lib/math/random");
const { tf } = require("./lib/tensors/tf");
const { td3 } = require("./lib/agents/actorCritic/td3");
const [B, S, A] = [256, 64, 32];
const agent = td3({ stateSize: S, actionSize: A, random: random(1) }, {});
const of = (seed, width) => tf().tensor2d(gaussian(B * width, 1, random(seed)), [B, width]);
for (let u = 1; u <= 12; u++)
  agent.learn({
    size: B, states: of(u, S), nextStates: of(100 + u, S), actions: of(200 + u, A), rewards: of(300 + u, 1),
    terminals: tf().zeros([B, 1]), itemRows: tf().zeros([B], "int32"), dispose() {},
  });
const hash = createHash("sha256");
for (const { variables } of [agent.networks.actor, ...agent.networks.targetCritics])
  for (const each of variables) hash.update(new Uint8Array(each.dataSync().slice().buffer));
process.stdout.write(hash.digest("hex") + (agent.eagerBecause() ?? ""));
`;

test("the same bytes in other processes, with one thread as with two", async () => {
  const trained = async (threads: string): Promise<string> => {
    const settings = {
      OFFSHELF_COMPILED: "1",
      TF_NUM_INTRAOP_THREADS: threads,
      TF_NUM_INTEROP_THREADS: threads,
    };
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", "--eval", script], {
      cwd: join(__dirname, "..", ".."),
      env: { ...process.env, ...settings },
    });
    assert.match(stdout, /^[0-9a-f]{64}$/);
    return stdout;
  };
  const first = await trained("2");
  assert.equal(await trained("2"), first);
  assert.equal(await trained("1"), first);
});
