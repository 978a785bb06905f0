import { z } from "zod";
import { type NextItemConfig, nextItemDefaults } from "../encoders/nextItemConfig";
import type { AgentEntry } from "./agents";
import { type Defaults, settingsSchema } from "./settings";

/**
 * Which step's actor a run keeps. "any": the best on validation of those that are better than step 0 by more than
 * one standard error, else step 0. "learned": the best of those in which the actor learned, however little that is
 * worth. "last": the last one, where nothing is chosen.
 */
export const keepWays = ["any", "learned", "last"] as const;
export type Keep = (typeof keepWays)[number];

/** Everything that decides what a run learns, apart from its data. Kept as config.yaml in the run folder. */
export interface RunConfig {
  /** How the log is cut: "temporal" or "leave-one-out". */
  readonly protocol: "temporal" | "leave-one-out";
  /** Share of the rows that the temporal protocol validates on, and of those it tests on. */
  readonly validationRatio: number;
  readonly testRatio: number;
  /** A held-out row counts as relevant from this weight; null takes the protocol's rule (ratings: 4). */
  readonly relevantAt: number | null;
  /** Also learn from the validation rows. Nothing can be chosen then: a stamped mode. */
  readonly refit: boolean;
  /** Seed of everything random. */
  readonly seed: number;
  /** Updates of the agent; null fits them to the size of the log. */
  readonly steps: number | null;
  /** Transitions in an update. */
  readonly batchSize: number;
  /** Updates between two looks at the validation users (and two checkpoints); null: a tenth of the steps. */
  readonly evaluateEvery: number | null;
  /** Users looked at each time, at most. */
  readonly validationUsers: number;
  /** Which step is kept: "any", "learned" or "last"; see `Experiment`. */
  readonly keep: Keep;
  /** A name of `rewardNames`, a numeric column of the log, or columns with weights. */
  readonly reward: string | Readonly<Record<string, number>>;
  /** Draw transitions "uniform"ly or, "prioritised", by how much they surprised. */
  readonly replay: "uniform" | "prioritised";
  /** Entries an encoder reads that is trained along with the critics; null: the encoder stays frozen. */
  readonly window: number | null;
  /** `name`, and the settings of that agent. */
  readonly agent: { readonly name: string } & Defaults;
  /** Settings of the next-item model that gives item vectors, states and the actor's start. */
  readonly nextItem: Omit<NextItemConfig, "seed">;
  /** Choose on validation how much recent popularity the items' bias at retrieval holds. */
  readonly popularity: boolean;
  /** Choose on validation how much linear item–item models count beside the next-item model. */
  readonly companion: boolean;
  /** The served policy: softmax over the `candidates` nearest, mixed with uniform `exploration`. */
  readonly policy: { readonly candidates: number; readonly exploration: number };
}

/** One line for each top-level setting, for --help. */
export const settingNotes: Readonly<Record<string, string>> = {
  protocol: "temporal | leave-one-out",
  validationRatio: "share of the rows, before the test rows, that choices are made on (temporal protocol)",
  testRatio: "share of the rows, the last ones, that judge (temporal protocol)",
  relevantAt: "a held-out row is relevant from this weight; null: 4 for ratings, above 0 for weights",
  refit: "learn from validation rows too (stamped; nothing can be chosen then)",
  seed: "seed of everything random",
  steps: "updates of the agent; null fits them to the size of the log",
  batchSize: "transitions in an update",
  evaluateEvery: "updates between two looks at the validation users, and two checkpoints; null: a tenth",
  validationUsers: "validation users looked at each time, at most",
  keep: "any | learned | last: any may keep step 0 (where learning was not seen to help), learned may not",
  reward: "auto | rating | one | centred, a numeric column's name, or columns with weights",
  replay: "uniform | prioritised: draw transitions by how much they surprised",
  window: "train the encoder along with the critics, reading so many entries; null: it stays frozen",
  agent: "name, and settings of that agent",
  nextItem: "the model that gives item vectors, states and the actor's start",
  popularity: "choose on validation how much recent popularity counts at retrieval",
  companion: "choose on validation how much linear item-item models count beside the next-item model",
  policy: "the served policy",
};

/** A schema for the run of one agent; every key has a default. */
export function runConfigSchema(entry: AgentEntry) {
  const { seed: _, ...nextItem } = nextItemDefaults;
  return z.strictObject({
    protocol: z.enum(["temporal", "leave-one-out"]).default("temporal"),
    validationRatio: z.number().min(0.001).max(0.5).default(0.1),
    testRatio: z.number().min(0.001).max(0.49).default(0.1),
    relevantAt: z.number().nullable().default(null),
    refit: z.boolean().default(false),
    seed: z.int().default(1),
    steps: z.int().min(0).nullable().default(null),
    batchSize: z.int().min(1).default(256),
    evaluateEvery: z.int().min(1).nullable().default(null),
    validationUsers: z.int().min(1).default(1000),
    keep: z.enum(keepWays).default("any"),
    reward: z.union([z.string(), z.record(z.string(), z.number())]).default("auto"),
    replay: z.enum(["uniform", "prioritised"]).default("uniform"),
    window: z.int().min(1).nullable().default(null),
    agent: settingsSchema({ name: entry.name, ...entry.defaults }).prefault({}),
    nextItem: settingsSchema(nextItem).prefault({}),
    popularity: z.boolean().default(true),
    companion: z.boolean().default(true),
    policy: settingsSchema({ candidates: 100, exploration: 0.01 }).prefault({}),
  });
}
