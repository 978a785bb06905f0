import assert from "node:assert/strict";
import { test } from "node:test";
import { fingerprint } from "./fingerprint";

test("known answer: SHA-256 of the JSON lines of the values", () =>
  // printf '{"a":2,"b":1}\n' | sha256sum
  assert.equal(
    fingerprint([{ b: 1, a: 2 }], 64),
    "81103aa69250ea56e887eaab3cd9bf363d341563f05d0676be389c3e40a72871",
  ));

test("the order of keys says nothing, however deep; values, lengths and the order of values do", () => {
  const one = fingerprint([{ a: { x: 1, y: [1, 2] }, b: null }, Int32Array.of(1, 2), Int32Array.of(3)]);
  assert.equal(
    fingerprint([{ b: null, a: { y: [1, 2], x: 1 } }, Int32Array.of(1, 2), Int32Array.of(3)]),
    one,
  );
  for (const other of [
    [{ a: { x: 1, y: [2, 1] }, b: null }, Int32Array.of(1, 2), Int32Array.of(3)],
    [{ a: { x: 1, y: [1, 2] }, b: null }, Int32Array.of(1), Int32Array.of(2, 3)],
    [{ a: { x: 1, y: [1, 2] }, b: null }, Int32Array.of(3), Int32Array.of(1, 2)],
    [{ a: { x: 1, y: [1, 2] } }, Int32Array.of(1, 2), Int32Array.of(3)],
  ])
    assert.notEqual(fingerprint(other), one);
});

test("a view counts for what it shows, not for the buffer behind it", () => {
  const whole = Float64Array.of(9, 1, 2, 9);
  assert.equal(fingerprint([whole.subarray(1, 3)]), fingerprint([Float64Array.of(1, 2)]));
  assert.match(fingerprint([whole], 8), /^[0-9a-f]{8}$/);
});
