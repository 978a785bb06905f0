import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../data/inputError";
import { duel } from "./peers/duel";
import { inputs, writeRatings, writeReading, writeRounds, writeVectors } from "./peers/inputs";
import { nextItemBlock } from "./peers/ourSides";
import { type PeerRow, peerRow } from "./peers/peerTable";
import { type Side, type SideCommand, startSide } from "./peers/side";
import { onCores, ourEnvironment, ownCores, peerEnvironment } from "./peers/threads";

/** A piece of work that offshelf and a peer both do. */
export interface PeerCase {
  readonly name: string;
  /** The piece of work, as tables call it. */
  readonly title: string;
  /** The part of `npm run setup -- --peers` that does it. */
  readonly part: "torch" | "faiss" | "polars" | "obp";
  /** Its program in lib/cli/peers, and what it is told. */
  readonly program: string;
  readonly argument: string;
  /** Pieces of work in a block. */
  readonly count: number;
  readonly tolerance?: number;
  /** Writes what both sides read, and the file that shows that it is there. */
  readonly input?: readonly [file: string, write: (folder: string) => void | Promise<void>];
}

const agent = (kind: string, title: string, count: number): PeerCase => ({
  ...{ name: `train.${kind}`, title, part: "torch", program: "torchAgents.py", argument: kind, count },
});

const vectors = [inputs.vectors, writeVectors] as const;

export const peerCases: readonly PeerCase[] = [
  agent("ddpg.cached", "a DDPG update on cached states, batch 256", 100),
  agent("td3.cached", "a TD3 update on cached states", 100),
  agent("td3.shared", "a TD3 update with one GRU over ten entries that learns along", 30),
  agent("td3.joint", "a TD3 update with a GRU in each network", 10),
  {
    ...{ name: "train.nextItem", title: "a next-item update, 64 windows × 50, 10,000 items" },
    ...{ part: "torch", program: "torchNextItem.py", argument: "", count: nextItemBlock },
    input: [inputs.items, writeReading],
  },
  {
    ...{ name: "retrieve.1", title: "nearest 50 of 10,000, one query" },
    ...{ part: "faiss", program: "faissSearch.py", argument: "retrieve.1", count: 1000, input: vectors },
  },
  {
    ...{ name: "retrieve.512", title: "the same for 512 queries" },
    ...{ part: "faiss", program: "faissSearch.py", argument: "retrieve.512", count: 20, input: vectors },
  },
  {
    ...{ name: "read.6m", title: "six million CSV ratings to histories" },
    ...{ part: "polars", program: "polarsHistories.py", argument: "", count: 1 },
    input: [inputs.ratings, writeRatings],
  },
  {
    ...{ name: "ope.bootstrap", title: "IPS, SNIPS and DR, 50 resamples of a million rounds" },
    ...{ part: "obp", program: "obpEstimators.py", argument: "", count: 1, tolerance: 1e-9 },
    input: [inputs.rewards, writeRounds],
  },
];

/** What the bench is told beside the cases. */
export interface PeerBenchOptions {
  readonly blocks: number;
  readonly threads: readonly number[];
  /** Hears what cannot be measured, and why. */
  readonly note: (text: string) => void;
  readonly progress: (done: number, total: number, detail: string) => void;
}

/** What runs the peers: their Python, and which of their parts work. */
export interface PeerEnvironment {
  readonly python: string;
  readonly parts: Readonly<Partial<Record<string, string>>>;
}

/** What `npm run setup -- --peers` has left. */
export function peerEnvironmentHere(): PeerEnvironment {
  const { python, workingPeers } = require("../setup/peers.js") as {
    python: string;
    workingPeers: () => PeerEnvironment["parts"];
  };
  return { python, parts: workingPeers() };
}

/**
 * The peers' bench: each case with each number of threads, our side and the peer in turn. A case that fails is told of
 * and left out.
 *
 * @throws InputError where no peer is set up
 */
export async function benchPeers(
  cases: readonly PeerCase[],
  options: PeerBenchOptions,
  { python, parts }: PeerEnvironment = peerEnvironmentHere(),
): Promise<{ readonly rows: PeerRow[]; readonly failures: number }> {
  if (Object.keys(parts).length === 0)
    throw new InputError(
      "The peers are not set up here: run `npm run setup -- --peers` once (0.7 GB to download).",
    );
  const { blocks, threads, note, progress } = options;
  const runnable = cases.filter(({ part }) => parts[part] !== undefined);
  for (const { name, part } of cases)
    if (parts[part] === undefined)
      note(`${name} is left out: ${part} is not set up (\`npm run setup -- --peers\`)`);
  if (ownCores() === undefined) note("Cores cannot be chosen here (no taskset): threads alone are set");
  const folder = await mkdtemp(join(tmpdir(), "offshelf-peers-"));
  const rows: PeerRow[] = [];
  let [done, failures] = [0, 0];
  try {
    for (const each of runnable) {
      const [file, write] = each.input ?? [];
      if (file !== undefined && !existsSync(join(folder, file))) await write?.(folder);
      for (const count of threads) {
        progress(done++, runnable.length * threads.length, `${each.name}, ${count} threads`);
        try {
          rows.push(await measure(each, { folder, threads: count, blocks, python }));
        } catch (error) {
          failures++;
          note(`${each.name}: ${error instanceof Error ? error.message : error}`);
        }
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { rows, failures };
}

interface Measured {
  readonly folder: string;
  readonly threads: number;
  readonly blocks: number;
  readonly python: string;
}

async function measure(each: PeerCase, { folder, threads, blocks, python }: Measured): Promise<PeerRow> {
  const run = join(__dirname, "..", "setup", "run.js");
  const program = join(__dirname, "peers", each.program);
  const sides: SideCommand[] = [
    {
      ...{ label: "offshelf", program: process.execPath, env: ourEnvironment(threads) },
      args: [run, "bench", "--side", each.name, "--folder", folder],
    },
    {
      ...{ label: each.part, program: python, env: peerEnvironment(threads) },
      args: [program, each.argument, String(threads), folder],
    },
  ];
  const started: Side[] = [];
  try {
    // One after the other: getting ready must not disturb the other's first updates.
    for (const side of sides) started.push(await startSide(onCores(side, threads)));
    const [ours, peer] = started;
    const { count, tolerance } = each;
    const result = await duel(ours, peer, { blocks, count, ...(tolerance !== undefined && { tolerance }) });
    return peerRow(each, `${peer.name} ${peer.version}`, threads, result);
  } finally {
    for (const side of started) side.close();
  }
}
