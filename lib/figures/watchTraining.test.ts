import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bundle } from "./cell";
import type { Figure } from "./figure";
import { figureHtml } from "./page";
import { trainingFigure } from "./trainingFigure";
import { watchTraining } from "./watchTraining";

function outlet() {
  const shown: { data: Bundle; metadata: object; update: boolean }[] = [];
  let time = 0;
  return {
    shown,
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
    show: (data: Bundle, metadata: object, update: boolean) => void shown.push({ data, metadata, update }),
    png: async (_: Figure) => Buffer.from("picture"),
    now: () => time,
  };
}
const about = { name: "td3", steps: 100, dataset: "hand" };

test("one figure is made and then updated, no more than once a second, and its last state has a picture", async () => {
  const page = outlet();
  const watch = watchTraining(about, page);
  for (let step = 0; step <= 100; step++) {
    watch.add(step, { criticLoss: 1 / (step + 1), meanQ: step / 50 });
    if (step === 1) watch.bounded([-1, 10]);
    page.pass(60);
  }
  const live = page.shown.length;
  assert.ok(live >= 5 && live <= 7, `${live} drawings in 6 s`);
  await watch.end();
  assert.deepEqual(
    page.shown.map(({ update }) => update),
    [false, ...new Array(live).fill(true)],
  );
  const names = page.shown.map(({ data }) => /"(training-[^"]+)"\);<\/script>/.exec(data["text/html"])?.[1]);
  assert.ok(
    names[0] !== undefined && names.every((name) => name === names[0]),
    "the same drawing gets new data",
  );
  assert.ok(page.shown.slice(0, -1).every(({ data }) => data["image/png"] === undefined));
  const { data, metadata } = page.shown.at(-1)!;
  assert.equal(data["image/png"], Buffer.from("picture").toString("base64"));
  assert.match(
    data["text/plain"],
    /^td3 at step 100 of 100: critic loss 0\.0099.*; mean Q 2 \(possible: -?−?1 to 10\)/,
  );
  assert.match(JSON.stringify(metadata), /"caption":"td3 at step 100/);
});

test("a run that is over is drawn from its own curves; one that came from the cache at once", async () => {
  const page = outlet();
  const watch = watchTraining(about, page);
  watch.bounded([0, 10]);
  await watch.end({ validationNdcg: { steps: [0, 100], values: [0.05, 0.06] } });
  assert.equal(page.shown.length, 1);
  assert.equal(page.shown[0].update, false);
  assert.match(
    page.shown[0].data["text/plain"],
    /step 100 of 100: validation NDCG@10 0\.06 \(step 0: 0\.05\)/,
  );
});

test("what was stopped says so; nothing learned shows nothing; a browser that fails costs the picture alone", async () => {
  const page = outlet();
  const watch = watchTraining(about, page);
  watch.add(0, { distinctItems: 3 });
  assert.equal(page.shown.length, 0);
  await watchTraining(about, page).end();
  assert.equal(page.shown.length, 0);
  watch.add(40, { actorLoss: 2 });
  await watch.end();
  assert.match(page.shown.at(-1)!.data["text/html"], /td3 stopped at step 40 of 100/);
  const broken = { ...outlet(), png: () => Promise.reject(new Error("no browser")) };
  const other = watchTraining(about, broken);
  other.add(1, { criticLoss: 1 });
  await other.end();
  assert.equal(broken.shown.at(-1)!.data["image/png"], undefined);
  assert.match(broken.shown.at(-1)!.data["text/html"], /data-offshelf-figure/);
});

test("outside a notebook nothing is drawn", async () => {
  const watch = watchTraining(about);
  watch.add(1, { criticLoss: 1 });
  await watch.end();
});

test("panels are those the run has; the axis is that of the whole run; Q beyond its bound is on the picture", () => {
  const curves = {
    criticLoss: { steps: [1, 2], values: [3, 2] },
    meanQ: { steps: [1, 2], values: [1, 40] },
    validationNdcg: { steps: [0, 2], values: [0.1, 0.2] },
  };
  const figure = trainingFigure({
    name: "ddpg",
    step: 2,
    steps: 50,
    curves,
    bounds: [0, 10],
    dataset: "hand",
  });
  const layout = figure.layout as Record<string, { range?: number[] }>;
  for (const key of ["xaxis", "xaxis2", "xaxis3"]) assert.deepEqual(layout[key].range, [0, 50], key);
  assert.ok(layout.yaxis2.range![1] >= 40);
  assert.equal(layout.xaxis4, undefined);
  assert.match(JSON.stringify(figure.layout), /highest possible: 10/);
  assert.match(JSON.stringify(figure.layout), /ddpg learns: step 2 of 50/);
  const few = trainingFigure({
    name: "bc",
    step: 2,
    steps: 2,
    curves: { actorLoss: curves.criticLoss },
    dataset: "hand",
  });
  assert.equal((few.layout as Record<string, unknown>).xaxis2, undefined);
  assert.throws(
    () => trainingFigure({ name: "x", step: 0, steps: 1, curves: {}, dataset: "hand" }),
    /requires a curve/,
  );
});

test("a figure that is not live is drawn as ever", () => {
  const figure = trainingFigure({
    name: "a",
    step: 1,
    steps: 2,
    curves: { loss: { steps: [1], values: [1] } },
    dataset: "hand",
  });
  assert.doesNotMatch(figureHtml(figure), /, "training-/);
  assert.match(figureHtml(figure, { live: "here" }), /, "here"\);<\/script>$/);
});
