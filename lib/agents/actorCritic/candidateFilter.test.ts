import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../../math/random";
import { type Added, type Batch, nextSituation } from "../../replay/batch";
import { gaussian } from "../../tensors/initialisers";
import { type Tensor2D, tf } from "../../tensors/tf";
import { A, B, itemVectors, N, problem, S } from "../smallProblem.fixture";
import { candidateFilter } from "./candidateFilter";

const head = { weights: gaussian(S * A, 1, random(1)), bias: gaussian(A, 1, random(2)) };
const unavailable = new Set([3]);
const scores = gaussian(B * N, 1, random(3));
const states = gaussian(B * S, 1, random(4));
/** Row n has seen item n mod 5, and row 0 all that is available. */
const nextSeen = {
  rows: Int32Array.from({ length: B + 3 }, (_, i) => (i < B ? i : 0)),
  items: Int32Array.from({ length: B + 3 }, (_, i) => (i < B ? i % N : [1, 2, 4][i - B])),
};

/** The items that keep their score, row by row. */
function kept(
  candidates: number | null,
  options: {
    head?: boolean;
    seen?: boolean;
    servedBias?: Float32Array;
    added?: Added;
    whole?: number;
    prepared?: boolean;
  } = {},
): number[][] {
  const { catalogue, ...bare } = problem(1);
  const { servedBias } = options;
  const filter = candidateFilter(
    {
      ...bare,
      catalogue: { ...catalogue, ...(servedBias ? { servedBias } : {}), unavailable },
      ...(options.head === false ? {} : { head }),
    },
    candidates,
    options.whole ? { whole: options.whole } : {},
  );
  const all = tf().tensor2d(scores, [B, N]);
  const scoresOf = (rows?: Tensor2D): Tensor2D => (rows ? (tf().gather(all, rows, 1, 1) as Tensor2D) : all);
  const plain = { seen: nextSeen, ...(options.added ? { added: options.added } : {}) };
  const made = filter.prepared({ nextSeen, nextAdded: options.added } as Batch) as Batch;
  const situation = options.prepared ? nextSituation(made) : plain;
  const found = filter.choice(
    scoresOf,
    tf().tensor2d(states, [B, S]),
    options.seen === false ? {} : situation,
  );
  const [given, rows] = [found.scores.arraySync(), found.rows?.arraySync()];
  filter.dispose();
  return given.map((row, n) =>
    row
      .map((now, k) => ({ now, item: rows ? rows[n][k] : k }))
      .filter(({ now, item }) => {
        const was = scores[n * N + item];
        assert.ok(now === was || now < -1e8, `${now}`);
        return now === was;
      })
      .map(({ item }) => item)
      .sort(),
  );
}

/** Items of a row by the head's logits, best first. */
function byHead(n: number, { bias, added }: { bias?: Float32Array; added?: Added } = {}): number[] {
  const raw = Array.from(head.bias, (bias, a) => {
    let sum = bias;
    for (let s = 0; s < S; s++) sum += states[n * S + s] * head.weights[s * A + a];
    return sum;
  });
  const length = Math.hypot(...raw);
  const { itemBias: own, temperature } = problem(1).catalogue;
  const extra = new Float32Array(N);
  for (const [k, item] of added?.items.entries() ?? [])
    if (added!.rows[k] === n) extra[item] += added!.values[k];
  const logit = (item: number): number =>
    raw.reduce(
      (sum, each, a) => sum + ((each / length) * itemVectors[item * A + a]) / temperature,
      (bias ?? own)[item] + extra[item],
    );
  return Array.from({ length: N }, (_, item) => item).sort((one, other) => logit(other) - logit(one));
}

test("what was seen or is unavailable is out of reach; all else keeps its score", () => {
  for (const rows of [kept(null), kept(5), kept(2, { head: false })])
    for (const [n, items] of rows.entries())
      assert.deepEqual(items, n === 0 ? [] : [0, 1, 2, 3, 4].filter((item) => item !== 3 && item !== n % N));
  assert.deepEqual(kept(null, { seen: false })[0], [0, 1, 2, 4]);
});

test("of what is left, the supervised head's first k", () => {
  for (const k of [1, 2, 3]) {
    const rows = kept(k);
    assert.deepEqual(rows[0], []); // all are seen: some stand among the first k, out of reach
    for (let n = 1; n < B; n++) {
      const open = byHead(n).filter((item) => item !== 3 && item !== n % N);
      assert.deepEqual(rows[n], open.slice(0, k).sort());
    }
  }
  // The served bias and what is added in a state take the part of the model's own bias.
  const servedBias = gaussian(N, 3, random(5));
  const added = {
    rows: Int32Array.from({ length: 2 * B }, (_, i) => i % B),
    items: Int32Array.from({ length: 2 * B }, (_, i) => (3 * i + 1) % N),
    values: gaussian(2 * B, 3, random(6)),
  };
  const differing = { bias: 0, added: 0 };
  for (const k of [1, 2]) {
    const rows = kept(k, { servedBias, added });
    for (let n = 1; n < B; n++) {
      const best = (given: Parameters<typeof byHead>[1]): number[] =>
        byHead(n, given)
          .filter((item) => item !== 3 && item !== n % N)
          .slice(0, k)
          .sort();
      const wanted = best({ bias: servedBias, added });
      assert.deepEqual(rows[n], wanted);
      if (best({ added }).join() !== wanted.join()) differing.bias++;
      if (best({ bias: servedBias }).join() !== wanted.join()) differing.added++;
    }
  }
  assert.ok(differing.bias > 2 && differing.added > 2, JSON.stringify(differing));
  assert.throws(
    () => candidateFilter({ ...problem(1), catalogue: undefined } as never, 1),
    /requires a catalogue/,
  );
});

test("of a large catalogue the head ranks the items with the largest served biases that can be had", () => {
  const servedBias = Float32Array.of(0.3, 0, 0.9, 9, 0.6); // item 3 is unavailable
  const added = {
    rows: Int32Array.from({ length: 2 * B }, (_, i) => i % B),
    items: Int32Array.from({ length: 2 * B }, (_, i) => (3 * i + 1) % N),
    values: gaussian(2 * B, 3, random(6)),
  };
  for (const prepared of [false, true])
    for (const [whole, looked] of [
      [3, [0, 2, 4]],
      [4, [0, 1, 2, 4]],
      [N, [0, 1, 2, 4]],
    ] as const)
      for (const k of [1, 2]) {
        const rows = kept(k, { servedBias, added, whole, prepared });
        for (let n = 1; n < B; n++) {
          const open = byHead(n, { bias: servedBias, added }).filter(
            (item) => looked.includes(item as 0) && item !== n % N,
          );
          assert.deepEqual(rows[n], open.slice(0, k).sort());
        }
      }
});
