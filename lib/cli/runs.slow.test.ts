import assert from "node:assert/strict";
import { cp, mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withFolderLock } from "../runs/folderLock";
import type { ListedRun } from "../runs/listRuns";
import { inNewFolder, quickSettings, ran, smallLog } from "./files.fixture";
import { ageText, describeRuns, sizeText } from "./runs";
import { describeTrain } from "./train";

const runs = (...argv: string[]) => ran("runs", describeRuns, ...argv);
const train = async (agent: string, out: string, ...set: string[]): Promise<void> => {
  const more = set.flatMap((each) => ["--set", each]);
  const quick = agent === "ddpg" ? quickSettings : [];
  const told = await ran(
    "train",
    describeTrain,
    "--interactions",
    "log.csv",
    "--agent",
    agent,
    "--out",
    out,
    ...quick,
    ...more,
  );
  assert.equal(told.status, 0, told.stderr);
};
const listed = async (...argv: string[]): Promise<Map<string, ListedRun>> => {
  const told = await runs(...argv, "--json", "list.json");
  assert.equal(told.status, 0, told.stderr);
  const rows = JSON.parse(await readFile("list.json", "utf8")) as ListedRun[];
  return new Map(rows.map((row) => [row.folder, row]));
};

test("run folders are listed with what each came to; damaged ones with their reason; two are compared", () =>
  inNewFolder(async () => {
    const none = await runs();
    assert.deepEqual([none.status, none.stdout], [0, ""]);
    assert.match(none.stderr, /no runs in data\/runs yet/);

    await writeFile("log.csv", smallLog());
    const home = join("data", "runs");
    const at = (name: string): string => join(home, name);
    await train("ddpg", at("a"), "keep=learned");
    await train("ddpg", join(home, "study", "b", "seed-2"), "seed=2", "keep=learned", "agent.discount=0.5");
    await train("most-popular", at("pop"));

    const damage: Record<string, (folder: string) => Promise<void>> = {
      torn: (folder) => truncate(join(folder, "run.json"), 40),
      empty: (folder) => writeFile(join(folder, "run.json"), "{}\n"),
      lost: async (folder) => {
        const { record } = JSON.parse(await readFile(join(folder, "run.json"), "utf8"));
        const kept = `step-${String(record.chosenStep).padStart(9, "0")}`;
        await rm(join(folder, "checkpoints", kept), { recursive: true });
      },
      model: (folder) => rm(join(folder, "next-item"), { recursive: true }),
      settings: async (folder) => {
        await rm(join(folder, "run.json"));
        await writeFile(join(folder, "config.yaml"), "agent: [1\n");
      },
      stranger: async (folder) => {
        await rm(join(folder, "run.json"));
        await writeFile(join(folder, "config.yaml"), "agent: {name: nobody}\n");
      },
      early: async (folder) => {
        await rm(join(folder, "run.json"));
        await rm(join(folder, "config.yaml"));
      },
    };
    for (const [name, harm] of Object.entries(damage)) {
      await cp(at("a"), at(name), { recursive: true });
      await harm(at(name));
    }
    await cp(at("a"), at("cut"), { recursive: true });
    await rm(join(at("cut"), "run.json"));
    const lines = (await readFile(join(at("cut"), "metrics.jsonl"), "utf8")).trim().split("\n");
    await writeFile(join(at("cut"), "metrics.jsonl"), `${lines.slice(0, -1).join("\n")}\n{"step":10,"cri`);
    await mkdir(at("nothing"));

    const found = await listed();
    assert.deepEqual([...found.keys()].map((folder) => folder.slice(home.length + 1)).sort(), [
      "a",
      "cut",
      "early",
      "empty",
      "lost",
      "model",
      "pop",
      "settings",
      "stranger",
      "study/b/seed-2",
      "torn",
    ]);
    const a = found.get(at("a"))!;
    const summary = JSON.parse(await readFile(join(at("a"), "run.json"), "utf8"));
    assert.deepEqual(
      [a.state, a.agent, a.seed, a.steps, a.keptStep],
      ["finished", "ddpg", 1, 10, summary.record.chosenStep],
    );
    assert.equal(a.validation!.mean, summary.validation.ndcg.mean);
    assert.equal(a.fromStepZero!.mean, summary.record.stepZero.difference.mean);
    assert.equal(a.data, summary.data.label);
    assert.ok(a.bytes > 50_000 && Date.now() - a.changed < 600_000);
    assert.equal(found.get(join(home, "study", "b", "seed-2"))!.seed, 2);
    assert.deepEqual([found.get(at("pop"))!.state, found.get(at("pop"))!.steps], ["finished", undefined]);
    const cut = found.get(at("cut"))!;
    const before = JSON.parse(lines.at(-2)!).step;
    assert.deepEqual(
      [cut.state, cut.agent, cut.steps, cut.step, cut.data],
      ["unfinished", "ddpg", 10, before, summary.data.label],
    );
    const reasons = {
      torn: /^run\.json: is not JSON/,
      empty: /^run\.json: is no summary of a run/,
      lost: /^the checkpoint of step \d+ is missing/,
      model: /^next-item is missing/,
      settings: /^config\.yaml:\d+: is not YAML/,
      stranger: /nobody/,
      early: /^was cut short before its settings were written/,
    };
    for (const [name, reason] of Object.entries(reasons)) {
      const row = found.get(at(name))!;
      assert.equal(row.state, "damaged", name);
      assert.match(row.reason!, reason, name);
    }
    const text = (await runs()).stdout;
    assert.match(text, /^in data\/runs:\n/);
    assert.match(text, /cut +ddpg .*unfinished, step \d+ of 10/);
    assert.match(text, / - torn: run\.json: is not JSON/);
    assert.match(text, /11 runs, \d+ kB; validation is where choices were made and flatters/);
    await withFolderLock(at("cut"), async () => {
      assert.equal((await listed(at("cut"))).get(at("cut"))!.state, "running");
    });

    const compared = await runs(at("a"), join(home, "study", "b", "seed-2"), "--json", "two.json");
    assert.equal(compared.status, 0, compared.stderr);
    const two = JSON.parse(await readFile("two.json", "utf8"));
    assert.deepEqual(two.settings, [
      { name: "seed", values: [1, 2] },
      { name: "agent.discount", values: [0.9, 0.5] },
    ]);
    assert.deepEqual(two.unlike, []);
    assert.match(
      compared.stdout,
      /npm run -s evaluate -- --run data\/runs\/a --run data\/runs\/study\/b\/seed-2/,
    );
    assert.match(compared.stdout, /validation NDCG@10 +\.\d{4} \(/);
    assert.match((await runs(at("a"), at("a"))).stdout, /the settings are the same/);
    const other = await runs(at("a"), at("pop"), "--json", "two.json");
    assert.equal(other.status, 0, other.stderr);
    assert.ok(
      JSON.parse(await readFile("two.json", "utf8")).settings.some(
        (each: { name: string }) => each.name === "agent.discount",
      ),
    );
    const cutShort = await runs(at("a"), at("cut"));
    assert.equal(cutShort.status, 2);
    assert.match(cutShort.stderr, /is not finished.*--resume/);
    const missing = await runs("nowhere");
    assert.equal(missing.status, 2);
    assert.match(missing.stderr, /nowhere: is no folder/);
    assert.match((await runs(at("nothing"))).stderr, /holds no runs/);
  }));

test("runs of other data or another split are not put side by side as if they were alike", () =>
  inNewFolder(async () => {
    await writeFile("log.csv", smallLog());
    await train("most-popular", "a");
    await train("most-popular", "b", "testRatio=0.2");
    await writeFile("log.csv", smallLog().split("\n").slice(0, 140).join("\n"));
    await train("most-popular", "c");
    const ratio = await runs("a", "b");
    assert.match(ratio.stdout, /not to be compared: testRatio differs/);
    const data = await runs("a", "c");
    assert.match(data.stdout, /not to be compared: they are of different data/);
    assert.doesNotMatch(data.stdout, /evaluate/);
  }));

test("a thousand runs are listed in seconds, from their small files alone", () =>
  inNewFolder(async () => {
    await writeFile("log.csv", smallLog());
    await train("ddpg", "one");
    const summary = await readFile(join("one", "run.json"), "utf8");
    const config = await readFile(join("one", "config.yaml"), "utf8");
    const step = `step-${String(JSON.parse(summary).record.chosenStep).padStart(9, "0")}`;
    for (let run = 0; run < 1000; run++) {
      const folder = join("many", `run-${run}`);
      await mkdir(join(folder, "checkpoints", step), { recursive: true });
      await mkdir(join(folder, "next-item"));
      // Nothing that could be read: a run that opened these would stop here.
      for (const name of ["log.arrays", "names.json"]) await writeFile(join(folder, name), "");
      await writeFile(join(folder, "config.yaml"), config);
      if (run % 10 > 0) await writeFile(join(folder, "run.json"), summary);
    }
    const started = performance.now();
    const found = await listed("many");
    assert.ok(performance.now() - started < 20_000, `${performance.now() - started} ms`);
    const states = [...found.values()].map(({ state }) => state);
    assert.deepEqual(
      [
        states.length,
        states.filter((state) => state === "unfinished").length,
        states.filter((state) => state === "finished").length,
      ],
      [1000, 100, 900],
    );
  }));

test("ages and sizes as a person says them", () => {
  assert.deepEqual([10_000, 120_000, 7_200_000, 3 * 86_400_000].map(ageText), ["now", "2 min", "2 h", "3 d"]);
  assert.deepEqual([2100, 21_500_000, 1_500_000_000].map(sizeText), ["2 kB", "21.5 MB", "1.5 GB"]);
});
