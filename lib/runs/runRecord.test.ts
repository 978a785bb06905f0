import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluatedOn, keptText, type RunRecord, stepZeroVerdict } from "./runRecord";

const interval = (lower: number, upper: number) => ({
  mean: (lower + upper) / 2,
  lower,
  upper,
  standardError: 0.001,
});

test("a difference is better or worse than step 0, or not shown, with the largest that is left open", () => {
  assert.equal(stepZeroVerdict(interval(0.001, 0.003), 0.08), "better than step 0");
  assert.equal(stepZeroVerdict(interval(-0.003, -0.001), 0.08), "worse than step 0");
  assert.equal(
    stepZeroVerdict(interval(-0.0006, 0.0047), 0.084),
    "no difference from step 0 shown; up to +.0047 (+5.6%) is left open",
  );
  assert.equal(
    stepZeroVerdict(interval(-0.02, 0.01), 0.1),
    "no difference from step 0 shown; up to −.0200 (−20.0%) is left open",
  );
  assert.equal(
    stepZeroVerdict(interval(-0.02, 0.01)),
    "no difference from step 0 shown; up to −.0200 is left open",
  );
  assert.equal(stepZeroVerdict(interval(0, 0), 0), "the same as step 0");
});

test("what is kept is told with its reason, and what is compared with whom it was compared on", () => {
  const stepZero = { users: 800 } as RunRecord["stepZero"];
  const record = (about: Partial<RunRecord>) => ({ steps: 3000, stepZero, ...about }) as RunRecord;
  const zero = record({ keep: "any", chosenStep: 0 });
  assert.match(keptText(zero), /^step 0: learning was not seen to help/);
  assert.match(
    keptText(record({ keep: "any", chosenStep: 1200 })),
    /^step 1,200 of 3,000: .* standard error$/,
  );
  assert.match(keptText(record({ keep: "learned", chosenStep: 300 })), /in which the actor learned$/);
  assert.match(keptText(record({ keep: "last", chosenStep: 3000 })), /^step 3,000 of 3,000: nothing was/);
  const blind = { ...record({ keep: "any", chosenStep: 3000 }), stepZero: undefined } as unknown as RunRecord;
  assert.match(keptText(blind), /nothing was chosen/);
  assert.equal(evaluatedOn(zero), "800 validation users, each with a step chosen on other readers");
  assert.equal(evaluatedOn(record({ keep: "last" })), "800 validation users");
});
