import assert from "node:assert/strict";
import { test } from "node:test";
import { directionCircle } from "./directionCircle";

const pay = (degrees: number): number => (degrees > 0 ? 1 : -1);
const about = { title: "Where they go", caption: "Directions.", dataset: "toy" };
const panels = [
  { heading: "the log", degrees: [0, 90, 180] },
  { heading: "an actor", degrees: Float64Array.of(-90) },
];
const figure = directionCircle({ panels, pay, logged: 20, ...about });
const texts = (figure.layout.annotations as { text: string }[]).map(({ text }) => text);

test("a direction is a point of the circle; dots of the same panel stand in rows towards the middle", () => {
  const three = figure.data.find(({ x }) => (x as unknown[] | undefined)?.length === 3)!;
  const [x, y] = [three.x as number[], three.y as number[]];
  [
    [0.88, 0],
    [0, 0.83],
    [-0.78, 0],
  ].forEach(([right, up], i) => {
    assert.ok(Math.abs(x[i] - right) < 1e-9 && Math.abs(y[i] - up) < 1e-9, `${x[i]}, ${y[i]}`);
  });
});

test("the ring says what each direction pays, the arc what the log knows, the key what colours mean", () => {
  const rings = figure.data.filter(({ x }) => (x as unknown[] | undefined)?.length === 360);
  assert.equal(rings.length, 2);
  const { color } = rings[0].marker as { color: number[] };
  assert.equal(color.filter((each) => each === 1).length, 180);
  assert.equal(figure.data.filter(({ x }) => (x as unknown[] | undefined)?.length === 41).length, 2);
  const keys = figure.data.filter(({ marker }) => (marker as { showscale?: boolean })?.showscale === true);
  assert.equal(keys.length, 1);
});

test("degrees are written round the ring: the ends of the log's arc where it has any", () => {
  for (const label of ["+20°", "−20°", "+90°", "−90°", "180°", "the log"])
    assert.ok(texts.join().includes(label), `${label} in ${texts}`);
  const whole = directionCircle({ panels, pay, logged: 180, ...about });
  const said = (whole.layout.annotations as { text: string }[]).map(({ text }) => text).join();
  assert.ok(said.includes("0°") && !said.includes("+180°"));
});
