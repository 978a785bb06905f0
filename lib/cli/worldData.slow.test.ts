import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Dataset } from "../data/dataset";
import { readDataset } from "../data/readInteractions";
import { readStoredDataset } from "../runs/storedDataset";
import { parseConfig } from "../settings/readConfig";
import { resolveStudy } from "../settings/studyConfig";
import { studyDataset } from "../studies/studyDataset";
import { describeEvaluate } from "./evaluate";
import { inNewFolder, quickSettings, ran } from "./files.fixture";
import { describeSimulate } from "./simulate";
import { describeTrain } from "./train";

const train = (...argv: string[]) => ran("train", describeTrain, ...argv);
const simulate = (...argv: string[]) => ran("simulate", describeSimulate, ...argv);
const set = (...settings: string[]) => settings.flatMap((each) => ["--set", each]);

/** What of a dataset does not depend on where it came from. */
const contentOf = ({ interactions, catalog, skippedRows }: Dataset) => {
  const { rowOf: _, ...known } = catalog;
  return { interactions, known, skippedRows };
};

const study = (data: string, ...overrides: string[]) =>
  resolveStudy(parseConfig(`data: ${data}\nmodels:\n  - type: dqn\n`, "e.yaml"), overrides);

test("a world as data is the log that simulate writes: single items, and slates that were left alone", () =>
  inNewFolder(async () => {
    const worlds = [
      ["satiation", ["effects=false", "genres=12"], ["--policy", "epsilon-greedy", "--epsilon", "0.5"]],
      ["interest-evolution", [], ["--steps", "4", "--seed", "3"]],
    ] as const;
    for (const [world, changes, more] of worlds) {
      const out = join("log", world);
      const made = await simulate(
        "--world",
        world,
        ...set(...changes),
        ...more,
        "--users",
        "30",
        "--out",
        out,
      );
      assert.equal(made.status, 0, made.stderr);
      const files = {
        interactions: join(out, "interactions.csv"),
        items: join(out, "items.csv"),
      };
      const read = await readDataset(files);
      const said = Object.fromEntries(
        more.flatMap((text, i) => (i % 2 === 0 ? [[text.slice(2), more[i + 1]]] : [])),
      );
      const named = Object.entries({ ...said, users: 30 }).map(([key, value]) => `data.${key}=${value}`);
      const changed = changes.map((each) => `data.set.${each}`);
      const { interactions, known, skippedRows } = contentOf(
        await studyDataset(study(`{ world: ${world} }`, ...named, ...changed)),
      );
      assert.deepEqual({ interactions, known, skippedRows }, contentOf(read), world);
      assert.ok(interactions.size > 0);
    }
  }));

test("train --world: a run of the log, which evaluate opens; bad ones are refused with status 2", () =>
  inNewFolder(async () => {
    const world = ["--world", "satiation", "--agent", "dqn", ...quickSettings.filter((_, i) => i < 12)];
    const own = set("world.genres=4", "data.policy=epsilon-greedy", "data.epsilon=0.6", "data.users=40");
    const made = await train(...world, ...set("agent.hidden=[8]"), ...own, "--out", "run");
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stderr, /data: world-satiation by epsilon-greedy, ε 0\.6 \(40 users, /);
    const config = await readFile(join("run", "config.yaml"), "utf8");
    for (const line of ["repeats: true", "terminals: terminal", "reward:\n  rating: 1"])
      assert.ok(config.includes(`\n${line}\n`), line);
    const { catalog, interactions } = await readStoredDataset("run");
    assert.equal(catalog.size, 4);
    assert.ok(interactions.extra.terminal.includes(1));
    const judged = await ran(
      "evaluate",
      describeEvaluate,
      "--run",
      "run",
      "--no-controls",
      "--json",
      "e.json",
    );
    assert.equal(judged.status, 0, judged.stderr);

    await writeFile("log.csv", "user_id,item_id\n1,2\n");
    const refused: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
      [["--world", "satiation", "--dataset", "goodbooks"], /--dataset: not with --world/],
      [["--world", "satiation", "--interactions", "log.csv"], /--interactions: not with --world/],
      [["--world", "moon"], /--world moon: there is no such world, expected one of dirichlet/],
      [["--world", "memory"], /--world memory: is fitted to a log, expected npm run simulate/],
      [["--world", "satiation", ...set("world.genre=3")], /genre/],
      [["--world", "satiation", ...set("data.userz=3")], /unknown key "userz"/],
      [["--world", "satiation", ...set("data.policy=best")], /satiation has no policy best/],
      [["--world", "satiation", ...set("terminals=ended")], /no numeric column is called "ended"/],
      [["--resume", "--out", "run", "--world", "satiation"], /--world: not with --resume/],
    ];
    for (const [argv, message] of refused) {
      const { status, stderr } = await train(...argv);
      assert.equal(status, 2, stderr);
      assert.match(stderr, message);
    }
    const help = await train("--help");
    assert.match(help.stdout, /--world <name> +simulated readers instead of a log \(dirichlet,\s+satiation/);
    assert.match(help.stdout, /data\.policy="random"/);
  }));
