import { z } from "zod";
import { stateKinds } from "./tabularStates";

/**
 * Settings that Q-learning and SARSA share.
 *
 * `learningRate`: with "batch" each pass sets every value to the mean of its targets, which leaves no rate to choose
 * and no order of rows, and nears the log's own answer by γ a pass (batch updating, Sutton and Barto 2018, section
 * 6.3). Else one step after the other: α, or "1/visits", one over the times the pair was moved, a running mean; what
 * it still remembers of its first targets fades by visits^−(1 − γ) alone, which at γ = .9 takes far too long.
 *
 * `pessimism` was chosen on validation rows of goodbooks (temporal) and ml-100k (leave-one-out), where 0 and 1 fall
 * below the most popular items and more than 5 changes little or only makes values count less. With a lot, what was
 * done often leads whatever it brought; with none, whatever brought much once.
 */
export const tabularSettings = z.strictObject({
  state: z
    .enum(stateKinds)
    .default("last-item")
    .describe("what the table knows of a history; user makes the method a bandit"),
  discount: z.number().min(0).lt(1).default(0.9).describe("how much the next step counts (γ)"),
  learningRate: z
    .union([z.enum(["batch", "1/visits"]), z.number().gt(0).max(1)])
    .default("batch")
    .describe("batch: each pass sets values to the mean of their targets; else step by step (α)"),
  passes: z
    .int()
    .min(1)
    .default(100)
    .describe("times the log is gone over; with batch at most, it stops when nothing moves any more"),
  clusters: z.int().min(1).default(50).describe("clusters of state user-cluster"),
  vectorWidth: z.int().min(1).default(32).describe("numbers in an item vector, of state user-cluster"),
  shrinkage: z
    .number()
    .min(0)
    .default(5)
    .describe("how strongly a pair is held towards its item's mean when items are ranked (κ)"),
  pessimism: z
    .number()
    .min(0)
    .default(5)
    .describe("how much a value loses that rests on few rows when items are ranked (c)"),
  temperature: z
    .number()
    .gt(0)
    .default(0.1)
    .describe("temperature of the served policy, a softmax over scores / T"),
});

export type TabularConfig = Readonly<z.output<typeof tabularSettings>>;
