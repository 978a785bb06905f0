import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { openDatabase } from "../data/duckdb";
import { inNewFolder, ran } from "./files.fixture";
import { describeOpe } from "./ope";

const ope = (...argv: string[]) => ran("ope", describeOpe, ...argv);
const fixtures = join(__dirname, "..", "offPolicy", "fixtures");
const near = (got: number, wanted: number, within = 1e-9): void =>
  assert.ok(Math.abs(got - wanted) <= within, `${got} is not ${wanted}`);

const log = "round_id,action,reward,propensity\nr1,a,1,0.5\nr2,b,0,0.25\nr3,a,1,0.5\n";
const target = "round_id,action,probability\nr1,a,0.8\nr1,b,0.2\nr2,a,0.5\nr2,b,0.5\nr3,a,1\nr3,b,0\n";

test("the reference values of three logs come out of the command, beside intervals, diagnostics and a verdict", () =>
  inNewFolder(async () => {
    for (const name of ["binary_overlap", "poor_overlap", "ratings"]) {
      const at = (file: string): string => join(fixtures, name, file);
      const expected = JSON.parse(readFileSync(at("expected.json"), "utf8"));
      const files = [
        "--log",
        at("log.csv"),
        "--target",
        at("target.csv"),
        "--reward-model",
        at("reward_model.csv"),
      ];
      const told = await ope(...files, "--clip", "10", "--json", "card.json");
      assert.equal(told.status, 0, told.stderr);
      const card = JSON.parse(await readFile("card.json", "utf8"));
      assert.equal(card.rounds, expected.rounds);
      const plain = card.unclipped;
      for (const [key, wanted] of [
        ["ips", expected.ips],
        ["snips", expected.snips],
        ["dm", expected.dm],
        ["dr", expected.dr],
        ["sndr", expected.sndr],
        ["switchDr", expected.switch_dr_tau_2],
        ["dros", expected.dros_lambda_1],
        ["sgIps", expected["sg_ips_lambda_0.1"]],
        ["sgDr", expected["sg_dr_lambda_0.1"]],
      ] as const) {
        near(plain.estimators[key].value, wanted);
        const { lower, value, upper, standardError } = plain.estimators[key];
        assert.ok(lower < value && value < upper && standardError > 0, key);
      }
      near(card.estimators.ips.value, expected.ips_clip_10);
      near(plain.diagnostics.effectiveSampleSize, expected.ess);
      near(plain.diagnostics.maxWeight, expected.max_weight);
      near(plain.diagnostics.meanWeight, expected.mean_weight);
      assert.equal(card.diagnostics.maxWeight, Math.min(10, plain.diagnostics.maxWeight));
      assert.equal(card.verdict, name === "poor_overlap" ? "weak" : "ok");
      assert.match(
        told.stdout,
        new RegExp(`verdict: ${card.verdict.toUpperCase()}\n {2}- ${card.reasons[0].slice(0, 20)}`),
      );
      assert.equal((await ope(...files, "--clip", "10")).stdout, told.stdout);
      if (expected.trueValue !== null) {
        const { lower, upper } = plain.estimators.dr;
        assert.ok(lower < expected.trueValue && expected.trueValue < upper);
      }
    }
  }));

test("tau and lambda reach their estimators; without a reward model those that need one are absent", () =>
  inNewFolder(async () => {
    const at = (file: string): string => join(fixtures, "binary_overlap", file);
    const files = ["--log", at("log.csv"), "--target", at("target.csv")];
    const values = async (...more: string[]) => {
      assert.equal((await ope(...files, ...more, "--json", "card.json")).status, 0);
      return JSON.parse(await readFile("card.json", "utf8")).estimators;
    };
    assert.deepEqual(Object.keys(await values()), ["ips", "snips", "sgIps"]);
    const model = ["--reward-model", at("reward_model.csv")];
    const wide = await values(...model, "--tau", "1e9", "--lambda", "0");
    near(wide.switchDr.value, wide.dr.value);
    near(wide.dros.value, wide.dm.value);
    near(wide.sgDr.value, wide.dr.value);
    near(wide.sgIps.value, wide.ips.value);
    const one = await values(...model, "--lambda", "1");
    assert.ok(one.sgIps.value < wide.ips.value);
  }));

test("rows of any order, in Parquet as in CSV; without a target it is the uniform policy; users are resampled", () =>
  inNewFolder(async () => {
    await writeFile("log.csv", log);
    await writeFile("target.csv", target);
    const first = await ope("--log", "log.csv", "--target", "target.csv", "--json", "a.json");
    assert.equal(first.status, 0, first.stderr);
    const a = JSON.parse(await readFile("a.json", "utf8"));
    // w = 1.6, 2, 2 and r = 1, 0, 1
    near(a.estimators.ips.value, 3.6 / 3);
    near(a.estimators.snips.value, 3.6 / 5.6);
    const lines = target.trim().split("\n");
    await writeFile("shuffled.csv", `${[lines[0], ...lines.slice(1).reverse()].join("\r\n")}\r\n`);
    const database = await openDatabase();
    for (const name of ["log", "target"])
      await database.run(
        `COPY (SELECT * FROM read_csv('${name}.csv')) TO '${name}.parquet' (FORMAT parquet)`,
      );
    database.close();
    for (const files of [
      ["--log", "log.csv", "--target", "shuffled.csv"],
      ["--log", "log.parquet", "--target", "target.parquet"],
    ]) {
      const again = await ope(...files, "--json", "b.json");
      assert.equal(again.status, 0, again.stderr);
      assert.deepEqual(JSON.parse(await readFile("b.json", "utf8")), a);
    }
    const uniform = await ope("--log", "log.csv", "--json", "c.json");
    near(JSON.parse(await readFile("c.json", "utf8")).estimators.ips.value, (1 + 0 + 1) / 3);
    assert.match(uniform.stderr, /uniform policy over the log's 2 actions/);
    await writeFile("users.csv", log.replace(/\n(?=r)/g, "\nu,").replace("round_id", "user_id,round_id"));
    const owned = await ope("--log", "users.csv", "--target", "target.csv", "--json", "d.json");
    const d = JSON.parse(await readFile("d.json", "utf8"));
    // One user: every resample is the log itself, and nothing is known of the spread.
    assert.deepEqual([d.units, d.estimators.ips.lower, d.estimators.ips.upper], [1, null, null]);
    assert.match(owned.stdout, /UNRELIABLE[\s\S]*that of 1.0 independent users/);
  }));

test("what the log never does is told from the log's actions, and exactly from the behaviour's probabilities", () =>
  inNewFolder(async () => {
    await writeFile("log.csv", log);
    await writeFile(
      "target.csv",
      "round_id,action,probability\nr1,a,0.5\nr1,c,0.5\nr2,b,1\nr3,a,0.75\nr3,b,0.25\n",
    );
    await writeFile(
      "behaviour.csv",
      "round_id,action,probability\nr1,a,0.5\nr1,b,0.5\nr2,a,0.75\nr2,b,0.25\nr3,a,0.5\nr3,c,0.5\nr3,b,0\n",
    );
    const mass = async (...more: string[]): Promise<number> => {
      const told = await ope("--log", "log.csv", "--target", "target.csv", "--json", "card.json", ...more);
      assert.equal(told.status, 0, told.stderr);
      return JSON.parse(await readFile("card.json", "utf8")).diagnostics.unsupportedMass;
    };
    near(await mass(), 0.5 / 3);
    near(await mass("--behaviour", "behaviour.csv"), (0.5 + 0.25) / 3);
  }));

test("a target that never does what the log did: nothing is known, and the report says so", () =>
  inNewFolder(async () => {
    await writeFile("log.csv", log);
    await writeFile(
      "target.csv",
      "round_id,action,probability\nr1,a,0\nr1,c,1\nr2,b,0\nr2,c,1\nr3,a,0\nr3,c,1\n",
    );
    const told = await ope("--log", "log.csv", "--target", "target.csv", "--json", "card.json");
    assert.equal(told.status, 0, told.stderr);
    const { verdict, estimators, diagnostics } = JSON.parse(await readFile("card.json", "utf8"));
    assert.deepEqual([verdict, estimators.ips.value, estimators.snips.value], ["unreliable", 0, null]);
    assert.deepEqual([diagnostics.effectiveSampleSize, diagnostics.unsupportedMass], [0, 1]);
    assert.match(told.stdout, /100.0% of its probability on actions the log never shows/);
    assert.match(told.stdout, /SNIPS +none/);
  }));

test("every bad input is refused by file and line, with status 2, and nothing is written", () =>
  inNewFolder(async () => {
    const model = "round_id,action,value\nr1,a,0\nr1,b,0\nr2,a,0\nr2,b,0\nr3,a,0\n";
    const cases: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
      [
        "propensity 0",
        { log: log.replace("0.25", "0") },
        /log\.csv:3: propensity "0" is not a propensity, expected a probability above 0 and at most 1 \(25% is 0\.25\)/,
      ],
      ["negative", { log: log.replace("0.25", "-0.1") }, /log\.csv:3: propensity "-0.1"/],
      [
        "tiny",
        { log: log.replace("0.25", "1e-310") },
        /log\.csv:3: propensity "1e-310" is so small that its weight is beyond all numbers/,
      ],
      ["above 1", { log: log.replace("0.25", "1.5") }, /log\.csv:3: propensity "1.5"/],
      ["NaN", { log: log.replace("0.25", "NaN") }, /log\.csv:3: propensity "NaN"/],
      ["reward", { log: log.replace("b,0,", "b,x,") }, /log\.csv:3: reward "x" is not a reward/],
      ["a round twice", { log: log.replace("r3", "r1") }, /log\.csv:4: round_id "r1" comes twice/],
      ["no column", { log: log.replace("propensity", "p") }, /log\.csv:1: no propensity column/],
      [
        "sum",
        { target: target.replace("0.8", "0.7") },
        /target\.csv:2: round_id "r1" has probabilities that do not sum to 1/,
      ],
      [
        "above 1",
        { target: target.replace("0.8", "1.8") },
        /target\.csv:2: probability "1.8" is not a probability/,
      ],
      ["no number", { target: target.replace("0.8", "x") }, /target\.csv:2: probability "x"/],
      ["NaN", { target: target.replace("0.8", "nan") }, /target\.csv:2: probability "nan"/],
      [
        "an action twice",
        { target: target.replace("r1,b", "r1,a") },
        /target\.csv:3: action "a" comes twice in its round/,
      ],
      [
        "unknown round",
        { target: `${target}r9,a,1\n` },
        /target\.csv:8: round_id "r9" is not a round of the log/,
      ],
      [
        "missing action",
        { target: target.replace("r2,a,0.5\nr2,b,0.5", "r2,a,1") },
        /log\.csv:3: the target has no probability for action "b" in round "r2"/,
      ],
      [
        "missing round",
        { target: target.replace(/r3.*\n/g, "") },
        /log\.csv:4: round "r3" is not in the target/,
      ],
      ["torn", { target: target.replace("r2,a,0.5", "r2,a") }, /target\.csv:4: 2 fields, expected 3/],
      [
        "model",
        { model: model.replace("r2,b,0\n", "") },
        /log\.csv:3: the reward model lacks an action of round "r2"/,
      ],
      ["model", { model: model.replace("r2,b,0", "r2,b,inf") }, /model\.csv:5: value "inf" is not a value/],
    ];
    for (const [what, files, message] of cases) {
      await writeFile("log.csv", files.log ?? log);
      await writeFile("target.csv", files.target ?? target);
      await writeFile("model.csv", files.model ?? model);
      const told = await ope(
        "--log",
        "log.csv",
        "--target",
        "target.csv",
        "--reward-model",
        "model.csv",
        "--json",
        "card.json",
      );
      assert.equal(told.status, 2, what);
      assert.match(told.stderr, message, what);
      await assert.rejects(readFile("card.json"), what);
    }
    await writeFile("log.csv", log);
    await writeFile("target.csv", target);
    await writeFile("model.csv", model);
    assert.equal(
      (await ope("--log", "log.csv", "--target", "target.csv", "--reward-model", "model.csv")).status,
      0,
    );
    await writeFile("behaviour.csv", target);
    const other = await ope("--log", "log.csv", "--target", "target.csv", "--behaviour", "behaviour.csv");
    assert.match(other.stderr, /log\.csv:2: the propensity is 0.5, and behaviour\.csv gives 0.8/);
    assert.equal((await ope("--log", "none.csv")).status, 2);
    assert.equal((await ope("--log", "log.csv", "--clip", "0")).status, 2);
    assert.equal((await ope("--log", "log.csv", "--interval", "wide")).status, 2);
  }));
