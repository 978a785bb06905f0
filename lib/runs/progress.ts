import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeJsonAtomically } from "../data/writeAtomically";
import { readColumns, writeColumns } from "./columns";
import type { LookedStep } from "./keptStep";
import type { Curve } from "./runRecord";

/** What a run has to remember beside its agent to go on as if it had never stopped. */
export interface Progress {
  /** Updates made. The random streams follow from the seed and the step, so their places need no keeping. */
  readonly step: number;
  readonly curves: Readonly<Record<string, Curve>>;
  /** Every look so far, step 0 first: what the step to keep is chosen by. */
  readonly looks: readonly LookedStep[];
}

const files = { progress: "progress.json", looks: "looks.columns" } as const;

type About = Pick<LookedStep, "step" | "learned" | "alarm">;

/**
 * Writes into a checkpoint's folder: steps and curves as JSON, and each user's NDCG at each look (8 bytes each, to
 * the last bit) as columns.
 */
export async function writeProgress(folder: string, { step, curves, looks }: Progress): Promise<void> {
  const about = looks.map(({ step, learned, alarm }): About => ({ step, learned, alarm }));
  const columns = Object.fromEntries(looks.map((look) => [`step ${look.step}`, look.ndcg]));
  await writeJsonAtomically(join(folder, files.progress), { step, curves });
  await writeColumns(join(folder, files.looks), { looks: about }, columns);
}

/** @throws InputError when the looks are missing or cut short. */
export async function readProgress(folder: string): Promise<Progress> {
  const { header, columns } = await readColumns<{ looks: readonly About[] }>(join(folder, files.looks));
  const kept = JSON.parse(await readFile(join(folder, files.progress), "utf8")) as Omit<Progress, "looks">;
  return {
    ...kept,
    looks: header.looks.map((about) => ({ ...about, ndcg: columns[`step ${about.step}`] as Float64Array })),
  };
}
