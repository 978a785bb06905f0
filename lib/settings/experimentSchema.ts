import { z } from "zod";
import { datasetNames } from "../data/datasets";
import { settingNotes } from "./runConfig";

/** What decides a run's split: given once, under `data`, for all models. */
const splitKeys = ["protocol", "validationRatio", "testRatio", "relevantAt", "refit"] as const;

/** Settings of a run that may stand under `training`, for all models, or under one model. */
export const runKeys: readonly string[] = Object.keys(settingNotes).filter(
  (key) => key !== "seed" && key !== "agent" && !(splitKeys as readonly string[]).includes(key),
);

const anything = Object.fromEntries(runKeys.map((key) => [key, z.unknown().optional()]));
const wholeFrom = (least: number) => z.int().min(least);
const ratio = z.number().min(0.001).max(0.49);

const data = z.strictObject({
  dataset: z.enum(datasetNames).optional(),
  interactions: z.string().optional(),
  items: z
    .union([z.string(), wholeFrom(10)], { error: "a file, or (synthetic) a number from 10" })
    .optional(),
  users: wholeFrom(10).optional(),
  genres: wholeFrom(1).optional(),
  sparsity: z.number().min(0.3).max(0.999).optional(),
  seed: wholeFrom(0).optional(),
  full: z.boolean().optional(),
  skipBadRows: z.boolean().optional(),
  protocol: z.enum(["temporal", "leave-one-out"]).optional(),
  validationRatio: ratio.optional(),
  testRatio: ratio.optional(),
  relevantAt: z.number().nullable().optional(),
  refit: z.boolean().optional(),
});

const log = data.extend({ name: z.string().min(1) });

const training = z.strictObject({
  seeds: z
    .union([wholeFrom(1), z.array(wholeFrom(0)).min(1)], { error: "how many, or a list of whole numbers" })
    .optional(),
  episodes: wholeFrom(0).nullable().optional(),
  k: z
    .union([wholeFrom(1), z.array(wholeFrom(1)).min(1)], { error: "a list length, or a list of them" })
    .optional(),
  ...anything,
});

const model = z.strictObject({
  name: z.string().min(1).optional(),
  type: z.string(),
  params: z.record(z.string(), z.unknown()).optional(),
  ...anything,
});

/** The shape of an experiment's file. What settings of a run may be is left to the run's own schema. */
export const experimentSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, { error: "small letters, digits and dashes" })
    .optional(),
  data: data.optional(),
  logs: z.array(log).min(1).optional(),
  training: training.optional(),
  controls: z.boolean().optional(),
  models: z.array(model).min(1).optional(),
});

export type ExperimentFile = z.infer<typeof experimentSchema>;
export type DataSettings = z.infer<typeof data>;

/** The keys that may stand at a place, for messages. */
export function keysAt(path: readonly string[]): string[] {
  if (path[0] === "data") return Object.keys(data.shape);
  if (path[0] === "logs") return Object.keys(log.shape);
  if (path[0] === "training") return Object.keys(training.shape);
  return Object.keys(path[0] === "models" ? model.shape : experimentSchema.shape);
}
