import type { Encoder } from "../encoders/encoder";
import type { TrainableEncoder } from "../encoders/trainableEncoder";
import type { Random } from "../math/random";
import type { Batch, Situation } from "../replay/batch";
import type { ActionSpace } from "./actionSpace";

/** Whatever turns states into actions and learns from batches. An object written in a notebook cell is one. */
export interface Agent {
  readonly name: string;
  readonly config: object;
  /**
   * [n × S] → [n × A], without noise. Agents that look at retrieved items to choose (BCQ) leave out what is seen, and
   * count what is added, where they are told.
   */
  act(states: Float32Array, situation?: Situation): Float32Array;
  /** Of agents whose encoder learned with them: the present one, frozen. Whoever asks disposes of it. */
  encoder?(): Encoder;
  /** Of agents that value every item themselves: what their actions are to be compared with, as it is now. */
  items?(): OwnItems;
  /** One update from one batch (which it leaves alone); gives named numbers to watch. */
  learn(batch: Batch): Record<string, number>;
  /** Writes everything needed to go on learning as if never stopped. */
  save(folder: string): Promise<void>;
  /** Reads what `save` wrote into this agent, which must have the same sizes; what is drawn later comes from its own seed. */
  load(folder: string): Promise<void>;
  dispose(): void;
}

/** The linear query head of a supervised model: query = normalise(state · weights + bias). */
export interface Head {
  /** [S × A] */
  readonly weights: Float32Array;
  /** [A] */
  readonly bias: Float32Array;
}

/** The items an agent chooses among, with logits q·v/T + b. */
export interface ActionCatalogue {
  /** [N × A] */
  readonly itemVectors: Float32Array;
  /** [N], in logits; zeros by default */
  readonly itemBias?: Float32Array;
  /**
   * [N] the bias that lists are made with, in logits, where it is another than the model's own: it may hold what is
   * popular just now. Retrieval uses it (bootstrap targets, candidates, BCQ's choice), so that what is valued is what
   * is served. The likelihood of logged actions keeps `itemBias`: the log was not made with today's popularity.
   * `itemBias` by default.
   */
  readonly servedBias?: Float32Array;
  /** The largest logit that is added to an item in some state (`Added`); 0 by default. */
  readonly largestAdded?: number | undefined;
  /** T; 1 by default */
  readonly temperature?: number;
  /** Rows of items that cannot be had: no bootstrap target counts on them. */
  readonly unavailable?: ReadonlySet<number> | undefined;
}

/** Items as an agent learned them: score = action · vector + bias. */
export interface OwnItems {
  /** [N × A] */
  readonly itemVectors: Float32Array;
  /** [N] */
  readonly itemBias: Float32Array;
  /** How many of the supervised model's best items are compared; null: all. */
  readonly candidates: number | null;
  /** Score / temperature is the logit of the served policy. */
  readonly temperature: number;
  /** What a logit that is added to an item in some state (`Added`) counts in these scores; 0 by default. */
  readonly addedScale?: number;
}

/** What an agent is made for: sizes, where its weights start, and what it may choose from. */
export interface AgentProblem {
  /** S */
  readonly stateSize: number;
  /** A */
  readonly actionSize: number;
  /** Where actions live; "unit" by default. */
  readonly actionSpace?: ActionSpace;
  /** Draws the initial weights, and whatever is drawn while learning. */
  readonly random: Random;
  /** The actor starts as this supervised head; from random weights without it. */
  readonly head?: Head;
  /** Needed by behaviour terms over the catalogue. */
  readonly catalogue?: ActionCatalogue;
  /** Learns with the critics, from batches with windows; absent: states come ready made. The agent disposes of it. */
  readonly encoder?: TrainableEncoder;
  /** Smallest and largest possible value (`valueBounds`); Q outside it raises the alarm. */
  readonly valueBounds?: readonly [number, number];
}

/** Factory of agents: what a run's settings name. */
export type AgentFactory = (problem: AgentProblem, config?: object) => Agent;
