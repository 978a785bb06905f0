import assert from "node:assert/strict";
import { test } from "node:test";
import { handRun } from "./handRun.fixture";
import { policyServer } from "./policyServer";
import type { AnsweredSlate, Refusal, SlateAnswer, SlateRequest } from "./slateRequest";

const server = policyServer(handRun());
const { catalog, interactions } = handRun().dataset;

function slate(answer: SlateAnswer): AnsweredSlate {
  assert.ok(!("refused" in answer), JSON.stringify(answer));
  return answer;
}

function refusal(request: Partial<SlateRequest>, of = server): Refusal {
  const [answer] = of.answer([{ k: 5, draw: 1, ...request }]);
  assert.ok("refused" in answer, JSON.stringify(answer));
  return answer.refused;
}

const one = (request: Partial<SlateRequest>, of = server): AnsweredSlate =>
  slate(of.answer([{ k: 5, draw: 1, ...request }])[0]);
const ids = ({ rows }: AnsweredSlate): string[] => rows.map((row) => catalog.ids[row]);
const ownItems = (user: number): number[] =>
  [...interactions.items].filter((_, row) => interactions.users[row] === user);

test("the seed gives the same slate again, another one another; nothing seen, unavailable or twice", () => {
  const first = one({ userId: "u3", k: 10, draw: 7 });
  assert.deepEqual(one({ userId: "u3", k: 10, draw: 7 }), first);
  const others = [1, 2, 3, 4].map((draw) => one({ userId: "u3", k: 10, draw }).rows.join());
  assert.ok(new Set(others).size > 1);
  for (let draw = 0; draw < 200; draw++) {
    const { rows } = one({ userId: "u3", k: 34, draw });
    assert.equal(new Set(rows).size, rows.length);
    assert.ok(!rows.includes(5), "item i5 cannot be had");
    for (const row of ownItems(3)) assert.ok(!rows.includes(row), `item ${row} was seen`);
  }
});

test("a slate's probabilities are those of the policy, recomputed, whatever the rules", () => {
  const asked: Partial<SlateRequest>[] = [
    { userId: "u1" },
    { userId: "u2", variety: 3, temperature: 5 },
    { items: ["i1", "i2"], where: { genres: "Drama" }, exclude: ["i3"], variety: 1 },
    {
      userId: "u4",
      taken: ["i9", "i8"],
      only: ["i1", "i2", "i3", "i4", "i6", "i7", "i10", "i11", "i12", "i13", "i14"],
    },
    { userId: "u5", popular: true },
    { items: [] },
  ];
  for (const kind of ["served", "scored", "fixed"] as const) {
    const of = policyServer(handRun({ kind }));
    const again = policyServer(handRun({ kind }));
    const requests = asked.map((each, draw) => ({ k: 6, draw, ...each }));
    const slates = of.answer(requests).map(slate);
    const found = again.placeProbabilities(requests, slates.map(ids));
    for (const [i, { probabilities }] of slates.entries()) {
      assert.ok(probabilities.length > 0);
      assert.equal(probabilities.length, found[i].length);
      probabilities.forEach((probability, place) => {
        assert.ok(
          probability > 0 && Math.abs(probability - found[i][place]) < 1e-12,
          `${kind} ${i} ${place}`,
        );
      });
    }
  }
});

test("first places follow the policy (chi-square), and the draws of neighbouring seeds are independent", () => {
  const counts = new Map<number, number>();
  const pairs = new Float64Array(4); // first place the best candidate or not, second the next best or not
  const draws = 20_000;
  const requests = Array.from({ length: draws }, (_, draw) => ({ userId: "u6", k: 2, draw }));
  const answers = server.answer(requests).map(slate);
  for (const { rows } of answers) counts.set(rows[0], (counts.get(rows[0]) ?? 0) + 1);
  const firsts = catalog.ids.map((id) => [id]);
  const wanted = server.placeProbabilities(
    firsts.map((_, draw) => ({ userId: "u6", k: 1, draw })),
    firsts,
  );
  let [statistic, cells] = [0, 0];
  wanted.forEach(([probability], row) => {
    const count = counts.get(row) ?? 0;
    if (probability === 0) assert.equal(count, 0);
    else {
      statistic += (count - draws * probability) ** 2 / (draws * probability);
      cells++;
    }
  });
  assert.ok(
    cells > 30 && statistic < cells + 3.5 * Math.sqrt(2 * cells),
    `chi-square ${statistic} of ${cells}`,
  );
  // The best two, in that order: the product of the two places' probabilities.
  const [best, second] = [...counts].sort(([, a], [, b]) => b - a).map(([row]) => catalog.ids[row]);
  const [[p, q]] = server.placeProbabilities([{ userId: "u6", k: 2, draw: 0 }], [[best, second]]);
  for (const answer of answers) {
    const [x, y] = ids(answer);
    pairs[(x === best ? 2 : 0) + (y === second ? 1 : 0)]++;
  }
  const expected = draws * p * q;
  assert.ok(Math.abs(pairs[3] - expected) < 4 * Math.sqrt(expected), `${pairs[3]} of ${expected}`);
});

test("exclude, only and where are masks before the softmax", () => {
  const allowed = (request: Partial<SlateRequest>): number[] =>
    one({ userId: "u0", k: 40, ...request })
      .rows.slice()
      .sort((a, b) => a - b);
  const all = allowed({});
  assert.equal(all.length, 40 - new Set([...ownItems(0), 5]).size);
  assert.deepEqual(
    allowed({ exclude: ["i1", "i2", "i1"] }),
    all.filter((row) => row !== 1 && row !== 2),
  );
  assert.deepEqual(
    allowed({ only: ["i1", "i2", "i4"] }),
    all.filter((row) => [1, 2, 4].includes(row)),
  );
  assert.deepEqual(
    allowed({ where: { price: { min: 10, max: 12 } } }),
    all.filter((row) => row >= 10 && row <= 12),
  );
  assert.deepEqual(
    allowed({ where: { price: { max: 3 } } }),
    all.filter((row) => row <= 3),
  );
  assert.deepEqual(
    allowed({ where: { price: [3, 8] } }),
    all.filter((row) => row === 3 || row === 8),
  );
  assert.deepEqual(
    allowed({ where: { genres: "comedy" } }),
    all.filter((row) => row % 3 === 0),
  );
  assert.deepEqual(
    allowed({ where: { genres: ["Comedy", "Horror"] } }),
    all.filter((row) => row % 3 !== 1),
  );
  assert.deepEqual(
    allowed({ where: { genres: "Comedy, Drama", price: 9 } }),
    all.filter((row) => row === 9),
  );
  assert.deepEqual(allowed({ where: {} }), all);
  for (const empty of [{ only: [] }, { where: { price: -1 } }, { only: ["i5"] }])
    assert.deepEqual(allowed(empty), []);
  // The whole probability goes to what is left.
  const [certain] = one({ userId: "u0", only: ["i2"] }).probabilities;
  assert.equal(certain, 1);
});

test("fixed lists and popular ones keep to the rules, too", () => {
  for (const kind of ["fixed", "scored"] as const) {
    const of = policyServer(handRun({ kind }));
    const plain = one({ userId: "u0", k: 20 }, of);
    const ruled = one({ userId: "u0", k: 40, where: { price: { max: 20 } }, exclude: ["i1"] }, of);
    for (const row of ruled.rows) assert.ok(row <= 20 && row !== 1 && !ownItems(0).includes(row));
    if (kind === "fixed") {
      assert.deepEqual(
        ruled.rows,
        one({ userId: "u0", k: 40 }, of).rows.filter((row) => row <= 20 && row !== 1),
      );
      assert.deepEqual(
        plain.probabilities,
        plain.rows.map(() => 1),
      );
    }
  }
  for (const request of [{ userId: "u0", popular: true }, { items: [] }]) {
    const all = one({ ...request, k: 40 });
    assert.ok(!all.rows.includes(5));
    const some = one({ ...request, k: 3, where: { genres: "Horror" } });
    assert.deepEqual(some.rows, all.rows.filter((row) => row % 3 === 2).slice(0, 3));
  }
  for (const row of ownItems(0)) assert.ok(!one({ userId: "u0", popular: true, k: 40 }).rows.includes(row));
});

test("whose history it is: the log's, what was taken since, or the items given", () => {
  const given = one({ items: ["i1", "i2", "i1"], k: 40 });
  assert.deepEqual(given, one({ items: ["i1", "i2"], k: 40 }), "an item twice counts once");
  assert.ok(!given.rows.includes(1) && !given.rows.includes(2));
  assert.deepEqual(one({ userId: "nobody", items: ["i1", "i2"], k: 40 }), given);
  const grown = one({ userId: "u0", taken: ["i30", "gone"], k: 40 });
  assert.ok(!grown.rows.includes(30));
  assert.notDeepEqual(grown.rows, one({ userId: "u0", k: 40 }).rows);
  assert.ok(one({ userId: "known by feedback", taken: ["i3"] }).rows.length === 5);
  assert.deepEqual(refusal({ userId: "nobody" }).status, 404);
  assert.equal(refusal({ userId: "nobody" }).field, "user_id");
  assert.equal(one({ userId: "nobody", items: [] }).rows.length, 5);
  assert.deepEqual(
    [refusal({ userId: "u0", items: ["i1"] }).status, refusal({ userId: "u0", items: ["i1"] }).field],
    [400, "items"],
  );
});

test("what is not there is named by its field", () => {
  for (const [request, status, field] of [
    [{ items: ["i1", "x"] }, 404, "items[1]"],
    [{ userId: "u0", exclude: ["x"] }, 404, "exclude[0]"],
    [{ userId: "u0", only: ["i1", "i2", "x"] }, 404, "only[2]"],
    [{ userId: "u0", where: { colour: "red" } }, 400, "where.colour"],
    [{ userId: "u0", where: { constructor: "red" } }, 400, "where.constructor"],
    [{ userId: "u0", where: { price: "cheap" } }, 400, "where.price"],
    [{ userId: "u0", where: { genres: { min: 1 } } }, 400, "where.genres"],
  ] as const) {
    const found = refusal(request as Partial<SlateRequest>);
    assert.deepEqual([found.status, found.field], [status, field]);
  }
});

test("fifty different requests at once get what each gets alone, with one encoding for each history", () => {
  const requests: SlateRequest[] = Array.from({ length: 50 }, (_, i) => ({
    ...(i % 3 === 0 ? { items: [`i${i % 40}`, `i${(i * 3) % 40}`] } : { userId: `u${i % 10}` }),
    ...(i % 4 === 1 && { exclude: [`i${i % 40}`] }),
    ...(i % 5 === 1 && { where: { price: { min: i % 20 } } }),
    ...(i % 7 === 1 && { variety: 2, temperature: 3 }),
    ...(i % 11 === 1 && { items: ["missing"], userId: "x" }),
    ...{ k: 1 + (i % 12), draw: i },
  }));
  const run = handRun();
  const together = policyServer(run).answer(requests);
  assert.ok(run.encoded() <= 27, `${run.encoded()} encodings`);
  const alone = policyServer(handRun());
  assert.deepEqual(
    together,
    requests.map((request) => alone.answer([request])[0]),
  );
});

test("temperature flattens, variety spreads, explain names the nearest book of the history", () => {
  const entropyOf = (temperature: number): number => {
    const { probabilities } = one({ userId: "u0", k: 1, draw: 3, temperature });
    return probabilities[0];
  };
  assert.ok(entropyOf(0.05) > entropyOf(20));
  const { vectors, width } = handRun().unitItems!;
  const cos = (a: number, b: number): number => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += vectors[a * width + i] * vectors[b * width + i];
    return sum;
  };
  const likeness = (variety: number): number => {
    let sum = 0;
    for (let draw = 0; draw < 300; draw++) {
      const { rows } = one({ userId: "u0", k: 2, draw, variety });
      sum += cos(rows[0], rows[1]) / 300;
    }
    return sum;
  };
  assert.ok(likeness(4) < likeness(0) - 0.1, `${likeness(4)} is not below ${likeness(0)}`);
  const { rows, because } = one({ items: ["i1", "i2", "i3"], explain: true });
  rows.forEach((row, place) => {
    const best = [1, 2, 3].sort((a, b) => cos(row, b) - cos(row, a))[0];
    assert.equal(because![place]!.row, best);
    assert.ok(Math.abs(because![place]!.similarity - cos(row, best)) < 1e-6);
  });
  assert.equal(one({ items: ["i1"] }).because, undefined);
});

test("scores are the policy's also where exploration drew", () => {
  const run = handRun({ exploration: 1, candidates: 1 });
  const { rows, scores } = one({ userId: "u0", k: 30 }, policyServer(run));
  const all = one({ userId: "u0", k: 40 }, policyServer(handRun({ candidates: 40, exploration: 0 })));
  rows.forEach((row, place) => {
    assert.ok(Math.abs(scores[place] - all.scores[all.rows.indexOf(row)]) < 1e-9);
  });
});

test("items may come again where the run says so", () => {
  const of = policyServer(handRun({ repeats: true }));
  const { rows } = one({ userId: "u0", k: 40 }, of);
  assert.equal(rows.length, 39);
  const ruled = one({ userId: "u0", k: 40, exclude: ["i1"] }, of);
  assert.equal(ruled.rows.length, 38);
  assert.ok(!ruled.rows.includes(1));
});
