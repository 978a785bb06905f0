import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { random } from "../math/random";
import { adam } from "./adam";
import { type Compiled, compile } from "./compiled";
import { gaussian } from "./initialisers";
import { multilayerPerceptron, variableOf } from "./networks";
import { withSwitch } from "./switches";
import { type Scalar, type Tensor, type Tensor1D, type Tensor2D, tf, type Variable } from "./tf";

const matrix = (seed: number, rows = 3, columns = 4): Tensor2D =>
  tf().tensor2d(gaussian(rows * columns, 1, random(seed)), [rows, columns]);
const numbers = (tensors: readonly Tensor[]): Float32Array[] =>
  tensors.map((each) => Float32Array.from(each.dataSync()));

/** Both ways of a step give the same, within rounding, for inputs that it was not compiled with. */
function requireEqual<I extends object>(
  step: Compiled<I, Record<string, Tensor>>,
  first: I,
  fresh: I,
  most = 2e-5,
): void {
  tf().tidy(() => {
    step.run(first);
    const [one, other] = [step.run(fresh), step.eager(fresh)];
    assert.equal(step.refused(), undefined);
    for (const [name, tensor] of Object.entries(one)) {
      assert.deepEqual([tensor.dtype, tensor.shape], [other[name].dtype, other[name].shape], name);
      const [a, b] = numbers([tensor, other[name]]);
      for (const [i, value] of a.entries())
        assert.ok(Math.abs(value - b[i]) <= most * Math.max(1, Math.abs(b[i])), `${name} ${value} ${b[i]}`);
    }
  });
  step.dispose();
}

test("one call gives what the step gives, of inputs it has not seen", () => {
  const w = tf().variable(tf().scalar(2));
  const step = compile(({ x }: { x: Tensor }) => ({ y: x.mul(w), twice: { z: x.add(x) } }), { state: [w] });
  const { y, twice } = step.run({ x: tf().scalar(3) });
  assert.equal(y.dataSync()[0], 6);
  assert.equal(twice.z.dataSync()[0], 6);
  assert.equal(step.run({ x: tf().scalar(5) }).y.dataSync()[0], 10);
  step.dispose();
});

test("operations of every family are equal to running them one by one, over shapes", () => {
  const w = variableOf(gaussian(4, 1, random(5)), [4]);
  const sizes = fc.record({ rows: fc.integer({ min: 1, max: 5 }), seed: fc.integer({ min: 1, max: 99 }) });
  fc.assert(
    fc.property(sizes, ({ rows, seed }) => {
      const step = compile(families(w), { state: [w] });
      const given = (s: number) => ({
        a: matrix(s, rows),
        b: matrix(s + 1, rows),
        picks: tf().tensor1d(
          Int32Array.from({ length: rows }, (_, i) => (i + s) % rows),
          "int32",
        ),
      });
      requireEqual(step, given(seed), given(seed + 7));
    }),
    { numRuns: 4, seed: 1 },
  );
});

/** What losses and networks of this project are made of, and a little more. */
function families(w: Variable) {
  return ({ a, b, picks }: { a: Tensor2D; b: Tensor2D; picks: Tensor1D }): Record<string, Tensor> => ({
    sum: a.add(b).sub(a.mul(w)).div(b.square().add(1)),
    least: tf().minimum(a, b),
    most: tf().maximum(a, 0.1),
    clipped: a.clipByValue(-0.5, 0.5),
    reduced: a.mean(0).add(b.max(0)).add(a.min(0)).add(a.prod(0)),
    where: tf().where(a.greater(0), a, b.neg()),
    logic: tf().logicalNot(a.greaterEqual(b)).toFloat(),
    tanh: a.tanh().add(a.sigmoid()).add(a.relu()).add(a.softplus()).add(a.elu()),
    powers: a.abs().pow(1.5).add(a.exp()).add(a.abs().add(1).log()).add(a.abs().sqrt()),
    softmax: tf().softmax(a).add(tf().logSoftmax(b)),
    logSumExp: tf().logSumExp(a, 1),
    product: tf().matMul(a, b, false, true),
    fused: tf().fused.matMul({ a, b: b.transpose() as Tensor2D, bias: picks.toFloat(), activation: "relu" }),
    batches: tf().matMul(a.reshape([1, -1, 4]), b.reshape([1, -1, 4]), false, true),
    parts: tf().split(a, 2, 1)[1],
    stacked: tf().stack(tf().unstack(a, 1), 0),
    joined: tf().concat([a, b], 1),
    sliced: a.slice([0, 1], [1, 2]),
    oneHot: tf().oneHot(picks, 6),
    gathered: tf().gather(a, picks),
    picked: tf().gatherND(a, tf().stack([picks, picks.mul(0).toInt()], 1)),
    scattered: tf().scatterND(tf().stack([picks, picks.mul(0).toInt()], 1), w.gather(picks.mod(4).toInt()), [
      a.shape[0],
      4,
    ]),
    best: a.argMax(1),
    top: tf().topk(a, 2).values,
    turned: a.transpose().reverse(1),
    padded: a.pad([
      [0, 1],
      [1, 0],
    ]),
    tiled: a.tile([2, 1]).expandDims(1).squeeze([1]),
    summedAlong: a.cumsum(1),
    added: tf().addN([a, b, a]),
    gradient: tf().grad((z) => tf().softplus(z).mul(z.tanh()).mean())(a),
  });
}

/** A network that learns by Adam from [B, 3] to [B, 2], and a target that follows. */
function learner(seed: number) {
  const network = multilayerPerceptron({ inputs: 3, hidden: [8], outputs: 2, random: random(seed) });
  const optimizer = adam(network.variables, { learningRate: 0.01 });
  const follower = tf().variable(network.variables[0].clone());
  const state = [...network.variables, follower];
  const step = compile(
    ({ x, y }: { x: Tensor2D; y: Tensor2D }) => {
      const { value, grads } = tf().variableGrads(
        () => network.apply(x).sub(y).square().mean() as Scalar,
        [...network.variables],
      );
      optimizer.apply(network.variables.map(({ name }) => grads[name]));
      follower.assign(follower.mul(0.9).add(network.variables[0].mul(0.1)));
      return { loss: value };
    },
    { state },
  );
  const batch = (n: number) => ({ x: matrix(n, 16, 3), y: matrix(n + 1000, 16, 2) });
  const learn = (how: "run" | "eager", from: number, to: number): void => {
    for (let n = from; n < to; n++) tf().tidy(() => void step[how](batch(n)));
  };
  const all = (): Float32Array[] => [...numbers(state), ...optimizer.state().moments];
  return { step, state, optimizer, batch, learn, all };
}

const largestGap = (a: readonly Float32Array[], b: readonly Float32Array[]): number =>
  Math.max(...a.flatMap((part, p) => Array.from(part, (value, i) => Math.abs(value - b[p][i]))));

test("learning by Adam with a target that follows: weights and moments after 30 steps equal eager's", () => {
  const [compiled, eager] = [learner(1), learner(1)];
  compiled.learn("run", 0, 30);
  eager.learn("eager", 0, 30);
  assert.equal(compiled.step.refused(), undefined);
  assert.ok(largestGap(compiled.all(), eager.all()) < 1e-5);
  assert.equal(compiled.optimizer.state().steps, 30);
});

test("out of the session into another program after half the steps: the same bytes as straight on", () => {
  const [straight, half, other] = [learner(1), learner(1), learner(2)];
  straight.learn("run", 0, 20);
  half.learn("run", 0, 10);
  for (const [i, variable] of other.state.entries()) variable.assign(half.state[i].clone());
  other.optimizer.restore(half.optimizer.state());
  other.learn("run", 10, 20);
  assert.deepEqual(other.all(), straight.all());
});

test("eager and compiled steps may take turns, and looking in between changes nothing", () => {
  const [mixed, eager, looked] = [learner(1), learner(1), learner(1)];
  for (let n = 0; n < 12; n++) {
    mixed.learn(n % 3 === 1 ? "eager" : "run", n, n + 1);
    looked.learn("run", n, n + 1);
    looked.all();
  }
  eager.learn("eager", 0, 12);
  assert.ok(largestGap(mixed.all(), eager.all()) < 1e-5);
  const unseen = learner(1);
  unseen.learn("run", 0, 12);
  assert.deepEqual(looked.all(), unseen.all());
});

test("what was read or cloned before a step stays what it was; what is assigned outside counts in the next", () => {
  const w = tf().variable(tf().tensor1d([1, 2]));
  const step = compile(
    ({ by }: { by: Tensor }) => {
      w.assign(w.add(by));
      return { now: w.clone() };
    },
    { state: [w] },
  );
  const by = (value: number) => ({ by: tf().scalar(value) });
  const read = (tensor: Tensor): number[] => [...tensor.dataSync()];
  assert.deepEqual(read(step.run(by(1)).now), [2, 3]);
  const [unread, seen] = [w.clone(), w.clone()];
  assert.deepEqual(read(seen), [2, 3]);
  step.run(by(1));
  const later = w.clone();
  step.run(by(1));
  assert.deepEqual([unread, seen, later, w].map(read), [
    [2, 3],
    [2, 3],
    [3, 4],
    [4, 5],
  ]);
  w.assign(tf().tensor1d([10, 20]));
  assert.deepEqual(read(step.run(by(1)).now), [11, 21]);
  step.dispose();
  assert.deepEqual(read(w), [11, 21]);
});

test("a copy that shares its source's numbers is trained apart from it", () => {
  const source = tf().variable(tf().tensor1d([1, 2]));
  const copy = tf().variable(source.clone());
  const step = compile(
    ({ by }: { by: Tensor }) => {
      source.assign(source.add(by));
      copy.assign(copy.sub(by));
      return { sum: source.add(copy) };
    },
    { state: [source, copy] },
  );
  for (let n = 0; n < 2; n++) step.run({ by: tf().scalar(1) });
  assert.deepEqual([...numbers([source, copy])].map(String), ["3,4", "-1,0"]);
});

test("reads before a write see the old value, reads after it the new one", () => {
  const w = variableOf(Float32Array.of(3), []);
  const optimizer = adam([w], { learningRate: 0.1 });
  const step = compile(
    ({ x }: { x: Tensor }) => {
      const before = w.mul(x);
      optimizer.apply([tf().scalar(1)]);
      const between = w.mul(x);
      optimizer.apply([tf().scalar(1)]);
      return { before, between, after: w.mul(x) };
    },
    { state: [w] },
  );
  for (let n = 0; n < 3; n++) {
    const from = 3 - 0.2 * n;
    const { before, between, after } = step.run({ x: tf().scalar(1) });
    for (const [tensor, wanted] of [
      [before, from],
      [between, from - 0.1],
      [after, from - 0.2],
    ] as const)
      assert.ok(Math.abs(tensor.dataSync()[0] - wanted) < 1e-4);
  }
});

test("inputs of any length: one graph for all of them, none included", () => {
  const step = compile(
    ({ x, at }: { x: Tensor2D; at: { places: Tensor2D } }) => {
      const updates = tf().onesLike(at.places.max(1)).toFloat().mul(-9);
      return { y: tf().tensorScatterUpdate(x, at.places, updates) };
    },
    { state: [], anyLength: ["at.places"] },
  );
  for (const rows of [
    [[0, 1]],
    [],
    [
      [0, 1],
      [2, 3],
      [1, 1],
    ],
  ]) {
    const x = matrix(1);
    const places = tf().tensor2d(rows.flat(), [rows.length, 2], "int32");
    const expected = x.dataSync().slice();
    for (const [row, column] of rows) expected[4 * row + column] = -9;
    assert.deepEqual(step.run({ x, at: { places } }).y.dataSync(), expected);
  }
  step.dispose();
});

test("other shapes and other kinds get graphs of their own over the same state", () => {
  const w = tf().variable(tf().scalar(1));
  const step = compile(
    ({ x }: { x: Tensor }, kind) => {
      w.assign(w.add(kind === "up" ? 1 : -1));
      return { y: x.mul(w).add(tf().fill(x.shape, 0)).sum() };
    },
    { state: [w] },
  );
  const of = (size: number, kind: string): number => step.run({ x: tf().ones([size]) }, kind).y.dataSync()[0];
  assert.deepEqual([of(2, "up"), of(5, "up"), of(2, "down"), of(2, "up"), of(3, "down")], [4, 15, 4, 6, 6]);
});

test("refused by name: values read on the way, random numbers, another batch's, undeclared variables", () => {
  const w = tf().variable(tf().ones([2, 3]));
  const outside = tf().variable(tf().scalar(1));
  const x = { x: tf().ones([2, 3]) };
  let count = 0;
  type Given = typeof x;
  const cases: readonly (readonly [RegExp, (given: Given) => Record<string, Tensor>])[] = [
    [/read on the way \(dataSync\)/, (i) => ({ y: i.x.mul(i.x.sum().dataSync()[0]) })],
    [/read on the way/, (i) => ({ y: i.x.mul(w.sum().dataSync()[0]) })],
    [/read on the way/, (i) => ({ y: i.x.mul(i.x.dataSync()[0]) })],
    [/to be inputs \(or perCall\), got one that is type/, (i) => ({ y: i.x.add(tf().randomNormal([2, 3])) })],
    [/to be inputs/, (i) => ({ y: i.x.add(tf().fill([2, 3], ++count)) })],
    [/every variable it reads in its state, got another one/, (i) => ({ y: i.x.mul(outside) })],
    [
      /every variable it assigns in its state/,
      (i) => {
        outside.assign(tf().scalar(7));
        return { y: i.x };
      },
    ],
    [
      /optimisers made before it/,
      (i) => {
        adam([w], { learningRate: 1 }).apply([i.x]);
        return { y: i.x };
      },
    ],
  ];
  for (const [message, step] of cases) {
    const before = tf().memory().numTensors;
    const refused = compile(step, { state: [w] });
    assert.throws(() => refused.run(x), message);
    assert.equal(outside.dataSync()[0], 1);
    assert.deepEqual([...w.dataSync()], [1, 1, 1, 1, 1, 1]);
    assert.equal(
      tf().memory().numTensors - before,
      message.source.includes("optimisers") ? 0 : 0,
      message.source,
    );
  }
  const eager = compile(cases[0][1], { state: [w], whenRefused: "eager" });
  assert.equal(eager.run(x).y.dataSync()[0], 6);
  assert.match(eager.refused() as string, /read on the way/);
});

test("an error while it runs is an error of the call", () => {
  const step = compile(({ x, at }: { x: Tensor2D; at: Tensor1D }) => ({ y: tf().gather(x, at) }), {
    state: [],
  });
  const at = (row: number) => ({ x: matrix(1), at: tf().tensor1d([row], "int32") });
  assert.equal(step.run(at(1)).y.size, 4);
  assert.throws(() => step.run(at(7)), /indices\[0\] = 7 is not in \[0, 3\)/);
  assert.equal(step.run(at(1)).y.size, 4);
});

test("OFFSHELF_EAGER=1: operation by operation, the same numbers", () => {
  withSwitch("OFFSHELF_EAGER", () => {
    const plain = learner(1);
    assert.match(plain.step.refused() as string, /OFFSHELF_EAGER/);
    plain.learn("run", 0, 5);
    const eager = learner(1);
    eager.learn("eager", 0, 5);
    assert.deepEqual(plain.all(), eager.all());
  });
});

test("on another backend: operation by operation", async () => {
  await tf().setBackend("cpu");
  try {
    const w = tf().variable(tf().scalar(2));
    const step = compile(({ x }: { x: Tensor }) => ({ y: x.mul(w) }), { state: [w] });
    assert.equal(step.run({ x: tf().scalar(3) }).y.dataSync()[0], 6);
    assert.match(step.refused() as string, /another backend/);
  } finally {
    await tf().setBackend("tensorflow");
  }
});

test("2,000 runs leave no tensor and no memory behind, and disposing gives all back", () => {
  const empty = tf().memory().numTensors;
  const x = tf().ones([4]);
  const w = variableOf(new Float32Array(4).fill(1), [4]);
  const optimizer = adam([w], { learningRate: 0.01 });
  const step = compile(
    (given: { x: Tensor }) => {
      optimizer.apply([given.x]);
      return { y: w.sum() };
    },
    { state: [w] },
  );
  const run = (times: number): void => {
    for (let n = 0; n < times; n++) {
      tf().tidy(() => void step.run({ x }));
      if (n % 100 === 0) w.dataSync();
    }
  };
  run(300);
  const [tensors, rss] = [tf().memory().numTensors, process.memoryUsage().rss];
  run(2000);
  assert.equal(tf().memory().numTensors, tensors);
  assert.ok(process.memoryUsage().rss - rss < 30e6, `${process.memoryUsage().rss - rss} bytes more`);
  step.dispose();
  optimizer.dispose();
  tf().dispose([x, w]);
  assert.equal(tf().memory().numTensors, empty);
});
