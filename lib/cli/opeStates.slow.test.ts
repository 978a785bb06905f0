import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { random } from "../math/random";
import { behaviour, chancy, target } from "../offPolicy/sequential/smallTrajectories.fixture";
import { tabularLog } from "../worlds/tabularLog";
import { tabularValue } from "../worlds/tabularWorld";
import { inNewFolder, ran } from "./files.fixture";
import { describeOpe } from "./ope";

const ope = (...argv: string[]) => ran("ope", describeOpe, ...argv);

/** Files of a log made in a world whose value is known: 400 users of up to three steps. */
async function write(): Promise<void> {
  const log = tabularLog(chancy, behaviour, { users: 400, random: random(3) });
  const rows = [...log.users.keys()];
  const file = (name: string, head: string, lines: readonly string[]) =>
    writeFile(name, `${head}\n${lines.join("\n")}\n`);
  await file(
    "log.csv",
    "round_id,action,reward,propensity,user_id,step",
    rows.map((i) =>
      [i, `a${log.actions[i]}`, log.rewards[i], log.propensities[i], log.users[i], log.steps[i]].join(),
    ),
  );
  await file(
    "target.csv",
    "round_id,action,probability",
    rows.flatMap((i) => [0, 1].map((a) => `${i},a${a},${target[log.states[i] * 2 + a]}`)),
  );
  // The state in units of its own: 100 and 300.
  await file(
    "states.csv",
    "round_id,where",
    rows.map((i) => `${i},${100 + 200 * log.states[i]}`),
  );
}

test("states add fitted Q evaluation: sequential doubly robust finds the world's value, and more surely", () =>
  inNewFolder(async () => {
    await write();
    const files = ["--log", "log.csv", "--target", "target.csv", "--discount", "0.9"];
    const without = await ope(...files, "--json", "without.json");
    assert.equal(without.status, 0, without.stderr);
    const told = await ope(...files, "--states", "states.csv", "--json", "card.json");
    assert.equal(told.status, 0, told.stderr);
    assert.match(
      told.stdout,
      /fitted Q evaluation: squared error 0\.\d+ of the rewards' variance; 0\.0% of its values/,
    );
    const read = async (name: string) => JSON.parse(await readFile(name, "utf8")).sequential;
    const [plain, card] = [await read("without.json"), await read("card.json")];
    assert.deepEqual(Object.keys(plain.estimators), ["tis", "wtis", "pdis", "wpdis"]);
    assert.deepEqual(Object.keys(card.estimators), ["tis", "wtis", "pdis", "wpdis", "sdm", "sdr", "wsdr"]);
    assert.deepEqual(card.estimators.pdis, plain.estimators.pdis);
    const { value: truth } = tabularValue(chancy, target, 0.9);
    for (const name of ["sdr", "wsdr"]) {
      const { value, lower: low, upper: high } = card.estimators[name];
      assert.ok(low < truth && truth < high, `${name}: ${truth} lies in [${low}, ${high}]`);
      const { lower: wide, upper: far } = card.estimators.pdis;
      assert.ok(
        high - low < 0.9 * (far - wide),
        `${name}'s interval is ${(high - low) / (far - wide)} of pdis's`,
      );
      assert.ok(Math.abs(value - truth) < 0.25);
    }
    assert.ok(Math.abs(card.estimators.sdm.value - truth) < 0.25);
    const lines = (await readFile("states.csv", "utf8")).trimEnd().split("\n");
    const inMillions = lines.map((line, i) =>
      i === 0 ? line : `${line.split(",")[0]},${Number(line.split(",")[1]) / 1e6}`,
    );
    await writeFile("states.csv", `${inMillions.join("\n")}\n`);
    await ope(...files, "--states", "states.csv", "--json", "millions.json");
    const same = (await read("millions.json")).estimators.sdm.value;
    assert.ok(Math.abs(same - card.estimators.sdm.value) < 1e-3, "units of states say nothing");
  }));

test("states that do not fit the log are refused, with the file and what is wanted", () =>
  inNewFolder(async () => {
    await write();
    const files = ["--log", "log.csv", "--target", "target.csv", "--states", "states.csv"];
    const refused = async (message: RegExp): Promise<void> => {
      const { status, stderr } = await ope(...files);
      assert.equal(status, 2);
      assert.match(stderr, message);
    };
    await writeFile("states.csv", "round_id,where\n0,100\n");
    await refused(/log\.csv:3: round "1" has no context/);
    await write();
    const log = await readFile("log.csv", "utf8");
    await writeFile("log.csv", log.replace("user_id", "person"));
    await refused(/log\.csv: has no column user_id, expected user_id and step with --states/);
    await write();
    const [head, first, ...others] = (await readFile("log.csv", "utf8")).trimEnd().split("\n");
    const ending = async (flags: readonly string[]): Promise<void> =>
      writeFile(
        "log.csv",
        `${head},terminal\n${first},${flags[0]}\n${others.map((line) => `${line},${flags[1]}`).join("\n")}\n`,
      );
    await ending(["2", "0"]);
    await refused(/log\.csv:2: terminal "2" is not 0 or 1/);
    await ending(["1", "0"]);
    await refused(/log\.csv:2: terminal "1" ends before the user's last step/);
    const other = await ope("--log", "log.csv", "--target-run", "somewhere", "--states", "states.csv");
    assert.equal(other.status, 2);
    assert.match(other.stderr, /--target-run does not go with --states/);
  }));
