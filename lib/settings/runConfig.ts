import { z } from "zod";
import { nextItemSettings } from "../encoders/nextItemConfig";
import type { AgentEntry } from "./agents";
import type { Settings } from "./readConfig";

/**
 * Which step's actor a run keeps. "any": the best on validation of those that are better than step 0 by more than
 * one standard error, else step 0. "learned": the best of those in which the actor learned, however little that is
 * worth. "last": the last one, where nothing is chosen.
 */
export const keepWays = ["any", "learned", "last"] as const;
export type Keep = (typeof keepWays)[number];

/** How the log is cut, and what counts as relevant in what is held out. */
export const splitSettings = {
  protocol: z
    .enum(["temporal", "leave-one-out"])
    .default("temporal")
    .describe("what is held out: the last rows of the log, or each user's last two"),
  validationRatio: z
    .number()
    .min(0.001)
    .max(0.5)
    .default(0.1)
    .describe("share of the rows, before the test rows, that choices are made on (temporal protocol)"),
  testRatio: z
    .number()
    .min(0.001)
    .max(0.49)
    .default(0.1)
    .describe("share of the rows, the last ones, that methods are evaluated on (temporal protocol)"),
  relevantAt: z
    .number()
    .nullable()
    .default(null)
    .describe("a held-out row is relevant from this weight; null: 4 for ratings, above 0 for weights"),
  refit: z
    .boolean()
    .default(false)
    .describe("learn from validation rows too (stamped; nothing can be chosen then)"),
  repeats: z
    .boolean()
    .default(false)
    .describe("items may come again after they were had, in lists, values and what counts as relevant"),
};

const updateSettings = {
  steps: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe("updates of the agent; null fits them to the size of the log"),
  batchSize: z.int().min(1).default(256).describe("transitions in an update"),
  evaluateEvery: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe("updates between two validations, and two checkpoints; null: a tenth of the steps"),
  validationUsers: z.int().min(1).default(1000).describe("users of each validation, at most"),
  keep: z
    .enum(keepWays)
    .default("any")
    .describe(
      "which step is kept: any may keep step 0 (where learning was not seen to help), learned may not",
    ),
  reward: z
    .union([z.string(), z.record(z.string(), z.number())])
    .default("auto")
    .describe("auto, rating, one, centred, a numeric column's name, or columns with weights"),
  terminals: z
    .string()
    .nullable()
    .default(null)
    .describe("a numeric column that is 1 where somebody left for good: nothing is expected after that row"),
  replay: z
    .enum(["uniform", "prioritised"])
    .default("uniform")
    .describe("draw transitions uniformly, or by how much they surprised"),
  window: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe("train the encoder along with the critics, reading so many entries; null: it stays frozen"),
};

const modelSettings = {
  nextItem: nextItemSettings
    .omit({ seed: true })
    .prefault({})
    .describe("the model that gives item vectors, states and the actor's start"),
  popularity: z
    .boolean()
    .default(true)
    .describe("choose on validation how much recent popularity counts at retrieval"),
  companion: z
    .boolean()
    .default(true)
    .describe("choose on validation how much linear item-item models count beside the next-item model"),
  policy: z
    .strictObject({
      candidates: z.int().min(1).default(100).describe("items with the best scores that the softmax is over"),
      exploration: z
        .number()
        .min(0)
        .max(1)
        .default(0.01)
        .describe("probability with which any item is served, whatever its score"),
    })
    .prefault({})
    .describe("the served policy"),
};

/** What may differ from model to model of a study: all of a run's settings but its cut, its seed and its agent. */
export const trainingSettings = { ...updateSettings, ...modelSettings };

/** An agent's name, and its settings. */
export interface AgentSettings extends Settings {
  readonly name: string;
}

/** Everything that decides what a run of one agent learns, apart from its data: kept as config.yaml in the run folder. */
export function runSettings(entry: AgentEntry) {
  const agent: z.ZodType<AgentSettings, Partial<AgentSettings>> = z
    .strictObject({
      name: z.string().default(entry.name).describe("what is trained"),
      ...entry.settings.shape,
    })
    .superRefine(({ name: _, ...settings }, context) => {
      // The rules between an agent's settings, which are its schema's own.
      for (const { code, path, message } of entry.settings.safeParse(settings).error?.issues ?? [])
        if (code === "custom") context.addIssue({ code, path, message });
    });
  return z.strictObject({
    ...splitSettings,
    seed: z.int().default(1).describe("seed of everything random"),
    ...updateSettings,
    agent: agent.prefault({}).describe("what is trained, and its settings"),
    ...modelSettings,
  });
}

/** A run's settings, all of them. */
export type RunConfig = Readonly<z.output<ReturnType<typeof runSettings>>>;
