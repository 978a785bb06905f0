import { z } from "zod";
import { parseSettings } from "../data/settings";
import { encoderNames } from "./sequenceNetworks";

/**
 * Settings of next-item training.
 *
 * `geometry`: with "unit" queries and item vectors have length 1 and logits are q·v/T + b with a learned temperature T;
 * with "inner" lengths are free and T = 1. `averageRate`: the weights that count are a moving average of those trained
 * (Polyak and Juditsky 1992), which is far less noisy from pass to pass. `start`: factors of what is read close
 * together are those of embeddings/coReading. Each encoder says in its file what it reads and whom it is after.
 */
export const nextItemSettings = z.strictObject({
  encoder: z.enum(encoderNames).default("gru").describe("how a history becomes a state"),
  frameSize: z
    .int()
    .min(1)
    .default(10)
    .describe("entries that the encoders frame and drr look back over; the others do not read it"),
  width: z.int().min(1).default(64).describe("numbers in an item vector and in a query (A)"),
  units: z.int().min(1).default(128).describe("numbers in a state (S); drr has 3A instead"),
  geometry: z
    .enum(["unit", "inner"])
    .default("unit")
    .describe(
      "unit: queries and item vectors have length 1, with a learned temperature; inner: free lengths",
    ),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0.5)
    .describe("share of the inputs and of the states' numbers that is zeroed while training"),
  learningRate: z.number().gt(0).default(0.004).describe("Adam's step"),
  averageRate: z
    .number()
    .gt(0)
    .max(1)
    .default(0.005)
    .describe(
      "rate per update of the moving average of the weights, which is what counts; 1: the last weights",
    ),
  batchSize: z.int().min(1).default(64).describe("windows in a batch"),
  window: z
    .int()
    .min(1)
    .default(50)
    .describe("entries read in one go while training; attention knows as many positions"),
  epochs: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      "passes over the data at most; null fits them to the size of the log (24 to 8; fewer where 8 would read over 20 million entries)",
    ),
  patience: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe("passes without a better validation score before training stops; null: half of epochs"),
  candidates: z
    .union([z.enum(["auto", "all"]), z.int().min(1)])
    .default("auto")
    .describe(
      "items that share the softmax: all, or how many are drawn for each batch beside the true ones; auto: all of up to 20,000, else 4,000 and the 2,000 most frequent",
    ),
  start: z
    .enum(["co-reading", "random"])
    .default("co-reading")
    .describe("what item vectors start as: factors of what is read close together, or chance"),
  startTemperature: z.number().gt(0).default(0.1).describe("temperature at the start (unit geometry)"),
  features: z
    .union([z.enum(["none", "auto"]), z.array(z.string())])
    .default("none")
    .describe(
      "further columns that states know: names such as user.age; auto trains with all and without any and chooses on validation",
    ),
  seed: z.int().default(1).describe("seed of the random streams"),
});

export type NextItemConfig = Readonly<z.output<typeof nextItemSettings>>;

export const nextItemDefaults: NextItemConfig = nextItemConfig();

/**
 * The defaults with some settings changed.
 *
 * @throws on an unknown name or a value outside its range.
 */
export function nextItemConfig(changes: z.input<typeof nextItemSettings> = {}): NextItemConfig {
  return parseSettings("nextItem", nextItemSettings, changes);
}
