import assert from "node:assert/strict";
import { test } from "node:test";
import { differenceText, signedText, verdictText } from "./signedText";

test("each number of a difference has its sign", () => {
  assert.equal(
    signedText({ mean: -0.1, lower: -0.2, upper: 0 }, (size) => size.toFixed(1)),
    "−0.1 (−0.2 to +0.0)",
  );
});

test("an interval that holds 0 shows no difference, and tells the largest it leaves open", () => {
  const open = { mean: 0.002, lower: -0.0006, upper: 0.0047 };
  assert.equal(
    differenceText(open, 0.084),
    "no difference shown; allows −.0006 to +.0047, at most +5.6% of the start",
  );
  assert.equal(differenceText(open), "no difference shown; allows −.0006 to +.0047");
  assert.match(differenceText({ mean: -0.02, lower: -0.05, upper: 0 }, 0.1), /allows .*at most −50\.0% of/);
});

test("one that does not hold 0 is named by its side, with the least it shows", () => {
  assert.equal(
    differenceText({ mean: 0.03, lower: 0.01, upper: 0.05 }, 0.1),
    "higher; +.0100 to +.0500, at least +10.0% of the start",
  );
  assert.equal(differenceText({ mean: -0.03, lower: -0.05, upper: -0.01 }), "lower; −.0500 to −.0100");
});

test("a start of 0 has no parts, and an interval without ends shows nothing", () => {
  assert.equal(
    differenceText({ mean: 0, lower: -0.001, upper: 0.001 }, 0),
    "no difference shown; allows −.0010 to +.0010",
  );
  const unknown = { mean: 1, lower: Number.NaN, upper: Number.NaN };
  assert.equal(differenceText(unknown, 1), "no difference shown; its spread is unknown");
});

test("a verdict in a cell: its own words on either side of 0, and what is left open between them", () => {
  const words = { better: "it helped", worse: "it did harm", from: "step 0" };
  const of = (lower: number, upper: number, start?: number) =>
    verdictText({ mean: (lower + upper) / 2, lower, upper }, words, start);
  assert.equal(of(0.001, 0.002), "it helped");
  assert.equal(of(-0.002, -0.001, 0.1), "it did harm");
  assert.equal(
    of(-0.0006, 0.0047, 0.084),
    "no difference from step 0 shown; up to +.0047 (+5.6%) is left open",
  );
  assert.equal(of(-0.01, 0.0047), "no difference from step 0 shown; up to −.0100 is left open");
  assert.equal(of(Number.NaN, Number.NaN, 1), "no difference from step 0 shown");
});

test("where nothing differs at all it says so, and leaves nothing open", () => {
  const none = { mean: 0, lower: 0, upper: 0 };
  assert.equal(differenceText(none, 0.1), "the same");
  assert.equal(verdictText(none, { better: "up", worse: "down", from: "step 0" }, 0.1), "the same as step 0");
});
