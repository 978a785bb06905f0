import { z } from "zod";
import { datasetNames } from "../data/datasets";
import type { AgentEntry } from "./agents";
import { splitSettings, trainingSettings } from "./runConfig";
import { worldDataSettings } from "./worldData";

/** The data that all models of a study share, and how it is cut. */
export const dataSettings = z.strictObject({
  dataset: z.enum(datasetNames).optional().describe("a log known by name"),
  interactions: z.string().optional().describe("or a file with a log of one's own"),
  items: z
    .union([z.string(), z.int().min(10)])
    .optional()
    .describe("the items file that goes with it; of synthetic data how many items"),
  world: worldDataSettings.world.optional().describe("or simulated readers: a world by name"),
  set: worldDataSettings.set.unwrap().optional().describe("settings of the world"),
  policy: worldDataSettings.policy
    .unwrap()
    .optional()
    .describe("who recommends to its readers; random by default"),
  epsilon: worldDataSettings.epsilon
    .unwrap()
    .optional()
    .describe("random choices of epsilon-greedy in a world; .1 by default"),
  steps: worldDataSettings.steps.describe(
    "steps after which watching readers of a world ends; its own end without",
  ),
  discount: worldDataSettings.discount.unwrap().optional().describe("what optimal is optimal at in a world"),
  users: z.int().min(10).optional().describe("users of synthetic data, or readers of a world (1,000)"),
  genres: z.int().min(1).optional().describe("genres of dataset synthetic"),
  sparsity: z
    .number()
    .min(0.3)
    .max(0.999)
    .optional()
    .describe("share of (user, item) pairs that synthetic data does not hold"),
  seed: z.int().min(0).optional().describe("seed of synthetic data, or of a world's readers and choices"),
  full: z.boolean().optional().describe("all users of goodbooks instead of every twentieth"),
  columns: z
    .record(z.string(), z.string())
    .optional()
    .describe("its columns where they have other names: { user: visitorid, item: itemid, time: timestamp }"),
  events: z
    .record(z.string(), z.number())
    .optional()
    .describe("what each kind of event weighs: { view: 1, purchase: 5 }"),
  skipBadRows: z.boolean().optional().describe("leave bad rows out instead of stopping"),
  ...splitSettings,
});

/** One log of several: its data, laid over what all share, and its name. */
export const logSettings = dataSettings.extend({
  name: z.string().min(1).describe("what its row is called"),
});

/** What holds for all models, unless one says otherwise. */
export const studyTraining = z.strictObject({
  seeds: z
    .union([z.int().min(1), z.array(z.int().min(0)).min(1)])
    .optional()
    .describe("how many, counted from 1, or a list of them; 5 by default"),
  k: z
    .union([z.int().min(1), z.array(z.int().min(1)).min(1)])
    .optional()
    .describe("a list length, or several; 5, 10 and 20 by default"),
  episodes: z.int().min(0).nullable().optional().describe("another name of steps"),
  ...trainingSettings,
});

/** One model of a study: an agent, its settings, and what of `training` is different for it. */
export function modelSettings(entry: AgentEntry) {
  return z.strictObject({
    name: z.string().min(1).optional().describe("what its row is called; the type by default"),
    type: z.string().describe("a name of npm run train -- --help"),
    params: z.strictObject(entry.settings.shape).optional().describe("settings of the agent"),
    ...trainingSettings,
  });
}

/** A study's file. Its models and logs are checked one by one: what may be said of a model depends on its type. */
export const studySettings = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, { error: "small letters, digits and dashes" })
    .optional()
    .describe("what its folder is called; the file's name by default"),
  data: dataSettings.optional(),
  logs: z.array(z.looseObject({})).min(1).optional().describe("several sets of data, each with a name"),
  training: studyTraining.optional(),
  controls: z
    .boolean()
    .default(true)
    .describe("also train each actor-critic without its critic, and greedy reward"),
  models: z.array(z.looseObject({})).min(1).optional().describe("what is trained and compared"),
});

export type DataSettings = z.input<typeof dataSettings>;
export type LogSettings = z.input<typeof logSettings>;
export type ModelSettings = z.input<ReturnType<typeof modelSettings>>;
export type StudyFile = Omit<z.input<typeof studySettings>, "logs" | "models"> & {
  readonly logs?: readonly LogSettings[];
  readonly models?: readonly ModelSettings[];
};
