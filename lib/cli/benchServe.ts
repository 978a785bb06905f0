import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import type { Result } from "autocannon";
import { syntheticDataset } from "../data/synthetic";
import { temporaryFolder } from "../data/temporaryFolder";
import { random } from "../math/random";
import { trainRun } from "../runs/trainRun";
import { resolveConfig } from "../settings/resolveConfig";
import { type BenchRow, median } from "./measure";
import { steadyLoad } from "./steadyLoad";

const items = 10_000;
const users = 2000;
const repeats = 5;
const seconds = 4;

/** A load, and what came of it. */
export interface Load {
  readonly connections: number;
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers that are no 200, and connections that broke. */
  readonly failures: number;
}

/**
 * Requests a second of a service on this machine, load generator included, at 100 connections: a GRU over 10,000 items, ten
 * places a slate, every request logged; beside the same service when it answers requests one by one. A closed loop (asking
 * again once answered) shows how much it can do; 1,000 requests a second as they come, how long one waits.
 */
export async function serveRequests(): Promise<BenchRow> {
  const folder = await temporaryFolder();
  try {
    const { run, bodies } = await servedRun(folder.path);
    const [ours, single] = [await serviceOf(run, []), await serviceOf(run, ["--set", "batch=1"])];
    try {
      await loadOf(ours.address, bodies, 10, 3);
      await loadOf(single.address, bodies, 10, 3);
      const loads: Load[] = [];
      const others: Load[] = [];
      for (let repeat = 0; repeat < repeats; repeat++) {
        loads.push(await loadOf(ours.address, bodies, 100, seconds));
        others.push(await loadOf(single.address, bodies, 100, seconds));
      }
      const few = [
        await loadOf(ours.address, bodies, 1, seconds),
        await loadOf(ours.address, bodies, 10, seconds),
      ];
      const steady = await steadyLoad(ours.address, bodies, random(1), { rate: 1000, seconds });
      const failures = [...loads, ...others, ...few, steady].reduce((sum, each) => sum + each.failures, 0);
      if (failures > 0) throw new Error(`${failures} requests failed`);
      const middle = (of: readonly Load[], figure: "requests" | "p50" | "p99"): number =>
        median(of.map((each) => each[figure]));
      const text = (of: readonly Load[]): string =>
        `p50 ${middle(of, "p50")} ms, p99 ${middle(of, "p99")} ms`;
      return {
        name: "serve",
        value: middle(loads, "requests"),
        unit: `requests/s (100 connections: ${text(loads)}; ${few.map((each) => `${each.connections}: ${each.requests.toFixed(0)}/s, ${text([each])}`).join("; ")}; ${steady.requests.toFixed(0)}/s as they come: ${text([steady])})`,
        comparedWith: `one by one ${middle(others, "requests").toFixed(0)}/s, ${text(others)}`,
        ratio: middle(loads, "requests") / middle(others, "requests"),
      };
    } finally {
      await Promise.all([ours.stop(), single.stop()]);
    }
  } finally {
    await folder.remove();
  }
}

/** A next-item model that has hardly been trained: it serves as fast as a good one. And a request of each of its users. */
async function servedRun(
  root: string,
): Promise<{ readonly run: string; readonly bodies: readonly string[] }> {
  const folder = join(root, "run");
  const dataset = syntheticDataset({ config: { users, items, rows: [40, 60] } });
  const set = ["nextItem.epochs=1", "companion=false", "popularity=false"];
  await trainRun({ folder, root, dataset, config: resolveConfig({ agent: "next-item", set }) });
  const bodies = dataset.interactions.userIds.map((user_id) => JSON.stringify({ user_id, k: 10 }));
  return { run: folder, bodies };
}

/** Starts the command itself, on a port of its own. */
export async function serviceOf(
  run: string,
  options: readonly string[],
): Promise<{ readonly address: string; readonly process: ChildProcess; stop(): Promise<void> }> {
  const log = await temporaryFolder();
  const args = ["serve", "--run", run, "--port", "0", "--log", log.path, "--set", "rate=0", ...options];
  const child = spawn(process.execPath, [resolve(__dirname, "../setup/run.js"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  const address = await new Promise<string>((done, failed) => {
    child.once("exit", (code) => failed(new Error(`the service ended with status ${code}`)));
    child.stdout.setEncoding("utf8").on("data", (text) => {
      said += text;
      const found = /page\s+(http:\S+)\/\n/.exec(said)?.[1];
      if (found !== undefined) done(found);
    });
  });
  return {
    ...{ address, process: child },
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
      await log.remove();
    },
  };
}

/** Asks as fast as answers come, on so many connections. */
export async function loadOf(
  address: string,
  bodies: readonly string[],
  connections: number,
  duration: number,
): Promise<Load> {
  const autocannon = require("autocannon") as typeof import("autocannon");
  let next = 0;
  const result: Result = await autocannon({
    ...{ url: `${address}/recommend`, connections, duration, method: "POST" },
    headers: { "content-type": "application/json" },
    requests: [{ setupRequest: (request) => ({ ...request, body: bodies[next++ % bodies.length] }) }],
  });
  return {
    connections,
    requests: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failures: result.non2xx + result.errors + result.timeouts,
  };
}
