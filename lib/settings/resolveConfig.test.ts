import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../data/inputError";
import { parseConfig, parseOverride } from "./readConfig";
import { resolveConfig } from "./resolveConfig";

const resolve = resolveConfig;
const fromText = (text: string) => resolve({ file: parseConfig(text, "run.yaml") });

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error.message;
  }
  return assert.fail("was accepted");
}

test("resolveConfig: defaults, then the file, then each --set, then --agent and --seed", () => {
  const config = resolve({
    file: parseConfig("seed: 3\nagent:\n  discount: 0.5\nnextItem: { units: 32 }\n", "run.yaml"),
    set: ["agent.discount=0.8", "steps=40", "steps=50"],
    seed: 9,
  });
  assert.equal(config.agent.name, "ddpg");
  assert.equal(config.agent.discount, 0.8);
  assert.equal(config.nextItem.units, 32);
  assert.equal(config.nextItem.width, 64);
  assert.equal(config.steps, 50);
  assert.equal(config.seed, 9);
  assert.equal(config.protocol, "temporal");
});

test("resolveConfig names an unknown key by its line and lists the known ones", () => {
  const message = refusal(() => fromText("seed: 1\nagent:\n  name: ddpg\n  # a slip\n  discout: 0.9\n"));
  assert.match(message, /^run\.yaml:5: unknown key "discout" of agent, expected one of name, .*discount/);
  assert.match(
    refusal(() => fromText("seeds: 1\n")),
    /^run\.yaml:1: unknown key "seeds", expected one of protocol, /,
  );
});

test("resolveConfig names a value of the wrong kind by its line", () => {
  assert.equal(
    refusal(() => fromText("seed: 1\n\nnextItem:\n  units: many\n")),
    'run.yaml:4: nextItem.units is "many", expected a whole number from 1',
  );
  assert.equal(
    refusal(() => fromText("steps: -1\n")),
    "run.yaml:1: steps is -1, expected a whole number from 0, or null",
  );
  assert.equal(
    refusal(() => fromText("protocol: random\n")),
    'run.yaml:1: protocol is "random", expected "temporal" or "leave-one-out"',
  );
});

test("resolveConfig names a value out of range by its line", () => {
  assert.match(
    refusal(() => fromText("seed: 1\nagent:\n  name: ddpg\n  discount: 1.2\n")),
    /^run\.yaml:4: agent\.discount is 1\.2, expected a number in \[0, 1\)$/,
  );
  assert.match(
    refusal(() => fromText("nextItem:\n  dropout: 1\n")),
    /^run\.yaml:2: nextItem\.dropout is 1, expected a number in \[0, 1\)$/,
  );
  assert.match(
    refusal(() => resolve({ set: ["agent.discount=-1"] })),
    /^--set agent\.discount=-1: agent\.discount is -1, expected a number in \[0, 1\)$/,
  );
});

test("what only goes wrong together is named where it is said last, and no source alone is blamed for it", () => {
  const set = ["agent.behaviour=none", "agent.behaviourWeight=0"];
  assert.equal(resolve({ set }).agent.behaviour, "none");
  assert.match(
    refusal(() => resolve({ set: set.slice(0, 1) })),
    /^--set agent\.behaviour=none: agent\.behaviourWeight does not go with the others, expected a behaviour term and its weight together/,
  );
  assert.match(
    refusal(() => fromText("agent:\n  name: td3\n  criticWeight: 0\n")),
    /^run\.yaml:3: agent\.criticWeight does not go with the others, expected criticWeight above 0 or a behaviour term/,
  );
});

test("resolveConfig names an unknown agent, wherever it is said", () => {
  assert.match(
    refusal(() => fromText("seed: 1\nagent: { name: dpg }\n")),
    /^run\.yaml:2: unknown agent "dpg", expected one of ddpg/,
  );
  assert.match(
    refusal(() => resolve({ agent: "dpg" })),
    /^--agent: unknown agent "dpg"/,
  );
  assert.match(
    refusal(() => resolve({ set: ["agent.name=dpg"] })),
    /^--set agent\.name=dpg: unknown agent "dpg"/,
  );
});

test("--set is read by type and refused by name", () => {
  assert.deepEqual(parseOverride("a.b=[64, 32]").value, { a: { b: [64, 32] } });
  assert.deepEqual(parseOverride("a=true").value, { a: true });
  assert.deepEqual(parseOverride("a=x=y").value, { a: "x=y" });
  assert.match(
    refusal(() => resolve({ set: ["agent.discout=1"] })),
    /^--set agent\.discout=1: unknown key "discout" of agent/,
  );
  assert.match(
    refusal(() => resolve({ set: ["discount"] })),
    /^--set discount: is not a setting/,
  );
});

test("a file that is not YAML, or holds no mapping, is refused by line", () => {
  assert.match(
    refusal(() => fromText("seed: 1\nagent: [1\n")),
    /^run\.yaml:[23]: is not YAML/,
  );
  assert.match(
    refusal(() => fromText("- 1\n- 2\n")),
    /^run\.yaml:1: holds no settings/,
  );
  assert.match(
    refusal(() => fromText("seed: 1\nseed: 2\n")),
    /^run\.yaml:2: is not YAML: Map keys must be unique/,
  );
});
