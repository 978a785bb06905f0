import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Histories, historiesOfLists } from "../data/histories";
import { type Random, random } from "../math/random";
import { companion } from "./companion";
import { type ItemLinks, linksOf } from "./itemLinks";

const historiesOf = (lists: readonly (readonly [item: number, weight: number][])[]): Histories =>
  historiesOfLists(
    lists.map((list) => list.map(([item]) => item)),
    { users: [...lists.keys()], weights: lists.map((list) => list.map(([, weight]) => weight)) },
  );

const linked = (items: number, triples: readonly (readonly [number, number, number])[]): ItemLinks =>
  linksOf(items, {
    sources: Int32Array.from(triples, ([source]) => source),
    targets: Int32Array.from(triples, ([, target]) => target),
    weights: Float32Array.from(triples, ([, , weight]) => weight),
    count: triples.length,
  });

test("the first of C items gets weight · log(C + 1), shared by the models that name it", () => {
  const one = {
    links: linked(5, [
      [0, 1, 2],
      [0, 2, 1],
      [3, 2, 4],
    ]),
    recency: 0.5,
    weight: 3,
  };
  const two = { links: linked(5, [[0, 2, 1]]), recency: 1, weight: 1.5 };
  const history = historiesOf([[[0, 5]]]);
  const alone = companion([one], { most: 2 }).of(history);
  assert.deepEqual([...alone.items], [1, 2]);
  assert.deepEqual([...alone.values], [3 * Math.log(3), 3 * Math.log(1.5)].map(Math.fround));
  const both = companion([{ ...one, weight: 1.5 }, two], { most: 2 }).of(history);
  assert.deepEqual([...both.items], [2, 1]);
  assert.deepEqual(
    [...both.values],
    [1.5 * (Math.log(1.5) + Math.log(3)), 1.5 * Math.log(3)].map(Math.fround),
  );
});

test("older entries weigh less, those below positiveAt nothing, and what was read is not named", () => {
  const links = linked(6, [
    [0, 1, 2],
    [3, 2, 1.5],
    [4, 1, 9],
    [4, 3, 9],
  ]);
  const named = (recency: number, positiveAt?: number) =>
    [
      ...companion([{ links, recency, positiveAt, weight: 1 }], { most: 3 }).of(
        historiesOf([
          [
            [0, 5],
            [4, 1],
            [3, 5],
          ],
        ]),
      ).items,
    ].filter((item) => item >= 0);
  assert.deepEqual(named(1, 4), [1, 2]); // 2 against 1.5
  assert.deepEqual(named(0.5, 4), [2, 1]); // 1 against 1.5: the row below positiveAt makes nobody older
  assert.deepEqual(named(1), [1, 2]); // 11; item 3 would get 9, but it was read
});

/** Links with negative ones among them, and with ties. */
function someLinks(draw: Random, items: number): ItemLinks {
  const triples: [number, number, number][] = [];
  for (let source = 0; source < items; source++) {
    const targets = new Set(Array.from({ length: draw.integer(12) }, () => draw.integer(items)));
    targets.delete(source);
    for (const target of targets)
      triples.push([source, target, draw.next() < 0.2 ? -1 : draw.integer(4) / 4]);
  }
  return linked(items, triples);
}

test("after every entry it names what scoring the whole history from scratch would", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
      const draw = random(seed);
      const items = 10 + draw.integer(120);
      const links = someLinks(draw, items);
      // Powers of two keep sums exact, so that ties are ties; 2^-40 is where the scale has to be taken out.
      const recency = [1, 0.5, 2 ** -40][draw.integer(3)];
      const histories = historiesOf(
        Array.from({ length: 2 }, () =>
          Array.from({ length: 1 + draw.integer(60) }, (): [number, number] => [
            draw.integer(items),
            1 + draw.integer(5),
          ]),
        ),
      );
      const most = 1 + draw.integer(4);
      const made = companion([{ links, recency, positiveAt: 3, weight: 1 }], { most });
      const along = made.along(histories);
      for (let h = 0; h < histories.size; h++)
        for (let e = histories.offsets[h]; e < histories.offsets[h + 1]; e++) {
          const scores = new Float64Array(items);
          const seen = new Set(histories.items.subarray(histories.offsets[h], e + 1));
          let weight = 1;
          for (let at = e; at >= histories.offsets[h]; at--) {
            if (histories.weights[at] < 3) continue;
            const source = histories.items[at];
            for (let l = links.offsets[source]; l < links.offsets[source + 1]; l++)
              scores[links.targets[l]] += weight * links.weights[l];
            weight *= recency;
          }
          const wanted = [...scores.keys()]
            .filter((item) => !seen.has(item) && scores[item] > 0)
            .sort((a, b) => scores[b] - scores[a] || a - b)
            .slice(0, most);
          const got = [...along.items.subarray(e * most, (e + 1) * most)].filter((item) => item >= 0);
          if (recency > 1e-6) assert.deepEqual(got, wanted);
          // So far back that sums round: the first at least is the same.
          else assert.deepEqual(got.slice(0, 1), wanted.slice(0, 1));
          if (e === histories.offsets[h + 1] - 1) {
            const last = made.of(histories);
            const [from, to] = [h * most, (h + 1) * most];
            assert.deepEqual(last.items.subarray(from, to), along.items.subarray(e * most, (e + 1) * most));
            assert.deepEqual(last.values.subarray(from, to), along.values.subarray(e * most, (e + 1) * most));
          }
        }
    }),
    { numRuns: 100 },
  );
});

test("when all that was held ready has been read, the rest is looked through again", () => {
  const links = linked(
    30,
    Array.from({ length: 25 }, (_, i) => [0, i + 1, 25 - i]),
  );
  const made = companion([{ links, recency: 1, weight: 1 }], { most: 1 });
  const read = (items: number) =>
    historiesOf([Array.from({ length: items }, (_, item): [number, number] => [item, 5])]);
  for (const items of [1, 2, 5, 12, 25]) assert.deepEqual([...made.of(read(items)).items], [items]);
  assert.deepEqual(
    [...made.along(read(25)).items],
    Array.from({ length: 25 }, (_, i) => i + 1),
  );
  assert.deepEqual([...made.of(read(26)).items], [-1]);
});

test("a model of weight 0 is not there", () => {
  const first = { links: linked(4, [[0, 1, 1]]), recency: 1, weight: 1 };
  const second = { links: linked(4, [[0, 2, 1]]), recency: 1, weight: 0 };
  const history = historiesOf([[[0, 5]]]);
  assert.deepEqual(companion([first, second]).of(history), companion([first]).of(history));
});

test("what is out of range is refused", () => {
  const links = linked(3, [[0, 1, 1]]);
  const one = { links, recency: 1, weight: 1 };
  assert.throws(() => companion([]), /at least one model/);
  assert.throws(() => companion([one, { ...one, links: linked(4, []) }]), /one catalogue/);
  assert.throws(() => companion([{ ...one, recency: 0 }]), /recency in \(0, 1\], got 0/);
  assert.throws(() => companion([{ ...one, weight: -1 }]), /weights of at least 0, got -1/);
  assert.throws(() => companion([one], { most: 0 }), /at least 1 item, got 0/);
});

test("what is added after some entries, in any order, is what is added along all of them", () => {
  const draw = random(5);
  const triples = Array.from(
    { length: 200 },
    () => [draw.integer(30), draw.integer(30), 1 + draw.integer(9)] as const,
  );
  const links = linked(30, triples);
  const models = [
    { links, recency: 0.6, weight: 1 },
    { links, recency: 1, weight: 0.5, positiveAt: 3 },
  ];
  const histories = historiesOf(
    [4, 0, 1, 12, 0, 3].map((length) =>
      Array.from({ length }, (): [item: number, weight: number] => [draw.integer(30), 1 + draw.integer(5)]),
    ),
  );
  const beside = companion(models, { most: 4 });
  const all = beside.along(histories);
  const entries = Int32Array.of(19, 0, 3, 4, 11, 11, 5, 16, 2);
  const some = beside.at(histories, entries);
  entries.forEach((entry, i) => {
    for (const name of ["items", "values"] as const)
      assert.deepEqual(
        [...some[name].slice(4 * i, 4 * i + 4)],
        [...all[name].slice(4 * entry, 4 * entry + 4)],
      );
  });
  assert.throws(
    () => beside.at(histories, Int32Array.of(20)),
    /companion.at requires entries below 20, got 20/,
  );
});
