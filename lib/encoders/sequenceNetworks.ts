import { attention } from "./attention";
import { chaosFree } from "./chaosFree";
import { drr } from "./drr";
import { echoState } from "./echoState";
import { frame } from "./frame";
import { gru } from "./gru";
import { lstm } from "./lstm";
import { rnn } from "./rnn";
import type { SequenceNetwork, SequenceSize } from "./sequenceNetwork";
import { temporalConvolution } from "./temporalConvolution";

/** What decides a sequence network but for its weights. */
export interface SequenceSettings {
  readonly encoder: EncoderName;
  /** A: numbers in an item vector. */
  readonly width: number;
  /** S: numbers in a state, but for drr, whose state has 3A. */
  readonly units: number;
  /** Entries that attention has positions for. */
  readonly window: number;
  /** Entries that frame and drr look back over. */
  readonly frameSize: number;
}

const factories = {
  frame: (size, { frameSize }) => frame(size, frameSize),
  rnn: (size) => rnn(size),
  lstm: (size) => lstm(size),
  gru: (size) => gru(size),
  "temporal-convolution": (size) => temporalConvolution(size),
  "echo-state": (size) => echoState(size),
  "chaos-free": (size) => chaosFree(size),
  attention: (size, { window }) => attention(size, window),
  drr: (size, { frameSize }) => drr(size, frameSize),
} satisfies Readonly<Record<string, (size: SequenceSize, settings: SequenceSettings) => SequenceNetwork>>;

export type EncoderName = keyof typeof factories;

export const encoderNames = Object.keys(factories) as readonly EncoderName[];

/**
 * A sequence network by name.
 *
 * @param further F: inputs of each entry beside the item vector and the rating
 * @example sequenceNetwork({ ...nextItemDefaults, encoder: "drr" }).stateSize // 192
 */
export function sequenceNetwork(settings: SequenceSettings, further = 0): SequenceNetwork {
  const { encoder, width, units } = settings;
  return factories[encoder]({ inputs: width + 1 + further, units, further }, settings);
}
