import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Diagnostics, diagnosticsOf } from "../offPolicy/report/diagnostics";
import { verdictOf, verdictThresholds } from "../offPolicy/report/verdict";
import type { Figure } from "./figure";
import { type CardToDraw, reportCardFigure } from "./reportCardFigure";

type Trace = {
  name?: string;
  mode: string;
  x: number[];
  y: number[];
  text?: string[];
  marker?: { symbol: unknown };
};

const about = (value: number) => ({ value, lower: value - 0.1, upper: value + 0.1 });
function cardOf(diagnostics: Diagnostics, more: Partial<CardToDraw> = {}): CardToDraw {
  const [rounds, units] = [more.rounds ?? 5000, more.units ?? 5000];
  const effectiveUsers = more.effectiveUsers ?? units;
  return {
    ...{ rounds, units, effectiveUsers, propensities: "known", logged: about(0.3), headline: "snips" },
    estimators: { ips: about(0.5), snips: about(0.4) },
    ...{
      diagnostics,
      ...verdictOf({ rounds, users: effectiveUsers, provenance: "known", diagnostics }),
    },
    ...more,
  };
}
const drawn = (card: CardToDraw): Figure =>
  reportCardFigure({ card, thresholds: verdictThresholds, names: { snips: "SNIPS" }, dataset: "invented" });
const tracesOf = (figure: Figure): Trace[] => figure.data as unknown as Trace[];
const needles = (figure: Figure): number[] =>
  tracesOf(figure).find(({ marker }) => marker?.symbol === "diamond-tall")!.x;
const good = {
  effectiveSampleSize: 2500,
  maxWeight: 10,
  meanWeight: 1.01,
  topOnePercentShare: 0.1,
  unsupportedMass: 0,
};

test("the worst gauge stands in the zone of the verdict, whatever the weights", () => {
  const weight = fc.oneof(
    fc.double({ min: 0, max: 2, noNaN: true }),
    fc.double({ min: 0, max: 90, noNaN: true }),
  );
  fc.assert(
    fc.property(
      fc.array(weight, { minLength: 5, maxLength: 400 }),
      fc.double({ min: 0, max: 0.2, noNaN: true }),
      (weights, mass) => {
        const rounds = weights.length;
        const unsupported = new Float64Array(rounds).fill(mass);
        const card = cardOf(diagnosticsOf({ unsupported }, Float64Array.from(weights)), {
          ...{ rounds, units: rounds },
        });
        const worst = Math.min(...needles(drawn(card)));
        assert.equal(worst >= 2 / 3 ? "ok" : worst >= 1 / 3 ? "weak" : "unreliable", card.verdict);
      },
    ),
    { numRuns: 300, seed: 5 },
  );
});

test("the gauges show the numbers they name, worked by hand", () => {
  const near = (seen: number, wanted: number): void =>
    assert.ok(Math.abs(seen - wanted) < 1e-9, `${seen} is not ${wanted}`);
  const first = { effectiveSampleSize: 2500, maxWeight: 530, meanWeight: 1.06, topOnePercentShare: 0.1 };
  const [few, share, mean] = needles(drawn(cardOf(first, { rounds: 10_000 })));
  near(few, (2 + 2300 / 9800) / 3);
  near(share, 2 / 3); // 530 / 10,600 = .05
  const errors = 0.06 / (0.0106 * Math.sqrt(3)); // the spread of a mean weight is 1.06 √(10,000 / 2,500 − 1) / 100
  near(mean, (1 + (5 - errors) / 2) / 3);
  // .008 off is 7.9 of its tiny standard errors, and near enough all the same.
  const second = { ...first, effectiveSampleSize: 500_000, meanWeight: 1.008 };
  near(needles(drawn(cardOf(second, { rounds: 1_000_000 })))[2], 2 / 3);
});

test("a good log: all needles in green, the verdict said, the log's own value a line", () => {
  const figure = drawn(cardOf(good));
  assert.equal(needles(figure).length, 5);
  assert.ok(needles(figure).every((place) => place > 2 / 3));
  const texts = (figure.layout.annotations as { text: string }[]).map(({ text }) => text);
  assert.ok(texts.some((text) => /OK<\/span>/.test(text)));
  const [line] = tracesOf(figure);
  assert.deepEqual([line.name, line.x], ["the log's own policy earned 0.3", [0.3, 0.3]]);
  const { subtitle } = figure.layout.title as { subtitle: { text: string } };
  assert.equal(subtitle.text, "invented; 5,000 rounds, propensities known");
  assert.match(figure.caption, /^OK: .*SNIPS says 0\.4 \(0\.3 to 0\.5\); the log's own policy earned 0\.3/);
});

test("the headline is bold and blue, the rows in the order of the card", () => {
  const figure = drawn(cardOf(good));
  assert.deepEqual((figure.layout.yaxis as { ticktext: string[] }).ticktext, ["<b>SNIPS</b>", "ips"]); // upwards
  const first = tracesOf(figure).filter(({ name }) => name === "SNIPS: read this one first");
  const point = first.find(({ mode, x }) => mode === "markers" && x.length === 1)!;
  assert.deepEqual([point.x, point.y], [[0.4], [0]]);
});

test("clipping is said, has a gauge of its own, and the others show the weights before it", () => {
  const bad = { ...good, effectiveSampleSize: 15 };
  const card = cardOf({ ...good, meanWeight: 0.808 }, { clip: 10, unclipped: { diagnostics: bad } });
  const figure = drawn(card);
  const places = needles(figure);
  assert.ok(Math.abs(places[0] - 1 / 6) < 1e-12); // n_e of 15, halfway to 30
  // 1 − .808 / 1.01 = .2, where red begins
  assert.ok(places.length === 6 && Math.abs(places[5] - 1 / 3) < 1e-12);
  const texts = (figure.layout.annotations as { text: string }[]).map(({ text }) => text);
  assert.ok(texts.some((text) => text.includes("CLIPPED at 10")));
});

test("mass that nobody knows has no needle; a card without estimators is refused", () => {
  const { unsupportedMass: _, ...unknown } = good;
  const figure = drawn(cardOf(unknown));
  assert.equal(needles(figure).length, 4);
  assert.ok(tracesOf(figure).some(({ text }) => text?.some((each) => /never shows: <b>unknown/.test(each))));
  assert.throws(() => drawn(cardOf(good, { estimators: {} })), /at least one estimator, got none/);
});

test("where users are known the heaviest one and the mean over users stand on the gauges, as the verdict counts", () => {
  const byUser = drawn(cardOf(good, { largestShare: 0.3, meanWeightErrors: 4 }));
  const text = JSON.stringify(byUser);
  assert.match(text, /weight of the heaviest user: <b>30%/);
  assert.match(text, /4\.0 standard errors from 1/);
  assert.ok(Math.min(...needles(byUser)) < 1 / 3);
  assert.match(JSON.stringify(drawn(cardOf(good))), /weight of the heaviest round: /);
});

test("where the truth is known it is a line, and the intervals that miss it are red; the caption counts them", () => {
  const card = cardOf(good, { estimators: { ips: about(0.5), dm: about(0.6), snips: about(0.4) } });
  const input = { card, thresholds: verdictThresholds, names: { snips: "SNIPS" }, dataset: "invented" };
  const figure = reportCardFigure({ ...input, truth: 0.45 });
  const traces = tracesOf(figure);
  assert.deepEqual(traces.find(({ name }) => name === "the truth, 0.45")!.x, [0.45, 0.45]);
  const point = (named: string) =>
    traces.find(({ name, mode, x }) => name === named && mode === "markers" && x.length === 1)!;
  assert.deepEqual(point("misses the truth").x, [0.6]);
  assert.match(figure.caption, /The truth is 0\.45; 1 of 3 intervals miss it\.$/);
  assert.doesNotMatch(JSON.stringify(reportCardFigure(input)), /truth/);
});
