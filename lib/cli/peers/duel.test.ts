import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { benchPeers, peerCases } from "../benchPeers";
import { runCommand } from "../frame";
import { memoryOutput } from "../output";
import { duel } from "./duel";
import { inputs, writeRatings } from "./inputs";
import { peerMarkdown, peerRow, peerTable } from "./peerTable";
import { type Side, startSide } from "./side";
import { onCores, ourEnvironment, peerEnvironment } from "./threads";

const folder = mkdtempSync(join(tmpdir(), "offshelf-duel-"));
after(() => rmSync(folder, { recursive: true }));

const script = `
const [name, told, check, ...answers] = process.argv.slice(1);
const say = (values) => console.log(JSON.stringify(values));
console.log("a line of a library's own");
say({ name, version: "1.0", check: JSON.parse(check) });
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  require("node:fs").appendFileSync(told, name + " " + JSON.parse(line).block + "\\n");
  const ms = answers.shift();
  if (ms === undefined) {
    console.error("out of memory");
    process.exit(3);
  }
  say({ ms: Number(ms) });
});
`;

/** A side that answers what it was given, and dies when it has nothing left. */
function fake(name: string, answers: readonly number[], check: readonly number[] = [1]): Promise<Side> {
  const args = ["-e", script, name, join(folder, "told"), JSON.stringify(check), ...answers.map(String)];
  return startSide({ label: name, program: process.execPath, args });
}

async function fought<T>(
  sides: readonly Promise<Side>[],
  run: (ours: Side, peer: Side) => Promise<T>,
): Promise<T> {
  const [ours, peer] = await Promise.all(sides);
  try {
    return await run(ours, peer);
  } finally {
    ours.close();
    peer.close();
  }
}

test("blocks alternate, the first of each side is not counted, and the ratio is of medians", async () => {
  const sides = [fake("ours", [900, 2, 8, 3]), fake("peer", [1, 4, 90, 6])];
  const result = await fought(sides, (ours, peer) => duel(ours, peer, { blocks: 3, count: 20 }));
  assert.deepEqual(result, {
    ours: { median: 3, minimum: 2 },
    peer: { median: 6, minimum: 4 },
    ratio: 2,
  });
  const told = readFileSync(join(folder, "told"), "utf8").trim().split("\n");
  assert.deepEqual(
    told,
    Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? "ours 20" : "peer 20")),
  );
});

test("a peer that dies or cannot be started is an error that names it and says its last line", async () => {
  const sides = [fake("ours", [1, 1, 1]), fake("peer", [1])];
  await assert.rejects(
    fought(sides, (ours, peer) => duel(ours, peer, { blocks: 2, count: 1 })),
    /^Error: peer ended with status 3: out of memory$/,
  );
  const program = join(folder, "no-such-program");
  await assert.rejects(
    startSide({ label: "faiss", program, args: [] }),
    /faiss could not be started: .*ENOENT/,
  );
});

test("sides that do other work are refused, within a tolerance they are not", async () => {
  const sides = () => [fake("ours", [1, 1], [5, 1]), fake("peer", [1, 1], [5, 1 + 1e-10])];
  const options = { blocks: 1, count: 1 };
  await assert.rejects(
    fought(sides(), (ours, peer) => duel(ours, peer, options)),
    /ours and peer must do the same work, got 1 and 1\.0000000001 as number 2 of the check/,
  );
  await fought(sides(), (ours, peer) => duel(ours, peer, { ...options, tolerance: 1e-9 }));
  const shorter = [fake("ours", [1, 1], [5]), fake("peer", [1, 1], [5, 1])];
  await assert.rejects(
    fought(shorter, (ours, peer) => duel(ours, peer, options)),
    /1 and 2 numbers to compare/,
  );
});

test("blocks.py and serveBlocks speak the protocol", async () => {
  const python = join(folder, "peer.py");
  writeFileSync(
    python,
    `import sys, time\nsys.path.insert(0, ${JSON.stringify(__dirname)})\nfrom blocks import case, folder, serve, threads\n` +
      "serve(case, folder, lambda count: time.sleep(0.02 * count), [threads])\n",
  );
  const ours = join(folder, "ours.ts");
  writeFileSync(
    ours,
    `import { serveBlocks } from ${JSON.stringify(join(__dirname, "serveBlocks"))};\n` +
      "const run = (count: number) => new Promise<void>((resolve) => setTimeout(resolve, 20 * count));\n" +
      "void serveBlocks({ check: [2], run });\n",
  );
  const sides = [
    startSide({ label: "ours", program: process.execPath, args: ["--import", "tsx", ours] }),
    startSide({ label: "peer", program: "python3", args: [python, "name", "2", "7.0"] }),
  ];
  await fought(sides, async (one, other) => {
    assert.deepEqual([one.name, one.check], ["offshelf", [2]]);
    assert.deepEqual([other.name, other.version, other.check], ["name", "7.0", [2]]);
    for (const side of [one, other])
      for (const count of [2, 1]) {
        const ms = await side.block(count);
        assert.ok(ms >= 19 && ms < 1000, `${side.name} ${ms}`);
      }
  });
});

test("without peers the bench says what to run and ends with status 2; a part that is absent is left out", async () => {
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  const options = { blocks: 1, threads: [1], note, progress() {} };
  const output = memoryOutput();
  const bench = (parts: Record<string, string>) =>
    benchPeers(peerCases, options, { python: "python3", parts });
  const status = await runCommand(
    "bench",
    (command) => command.action(async () => void (await bench({}))),
    [],
    output,
  );
  assert.equal(status, 2);
  assert.match(output.stderr(), /run `npm run setup -- --peers` once/);
  assert.deepEqual(await bench({ python: "2.0" }), { rows: [], failures: 0 });
  for (const { name, part } of peerCases)
    assert.ok(notes.some((text) => text.startsWith(`${name} is left out: ${part} is not set up`)));
});

test("both sides get as many threads and the same cores; a peer gets none of our settings", () => {
  const from = { PATH: "p", OMP_WAIT_POLICY: "passive", OPENBLAS_CORETYPE: "Haswell" };
  const [ours, peer] = [ourEnvironment(2, from), peerEnvironment(2, from)];
  for (const side of [ours, peer]) assert.deepEqual([side.PATH, side.OMP_NUM_THREADS], ["p", "2"]);
  assert.deepEqual([ours.TF_NUM_INTRAOP_THREADS, ours.OMP_WAIT_POLICY], ["2", "passive"]);
  assert.equal(peer.OPENBLAS_NUM_THREADS, "2");
  assert.ok(!("OMP_WAIT_POLICY" in peer) && !("OPENBLAS_CORETYPE" in peer));
  const command = { label: "x", program: "python", args: ["a.py"] };
  assert.deepEqual(onCores(command, 2, [4, 5, 6]), {
    ...{ label: "x", program: "taskset", args: ["-c", "4,5", "python", "a.py"] },
  });
});

test("the tables: a line a measurement, and for README a line a case", () => {
  const times = { ours: { median: 2.5, minimum: 2.25 }, peer: { median: 5, minimum: 4.5 }, ratio: 2 };
  const rows = [1, 2].map((threads) =>
    peerRow({ name: "a", title: "some work" }, "PyTorch 2", threads, times),
  );
  assert.match(peerTable(rows), /a +2 +2\.50 \(2\.25\) +PyTorch 2 +5\.00 \(4\.50\) +2\.00/);
  assert.equal(
    peerMarkdown(rows),
    "| ms, median (best block) | peer | offshelf, 1 thread | peer | times as fast | offshelf, 2 threads | peer | times as fast |\n" +
      "|---|---|---|---|---|---|---|---|\n" +
      "| some work | PyTorch 2 | 2.50 (2.25) | 5.00 (4.50) | 2.00 | 2.50 (2.25) | 5.00 (4.50) | 2.00 |\n",
  );
});

test("the made ratings hold no pair of user and item, and no time, twice", async () => {
  await writeRatings(folder, 100_001);
  const [head, ...lines] = readFileSync(join(folder, inputs.ratings), "utf8").trim().split("\n");
  assert.equal(head, "user_id,item_id,rating,timestamp");
  assert.equal(lines.length, 100_001);
  const columns = lines.map((line) => line.split(","));
  assert.equal(new Set(columns.map(([user, item]) => `${user} ${item}`)).size, lines.length);
  assert.equal(new Set(columns.map(([, , , time]) => time)).size, lines.length);
});
