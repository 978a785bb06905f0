import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { expectationAt, parseSettings, settingRows } from "./settings";

const schema = z.strictObject({
  discount: z.number().min(0).lt(1).default(0.9).describe("how much the next step counts"),
  rate: z.union([z.literal("batch"), z.number().gt(0).max(1)]).default("batch"),
  steps: z.int().min(1).nullable().default(null),
  hidden: z.array(z.int().min(1)).default([256, 256]),
  optimizer: z.enum(["adam", "radam"]).default("adam"),
  critics: z.literal([1, 2]).default(2),
  scale: z.boolean().default(false),
  seed: z.int().default(1),
  shift: z.number().default(0),
  aim: z.number().nullable().default(null),
  policy: z.strictObject({ candidates: z.int().min(1).default(100) }).prefault({}),
});

test("nothing changed: the defaults; changes are laid over them", () => {
  const defaults = parseSettings("it", schema, {});
  assert.deepEqual(defaults, {
    discount: 0.9,
    rate: "batch",
    steps: null,
    hidden: [256, 256],
    optimizer: "adam",
    critics: 2,
    scale: false,
    seed: 1,
    shift: 0,
    aim: null,
    policy: { candidates: 100 },
  });
  const changed = parseSettings("it", schema, { steps: 7, policy: { candidates: 3 } });
  assert.deepEqual(changed, { ...defaults, steps: 7, policy: { candidates: 3 } });
});

test("a misspelt setting is a type error where it is written, and refused by name", () => {
  // @ts-expect-error disount is none of the settings
  const wrong = () => parseSettings("ddpg", schema, { disount: 0.5 });
  assert.throws(
    wrong,
    /^Error: ddpg requires known settings, got "disount"; known are discount, rate, steps/,
  );
});

test("a refused value is named with its range and what it was", () => {
  const refused = (changes: object, message: string) =>
    assert.throws(() => parseSettings("ddpg", schema, changes as never), {
      message: `ddpg requires ${message}`,
    });
  refused({ discount: 1 }, "discount to be a number in [0, 1), got 1");
  refused({ discount: Number.NaN }, "discount to be a number in [0, 1), got NaN");
  refused({ rate: 0 }, 'rate to be "batch" or a number in (0, 1], got 0');
  refused({ steps: 0 }, "steps to be a whole number from 1, or null, got 0");
  refused({ steps: 1.5 }, "steps to be a whole number from 1, or null, got 1.5");
  refused({ hidden: [3, 0] }, "hidden to be a list of whole numbers from 1, got [3,0]");
  refused({ optimizer: "sgd" }, 'optimizer to be "adam" or "radam", got "sgd"');
  refused({ critics: 3 }, "critics to be 1 or 2, got 3");
  refused({ aim: "low" }, 'aim to be a number, or null, got "low"');
  refused({ scale: 1 }, "scale to be true or false, got 1");
  refused({ policy: { candidates: 0 } }, "policy.candidates to be a whole number from 1, got 0");
  refused({ shift: "1" }, 'shift to be a number, got "1"');
});

test("rows for help: every setting once, groups opened, range, default and meaning", () => {
  const rows = settingRows(schema);
  assert.deepEqual(rows[0], {
    name: "discount",
    expected: "a number in [0, 1)",
    default: 0.9,
    meaning: "how much the next step counts",
  });
  assert.deepEqual(rows.at(-1), {
    name: "policy.candidates",
    expected: "a whole number from 1",
    default: 100,
    meaning: "",
  });
  assert.equal(rows.length, 11);
  assert.equal(expectationAt(schema, ["hidden", "0"]), "a list of whole numbers from 1");
  assert.equal(expectationAt(schema, ["nothing"]), undefined);
});

test("a rule over several settings names one of them, and says what it wants in its own words", () => {
  const both = schema.superRefine(({ steps, scale }, context) => {
    if (scale && steps === null)
      context.addIssue({ code: "custom", path: ["steps"], message: "steps to scale by, got none" });
  });
  assert.equal(parseSettings("it", both, { scale: true, steps: 2 }).steps, 2);
  assert.throws(() => parseSettings("it", both, { scale: true }), {
    message: "it requires steps to scale by, got none",
  });
});
