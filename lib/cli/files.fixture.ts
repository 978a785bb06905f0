import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random, shuffle } from "../math/random";
import type { Describe, ExitStatus } from "./frame";
import { runCommand } from "./frame";
import { memoryOutput } from "./output";

/** For tests of the commands: a small log as a CSV file, and a way to run a command inside this process. */

/** 20 users with 8 of 15 items each; ids that are not plain, no times, weights without stars. */
export function smallLog(): string {
  const draw = random(3);
  const rows: string[] = [];
  for (let user = 0; user < 20; user++)
    for (const item of shuffle(
      Int32Array.from({ length: 15 }, (_, row) => row),
      draw,
    ).slice(0, 8))
      rows.push(`ü-${user},"item, ${item}",${1 + (item % 2)}`);
  const order = shuffle(
    Int32Array.from(rows, (_, row) => row),
    draw,
  );
  return `user_id,item_id,weight\n${[...order].map((row) => rows[row]).join("\n")}\n`;
}

/** Settings under which everything trains in a second. */
export const quickSettings = [
  ...[
    "nextItem.epochs=2",
    "nextItem.units=8",
    "nextItem.width=8",
    "steps=10",
    "evaluateEvery=5",
    "batchSize=8",
  ],
  ...["agent.hidden=[8]", "agent.warmUp=2"],
].flatMap((setting) => ["--set", setting]);

export interface Ran {
  readonly status: ExitStatus;
  readonly stdout: string;
  readonly stderr: string;
}

export async function ran(name: string, describe: Describe, ...argv: readonly string[]): Promise<Ran> {
  const output = memoryOutput();
  const status = await runCommand(name, describe, argv, output);
  return { status, stdout: output.stdout(), stderr: output.stderr() };
}

/** Runs with a new folder as the working directory, so that data/cache and data/runs are made there. */
export async function inNewFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const before = process.cwd();
  const folder = await mkdtemp(join(tmpdir(), "offshelf-cli-"));
  process.chdir(folder);
  try {
    await run(folder);
  } finally {
    process.chdir(before);
    await rm(folder, { recursive: true, force: true });
  }
}
