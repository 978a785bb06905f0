import assert from "node:assert/strict";
import { test } from "node:test";
import { checkClaims } from "./checkClaims";

const claims = (goodbooks: boolean, always = true) => ({
  always: { "parts do not overlap": always },
  goodbooks: { "attention is uneven": goodbooks, "4 is the commonest": true },
});

test("all claims are checked on their data; on other data those about it are passed over and counted", () => {
  assert.equal(checkClaims("goodbooks", claims(true)), "All 3 claims hold.");
  assert.equal(
    checkClaims("plays.csv", claims(false)),
    "1 claims hold; 2 about other data were not checked on plays.csv.",
  );
});

test("a claim that does not hold is named, wherever it stands", () => {
  assert.throws(() => checkClaims("goodbooks", claims(false)), /no longer true: attention is uneven/);
  assert.throws(() => checkClaims("plays.csv", claims(true, false)), /no longer true: parts do not overlap/);
});
