import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfig } from "./readConfig";
import { resolveStudy } from "./studyConfig";

const study = (data: string, ...overrides: string[]) =>
  resolveStudy(parseConfig(`data: ${data}\nmodels:\n  - type: dqn\n`, "e.yaml"), overrides);

test("rewards, endings and repeats are read from a world's log, unless something else is said", () => {
  const [{ config }] = study("{ world: satiation, users: 20 }").models;
  assert.deepEqual([config.reward, config.terminals, config.repeats], [{ rating: 1 }, "terminal", true]);
  const other = study("{ world: satiation, repeats: false }", "training.reward=one").models[0].config;
  assert.deepEqual([other.reward, other.repeats], ["one", false]);
  const [plain] = study("{ dataset: synthetic }").models;
  assert.deepEqual(
    [plain.config.reward, plain.config.terminals, plain.config.repeats],
    ["auto", null, false],
  );
});

test("what is wrong with a world in a study is named by line", () => {
  const wrong: readonly (readonly [data: string, message: RegExp])[] = [
    ["{ world: satiation, dataset: synthetic }", /^e\.yaml:1: which data is not said, expected .*world/],
    ["{ world: moon }", /^e\.yaml:1: data\.world is "moon", expected "dirichlet"/],
    ["{ world: memory }", /^e\.yaml:1: data\.world is "memory"/],
    ["{ dataset: synthetic, epsilon: 0.5 }", /^e\.yaml:1: epsilon is of a world's readers alone/],
    ["{ world: satiation, genres: 3 }", /^e\.yaml:1: genres is of synthetic data alone/],
    ["\n  world: satiation\n  policy: best", /^e\.yaml:3: satiation has no policy best, expected one of/],
    ["\n  world: satiation\n  set: { genre: 3 }", /^e\.yaml:3: .*genre/],
  ];
  for (const [data, message] of wrong) assert.throws(() => study(data), { message }, data);
});
