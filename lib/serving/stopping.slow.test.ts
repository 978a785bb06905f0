import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, utimes } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { syntheticDataset } from "../data/synthetic";
import { trainRun } from "../runs/trainRun";
import { resolveConfig } from "../settings/resolveConfig";

/** The command itself, under load. So many times in CI; OFFSHELF_STOPS=50 and OFFSHELF_RELOADS=100 by hand. */
const stops = Number(process.env.OFFSHELF_STOPS ?? 3);
const reloads = Number(process.env.OFFSHELF_RELOADS ?? 2);

let root: string;
let run: string;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "offshelf-stopping-"));
  run = join(root, "run");
  const dataset = syntheticDataset({ config: { users: 40, items: 60, genres: 4, rows: [8, 14] } });
  const set = [
    "nextItem.epochs=1",
    "nextItem.units=8",
    "nextItem.width=8",
    "companion=false",
    "popularity=false",
  ];
  await trainRun({ folder: run, root, dataset, config: resolveConfig({ agent: "next-item", set }) });
});

after(() => rm(root, { recursive: true, force: true }));

interface Service {
  readonly address: string;
  readonly process: ChildProcess;
  readonly log: string;
  readonly said: () => string;
}

async function started(name: string): Promise<Service> {
  const log = join(root, name);
  const args = ["serve", "--run", run, "--port", "0", "--log", log, "--set", "rate=0"];
  const child = spawn(process.execPath, [resolve(__dirname, "../setup/run.js"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  running.add(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (said += text));
  for (let i = 0; i < 3000 && !/page .*\n/.test(said) && child.exitCode === null; i++)
    await new Promise((done) => setTimeout(done, 20));
  const address = /page\s+(http:\S+)\/\n/.exec(said)?.[1];
  assert.ok(address !== undefined, said);
  return { address, process: child, log, said: () => said };
}

/** What became of requests: answered by status, refused before a connection stood, or lost. */
interface Outcomes {
  readonly statuses: Map<number, number>;
  refused: number;
  readonly lost: string[];
}

/** Asks on kept connections until told to stop, or until nobody listens any more. */
function load(address: string, workers: number): { readonly outcomes: Outcomes; stop(): Promise<void> } {
  const { hostname, port } = new URL(address);
  const outcomes: Outcomes = { statuses: new Map(), refused: 0, lost: [] };
  let going = true;
  const ask = (agent: Agent, user: number): Promise<void> =>
    new Promise((done) => {
      let connected = false;
      const sent = request(
        {
          agent,
          hostname,
          port,
          method: "POST",
          path: "/recommend",
          headers: { "content-type": "application/json" },
        },
        (response) => {
          response.resume();
          response.on("end", () => {
            outcomes.statuses.set(
              response.statusCode!,
              (outcomes.statuses.get(response.statusCode!) ?? 0) + 1,
            );
            done();
          });
          response.on("aborted", () => outcomes.lost.push("answer cut off"));
        },
      );
      sent.on("socket", (socket) => {
        connected = !socket.connecting;
        if (socket.connecting)
          socket.once("connect", () => {
            connected = true;
          });
      });
      sent.on("error", (error: NodeJS.ErrnoException) => {
        if (!connected || error.code === "ECONNREFUSED") {
          outcomes.refused++;
          going = false;
        } else
          outcomes.lost.push(
            `${error.code} ${error.message}${sent.reusedSocket ? " (kept connection)" : ""}`,
          );
        done();
      });
      sent.end(JSON.stringify({ user_id: `${user + 1}`, k: 3 }));
    });
  const all = Array.from({ length: workers }, async (_, i) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (going) await ask(agent, i);
    agent.destroy();
  });
  return {
    outcomes,
    async stop() {
      going = false;
      await Promise.all(all);
    },
  };
}

async function slatesIn(folder: string): Promise<number> {
  let count = 0;
  for (const name of await readdir(folder))
    if (name.endsWith(".jsonl"))
      count += (await readFile(join(folder, name), "utf8")).split('"probabilities"').length - 1;
  return count;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 3000 && !(await holds()); i++) await pause(20);
  assert.ok(await holds());
}

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
});

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

test("a service that is told to stop under load answers what it has accepted, logs it and ends with 0", async () => {
  for (let round = 0; round < stops; round++) {
    const service = await started(`stop-${round}`);
    const { outcomes, stop } = load(service.address, 20);
    await until(() => (outcomes.statuses.get(200) ?? 0) > 40);
    await pause(37 * (round % 10));
    const ended = once(service.process, "exit");
    service.process.kill(round % 2 === 0 ? "SIGTERM" : "SIGINT");
    await until(() => /answering what has come in/.test(service.said()));
    service.process.kill("SIGINT"); // as npm sends it on
    service.process.kill("SIGTERM");
    assert.deepEqual(await ended, [0, null], service.said());
    await stop();
    assert.deepEqual(outcomes.lost, [], `round ${round}`);
    assert.deepEqual([...outcomes.statuses.keys()], [200]);
    const answered = outcomes.statuses.get(200)!;
    assert.ok(answered > 40, `${answered}`);
    assert.equal(await slatesIn(service.log), answered);
  }
});

test("newer runs and a killed engine under load: nothing is lost, the service goes on", async () => {
  const service = await started("reloads");
  const pid = service.process.pid!;
  /** The engine among the service's processes (the page's bundler is another). */
  const engineOf = async (): Promise<number | undefined> => {
    const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
    const found: number[] = [];
    for (const child of text.trim().split(" ").filter(Boolean)) {
      const command = await readFile(`/proc/${child}/cmdline`, "utf8").catch(() => "");
      if (command.includes("--engine")) found.push(Number(child));
    }
    if (found.length > 1) await pause(50); // an old one is still ending
    return found.length > 1 ? engineOf() : found[0];
  };
  const { outcomes, stop } = load(service.address, 10);
  for (let round = 0; round < reloads; round++) {
    const before = service.said().split("a newer run is served now").length;
    const time = 1_700_000_000 + round;
    await utimes(join(run, "run.json"), time, time);
    service.process.kill("SIGHUP");
    for (let i = 0; i < 1000 && service.said().split("a newer run is served now").length === before; i++)
      await pause(20);
    assert.equal(service.said().split("a newer run is served now").length, before + 1, service.said());
  }
  assert.deepEqual([outcomes.lost, [...outcomes.statuses.keys()]], [[], [200]]);
  const engine = await engineOf();
  if (engine !== undefined) {
    process.kill(engine, "SIGKILL");
    for (let i = 0; i < 1000 && !/it is replaced/.test(service.said()); i++) await pause(20);
    for (let i = 0; i < 1000 && (await fetch(`${service.address}/ready`)).status !== 200; i++)
      await pause(20);
    assert.ok((outcomes.statuses.get(503) ?? 0) > 0, "nobody was turned away");
  }
  const answered = outcomes.statuses.get(200)!;
  await until(() => outcomes.statuses.get(200)! > answered);
  await stop();
  assert.deepEqual(outcomes.lost, []);
  assert.ok([...outcomes.statuses.keys()].every((status) => status === 200 || status === 503));
  service.process.kill("SIGTERM");
  assert.deepEqual(await once(service.process, "exit"), [0, null], service.said());
  assert.equal(await slatesIn(service.log), outcomes.statuses.get(200)!);
});
