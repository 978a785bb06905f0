import { appendFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../data/writeAtomically";
import { writeFailure } from "../data/writeFailure";
import { type SummaryWriter, summaries } from "../tensors/summaries";

/** The figures of one moment of a run. */
export interface Figures {
  readonly step: number;
  readonly [name: string]: number;
}

/** The few figures that say how learning goes, for a line of progress. */
export function figuresText(figures: Readonly<Record<string, number>>): string {
  const shown = ["criticLoss", "meanQ", "validationNdcg"].filter((name) => figures[name] !== undefined);
  return shown.map((name) => `${name} ${figures[name].toPrecision(3)}`).join("  ");
}

/** Where a run's figures go while it learns. */
export interface Tracking {
  log(figures: Figures): void;
  close(): void;
}

/**
 * Writes figures as they come to `metrics.jsonl` (one line a moment, no clock in it: the same run gives the
 * same bytes) and to TensorBoard events under `events/`.
 *
 * @param from a resumed run continues after this step: lines beyond it are dropped first; without it the file starts afresh
 */
export async function tracking(folder: string, from?: number): Promise<Tracking> {
  const file = join(folder, "metrics.jsonl");
  const before = from === undefined ? [] : await linesUpTo(file, from);
  await writeAtomically(file, before.map((line) => `${line}\n`).join(""));
  let events: SummaryWriter | undefined;
  return {
    log({ step, ...figures }) {
      // At once, so that a checkpoint never knows more than this file does.
      try {
        appendFileSync(file, `${JSON.stringify({ step, ...figures })}\n`);
      } catch (error) {
        throw writeFailure(error, folder);
      }
      events ??= summaries(join(folder, "events"));
      for (const [name, value] of Object.entries(figures)) events.scalar(name, value, step);
    },
    close: () => events?.flush(),
  };
}

/** The figures logged so far. A line that a killed run left half written is not one of them. */
export async function readMetrics(folder: string): Promise<Figures[]> {
  return (await linesUpTo(join(folder, "metrics.jsonl"), Number.POSITIVE_INFINITY)).map(
    (line) => JSON.parse(line) as Figures,
  );
}

async function linesUpTo(file: string, step: number): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").filter((line) => {
    try {
      return (JSON.parse(line) as Figures).step <= step;
    } catch {
      return false;
    }
  });
}
