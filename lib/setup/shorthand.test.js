"use strict";
const assert = require("node:assert/strict");
const path = require("node:path");
const { test } = require("node:test");
const { places } = require("./places");
const { written, writeShorthandOut } = require("./shorthand");

const typescript = () => require(path.join(places.modules, "@tslab", "typescript-for-tslab"));

test("shorthand is written out wherever it stands, and nothing else is touched", () => {
  const ts = typescript();
  for (const [from, to] of [
    ["f({ data, k: 1 })", "f({ data: data, k: 1 })"],
    ["const a = { x, ...y, z };", "const a = { x: x, ...y, z: z };"],
    ["const { x, y } = z;", "const { x, y } = z;"],
    ["const f = ({ x }: { x: number }) => ({ x });", "const f = ({ x }: { x: number }) => ({ x: x });"],
    ["({ a = 1 } = b);", "({ a = 1 } = b);"],
    ['import { a } from "b"; // { c }', 'import { a } from "b"; // { c }'],
    ["f(`{ b }`, { a })", "f(`{ b }`, { a: a })"],
    ["const { a: x, b: { c }, ...rest } = f({ d });", 'const { "a": x, "b": { c }, ...rest } = f({ d: d });'],
    ["const f = ({ a: x = { b } }) => x;", 'const f = ({ "a": x = { b: b } }) => x;'],
    ["no braces", "no braces"],
    ["f({ data,", "f({ data: data,"],
  ])
    assert.equal(written(ts, from), to);
});

test("the converter that tslab makes gets the text written out, and gives what it gave", () => {
  const seen = [];
  const converter = { createConverter: () => ({ convert: (previous, text) => seen.push([previous, text]) }) };
  writeShorthandOut(converter, typescript());
  assert.equal(converter.createConverter().convert("before", "f({ a })"), 1);
  assert.deepEqual(seen, [["before", "f({ a: a })"]]);
});
