import { readSync, writeSync } from "node:fs";

/** Work that is ready to be measured. */
export interface ReadyWork {
  /** Numbers that both sides must agree on. */
  readonly check: readonly number[];
  /** Does `count` pieces of work. */
  run(count: number): void | Promise<void>;
}

/** Says that this side is ready. What it is called is what the table calls it. */
export function announce(check: readonly number[]): void {
  say({ name: "offshelf", version: process.versions.node, check });
}

/** Answers a block: the milliseconds of one piece of work. */
export function answer(ms: number): void {
  say({ ms });
}

/** Our half of the protocol that blocks.py describes, until the input ends. */
export async function serveBlocks(work: ReadyWork): Promise<void> {
  announce(work.check);
  for (let count = nextBlock(); count !== undefined; count = nextBlock()) {
    const start = process.hrtime.bigint();
    await work.run(count);
    answer(Number(process.hrtime.bigint() - start) / 1e6 / count);
  }
}

/**
 * Waits for the next block and gives its pieces of work; undefined at the end of the input. It blocks the whole
 * thread: training that calls back between updates can be held still that way.
 */
export function nextBlock(): number | undefined {
  const line: number[] = [];
  const byte = Buffer.alloc(1);
  for (;;) {
    if (readSync(0, byte, 0, 1, null) === 0) return undefined;
    if (byte[0] === 10) return (JSON.parse(Buffer.from(line).toString()) as { block: number }).block;
    line.push(byte[0]);
  }
}

function say(values: object): void {
  writeSync(1, `${JSON.stringify(values)}\n`);
}
