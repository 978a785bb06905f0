import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { inNewFolder, quickSettings, ran, smallLog } from "./files.fixture";
import { describeOpe } from "./ope";
import { describeRecommend } from "./recommend";
import { describeTrain } from "./train";

const ope = (...argv: string[]) => ran("ope", describeOpe, ...argv);
const near = (got: number, wanted: number, within = 1e-9): void =>
  assert.ok(Math.abs(got - wanted) <= within, `${got} is not ${wanted}`);

test("users' steps, slates and clusters appear under keys of their own, with the numbers they should have", () =>
  inNewFolder(async () => {
    const rows = [
      "round_id,action,reward,propensity,user_id,step,slate_id,position",
      "1,a,1,0.5,u,0,s,1",
      "2,b,0,0.5,u,1,s,2",
      "3,c,2,0.25,v,7,t,1",
      "4,a,1,0.25,v,5,q,1",
    ];
    await writeFile("log.csv", `${rows.join("\n")}\n`);
    await writeFile(
      "target.csv",
      "round_id,action,probability\n1,a,1\n2,b,0.25\n2,a,0.75\n3,c,0.5\n3,a,0.5\n4,a,0.5\n4,b,0.25\n4,c,0.25\n",
    );
    await writeFile("clusters.csv", "action,cluster\na,x\nb,y\nc,x\n");
    const files = ["--log", "log.csv", "--target", "target.csv", "--clusters", "clusters.csv"];
    const told = await ope(...files, "--discount", "0.5", "--json", "card.json");
    assert.equal(told.status, 0, told.stderr);
    const { sequential, slate, marginalised } = JSON.parse(await readFile("card.json", "utf8"));
    // Ratios: 2, ½ | 2, 2. Course u: 1 then 0; trajectory v, by step: 1 then 2.
    assert.deepEqual([sequential.units, sequential.horizon, sequential.discount], [2, 2, 0.5]);
    near(sequential.estimators.tis.value, (1 * (1 + 0) + 4 * (1 + 0.5 * 2)) / 2);
    near(sequential.estimators.pdis.value, (2 * 1 + 2 * 1 + 4 * 0.5 * 2) / 2);
    near(sequential.estimators.wtis.value, (1 * 1 + 4 * 2) / 5);
    // Slates: s = (1, 0), t = (2), q = (1).
    assert.equal(slate.units, 3);
    near(slate.estimators.sips.value, (1 * 1 + 2 * 2 + 2 * 1) / 3);
    near(slate.estimators.iips.value, (2 * 1 + 2 * 2 + 2 * 1) / 3);
    // Clusters: x has 3 of 4 rounds; the target gives a's and c's cluster 1, b's ¼, then 1 and ¾.
    near(marginalised.estimators.mips.value, ((1 / 0.75) * 1 + (1 / 0.75) * 2 + 1 * 1) / 4);
    assert.match(told.stdout, /2 users' trajectories of up to 2 steps, discount 0.5; verdict: UNRELIABLE/);
    assert.match(told.stdout, /the 3 slates tell as much/);

    const bad: readonly (readonly [readonly [string, string], RegExp])[] = [
      [["1,s,2", "1,s,1"], /log\.csv:3: position "1" comes twice for its slate/],
      [["1,s,2", "1,s,3"], /log\.csv:3: position "3" has no position before it in its slate/],
      [["v,5,q", "v,7,q"], /log\.csv:5: step "7" comes twice for its user, .*or one slate a step/],
      [["u,1,s", "u,x,s"], /log\.csv:3: step "x" is not a step/],
      [["u,1,s", "u,1e3,s"], /log\.csv:3: step "1e3" is not a step, .*at most 15 digits/],
      [["u,1,s", "v,1,s"], /log\.csv:2: slate_id "s" is shown to more than one user/],
    ];
    for (const [[from, to], message] of bad) {
      await writeFile("log.csv", `${rows.join("\n").replace(from, to)}\n`);
      const refused = await ope(...files);
      assert.equal(refused.status, 2, `${from} ${to}`);
      assert.match(refused.stderr, message);
    }
    await writeFile("log.csv", `${rows.join("\n")}\n`);
    await writeFile("clusters.csv", "action,cluster\na,x\nb,y\n");
    assert.match((await ope(...files)).stderr, /log\.csv:4: action "c" has no cluster/);
  }));

test("a run's served policy as the target: judged on what it served itself, every weight is 1", () =>
  inNewFolder(async () => {
    await writeFile("shop.csv", smallLog());
    const trained = await ran(
      "train",
      describeTrain,
      "--interactions",
      "shop.csv",
      ...quickSettings,
      "--out",
      "run",
    );
    assert.equal(trained.status, 0, trained.stderr);
    const recommend = (user: string) =>
      ran("recommend", describeRecommend, "--run", "run", "--user", user, "--k", "3", "--json", "list.json");
    const rows: string[] = [];
    for (const user of ["ü-3", "ü-7", "ü-11"]) {
      assert.equal((await recommend(user)).status, 0);
      for (const { item_id: item, probability, rank } of JSON.parse(await readFile("list.json", "utf8"))
        .recommendations)
        rows.push(`${user}/${rank},"${item}",${rank % 2},${probability},${user}`);
    }
    const head = "round_id,action,reward,propensity,user_id";
    await writeFile("log.csv", `${head}\n${rows.join("\n")}\n`);
    const files = ["--log", "log.csv", "--target-run", "run"];
    const told = await ope(...files, "--json", "card.json");
    assert.equal(told.status, 0, told.stderr);
    const { diagnostics, estimators, units } = JSON.parse(await readFile("card.json", "utf8"));
    assert.equal(units, 3);
    // States are floats, and one request's rounding is not that of three together.
    near(diagnostics.maxWeight, 1, 1e-5);
    near(diagnostics.meanWeight, 1, 1e-5);
    near(estimators.ips.value, 2 / 3, 1e-5);
    // Seven items are open to each user; the log shows some of them.
    assert.ok(diagnostics.unsupportedMass > 0 && diagnostics.unsupportedMass < 0.6);
    const had = smallLog()
      .split("\n")
      .find((line) => line.startsWith("ü-3,"))!
      .split('"')[1];
    // The user's own row of that item says when the round was: before it there was nothing, and all 15 items were open.
    await writeFile("log.csv", `${head}\n${rows.join("\n")}\nlast,"${had}",1,0.5,ü-3\n`);
    const dated = await ope(...files, "--json", "card.json");
    assert.equal(dated.status, 0);
    assert.match(dated.stderr, /no timestamp: a round whose item the run's data has for that user/);
    const weight = 10 * JSON.parse(await readFile("card.json", "utf8")).diagnostics.meanWeight - 9;
    assert.ok(weight > 0.01 / 15 / 0.5 && weight < 0.5, `${weight}`);
    await writeFile("log.csv", `${head},timestamp\nlast,"${had}",1,0.5,ü-3,noon\n`);
    assert.match((await ope(...files)).stderr, /log\.csv:2: timestamp "noon" is not a time/);
    const bad: readonly (readonly [string, RegExp])[] = [
      [`${head}\nr,"item, 1",1,0.5,nobody\n`, /log\.csv:2: user "nobody" is not in the run's data/],
      [`${head}\nr,nothing,1,0.5,ü-3\n`, /log\.csv:2: item "nothing" is not in the run's data/],
      ["round_id,action,reward,propensity\nr,a,1,0.5\n", /log\.csv: has no column user_id/],
    ];
    for (const [text, message] of bad) {
      await writeFile("log.csv", text);
      const refused = await ope(...files);
      assert.equal(refused.status, 2);
      assert.match(refused.stderr, message);
    }
    assert.match((await ope(...files, "--target", "t.csv")).stderr, /--target-run does not go with --target/);
    assert.equal((await ope("--log", "log.csv", "--target-run", "nowhere")).status, 2);
  }));
