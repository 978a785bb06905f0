import { type EncoderName, encoderNames } from "./sequenceNetworks";

/** Settings of next-item training. */
export interface NextItemConfig {
  /**
   * How a history becomes a state: frame, rnn, lstm, gru, temporal-convolution, echo-state, chaos-free, attention
   * or drr; each says in its file what it reads and whom it is after.
   */
  readonly encoder: EncoderName;
  /** Entries that the encoders frame and drr look back over, from 1; the others do not read it. */
  readonly frameSize: number;
  /** A: numbers in an item vector and in a query, from 1. */
  readonly width: number;
  /** S: numbers in a state, from 1; drr has 3A instead. */
  readonly units: number;
  /**
   * "unit": queries and item vectors have length 1 and logits are q·v/T + b with a learned temperature T.
   * "inner": free lengths, T = 1.
   */
  readonly geometry: "unit" | "inner";
  /** Share of the inputs and of the states' numbers that is zeroed while training, [0, 1). */
  readonly dropout: number;
  /** Adam's step, above 0. */
  readonly learningRate: number;
  /** Windows in a batch, from 1. */
  readonly batchSize: number;
  /**
   * The weights that count are a moving average of those trained (Polyak and Juditsky 1992): its rate an update,
   * (0, 1]; 1 takes the last weights. An average over some passes is far less noisy from pass to pass.
   */
  readonly averageRate: number;
  /** Entries read in one go while training, from 1; as many positions does attention know. */
  readonly window: number;
  /** Passes over the data at most, from 1; null fits them to the size of the log (8 to 24). */
  readonly epochs: number | null;
  /** Passes without a better validation score before training stops, from 1; null: half of `epochs`. */
  readonly patience: number | null;
  /** Items that share the softmax: "all", or how many are drawn anew for each batch beside the true ones. */
  readonly candidates: number | "all";
  /** What item vectors start as: factors of what is read close together (embeddings/coReading), or chance. */
  readonly start: "co-reading" | "random";
  /** T at the start, above 0 (unit geometry). */
  readonly startTemperature: number;
  /** Start of the random streams: a whole number. */
  readonly seed: number;
}

export const nextItemDefaults: NextItemConfig = {
  encoder: "gru",
  frameSize: 10,
  width: 64,
  units: 128,
  geometry: "unit",
  dropout: 0.5,
  learningRate: 0.004,
  averageRate: 0.005,
  batchSize: 64,
  window: 50,
  epochs: null,
  patience: null,
  candidates: "all",
  start: "co-reading",
  startTemperature: 0.1,
  seed: 1,
};

/**
 * The defaults with some settings changed.
 *
 * @throws on an unknown name or a value outside its range.
 */
export function nextItemConfig(changes: Partial<NextItemConfig> = {}): NextItemConfig {
  for (const name of Object.keys(changes))
    if (!(name in nextItemDefaults)) throw new Error(`nextItemConfig requires known settings, got ${name}`);
  const config = { ...nextItemDefaults, ...changes };
  const whole = (least: number) => (value: unknown) =>
    Number.isSafeInteger(value) && (value as number) >= least;
  const above0 = (value: unknown): boolean =>
    typeof value === "number" && value > 0 && Number.isFinite(value);
  const rules: Record<keyof NextItemConfig, readonly [string, (value: unknown) => boolean]> = {
    encoder: [`one of ${encoderNames.join(", ")}`, (value) => encoderNames.some((name) => name === value)],
    frameSize: ["a whole number from 1", whole(1)],
    width: ["a whole number from 1", whole(1)],
    units: ["a whole number from 1", whole(1)],
    geometry: ['"unit" or "inner"', (value) => value === "unit" || value === "inner"],
    dropout: ["a number in [0, 1)", (value) => typeof value === "number" && value >= 0 && value < 1],
    learningRate: ["a number above 0", above0],
    averageRate: ["a number in (0, 1]", (value) => typeof value === "number" && value > 0 && value <= 1],
    batchSize: ["a whole number from 1", whole(1)],
    window: ["a whole number from 1", whole(1)],
    epochs: ["a whole number from 1, or null", (value) => value === null || whole(1)(value)],
    patience: ["a whole number from 1, or null", (value) => value === null || whole(1)(value)],
    candidates: ['"all" or a whole number from 1', (value) => value === "all" || whole(1)(value)],
    start: ['"co-reading" or "random"', (value) => value === "co-reading" || value === "random"],
    startTemperature: ["a number above 0", above0],
    seed: ["a whole number", Number.isSafeInteger],
  };
  for (const [name, [wanted, fits]] of Object.entries(rules))
    if (!fits(config[name as keyof NextItemConfig]))
      throw new Error(
        `nextItemConfig requires ${name} to be ${wanted}, got ${config[name as keyof NextItemConfig]}`,
      );
  return config;
}
