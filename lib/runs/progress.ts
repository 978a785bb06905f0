import { join } from "node:path";
import { arrayOf, readArrays, writeArrays } from "../data/namedArrays";
import type { ValidatedStep } from "./keptStep";
import type { Curve } from "./runRecord";

/** What a run has to remember beside its agent to go on as if it had never stopped. */
export interface Progress {
  /** Updates made. The random streams follow from the seed and the step, so their places need no keeping. */
  readonly step: number;
  readonly curves: Readonly<Record<string, Curve>>;
  /** Every validation so far, step 0 first: what the step to keep is chosen by. */
  readonly validations: readonly ValidatedStep[];
}

type About = Pick<ValidatedStep, "step" | "learned" | "alarm">;

interface Header extends Pick<Progress, "step" | "curves"> {
  readonly validations: readonly About[];
}

const fileIn = (folder: string): string => join(folder, "progress.arrays");
const nameOf = (step: number): string => `step ${step}`;

/** Writes into a checkpoint's folder: steps and curves, and each user's NDCG at each validation, to the last bit. */
export async function writeProgress(folder: string, { step, curves, validations }: Progress): Promise<void> {
  const about = validations.map(({ step, learned, alarm }): About => ({ step, learned, alarm }));
  const header: Header = { step, curves, validations: about };
  const arrays = Object.fromEntries(validations.map(({ step, ndcg }) => [nameOf(step), ndcg]));
  await writeArrays(fileIn(folder), header, arrays);
}

/** @throws InputError when the file is missing or is not the one that was written. */
export async function readProgress(folder: string): Promise<Progress> {
  const { header, arrays } = await readArrays<Header>(fileIn(folder));
  const validations = header.validations.map((about) => ({
    ...about,
    ndcg: arrayOf(arrays, nameOf(about.step), Float64Array, fileIn(folder)),
  }));
  return { ...header, validations };
}
