import type { Agent, AgentFactory } from "../agents/agent";
import type { Companion } from "../baselines/companion";
import type { NextItemModel } from "../encoders/nextItemModel";
import type { Reward } from "../replay/rewards";
import type { Keep } from "../settings/runConfig";
import type { PreparedData } from "./preparedData";
import type { Figures } from "./tracking";

/** How far a run is, with its newest figures. */
export interface TrainProgress {
  readonly step: number;
  readonly steps: number;
  readonly figures: Readonly<Record<string, number>>;
  /** What any policy's value must lie within (and 0, where critics start). */
  readonly valueBounds: readonly [number, number];
}

/** Everything a run is made of. Copy one, change a line, run it again. */
export interface RunSpec {
  readonly data: PreparedData;
  /** The trained next-item model: it gives states, item vectors and the actor's first weights. */
  readonly model: NextItemModel;
  /** What fits the log (`fittingReward`: (rating − 3) / 2 for stars, 1 for counts), unless given. */
  readonly reward?: Reward;
  /** A numeric column of the log that is 1 where a world ended with the row; by default it never does. */
  readonly terminals?: string;
  readonly agent: AgentFactory;
  /** Settings of the agent that differ from its defaults. */
  readonly config?: object;
  /** Updates; 3,000 by default. */
  readonly steps?: number;
  /** 256 by default. */
  readonly batchSize?: number;
  readonly seed?: number;
  /** Updates between two validations, and two checkpoints; a tenth of the steps by default. */
  readonly evaluateEvery?: number;
  readonly onProgress?: (progress: TrainProgress) => void;
  /** Hears every point of every curve. */
  readonly onFigures?: (figures: Figures) => void;
  /** Draw transitions uniformly (default) or by how much they surprised ("prioritised"). */
  readonly replay?: "uniform" | "prioritised";
  /**
   * Train the encoder along with the critics, reading so many entries before each state; absent: it is frozen,
   * and every state is computed once. Figures should say which.
   */
  readonly window?: number;
  /** [N] biases at retrieval, in logits; the model's own by default. */
  readonly bias?: Float32Array;
  /** What linear models add to a few items of each state where lists are made; nothing by default. */
  readonly companion?: Companion;
  /**
   * Which step's actor is handed back. "any" (default): step 0 is a candidate, and a later step is kept only where
   * it is better on validation by more than one standard error. "learned": the best step in which the actor
   * learned, for tables that ask what learning did. "last": nothing is picked.
   */
  readonly keep?: Keep;
  /** Where checkpoints are kept; a temporary folder by default. A run found there is continued. */
  readonly checkpointFolder?: string;
  /**
   * Puts the agent where another run left it, before anything is measured or learned, and says how many updates it has had;
   * by default it starts from the model.
   */
  readonly initial?: (agent: Agent) => Promise<number>;
  /** Asks the run to stop: where its curves have their next point, it writes a checkpoint and throws `Stopped`. */
  readonly signal?: AbortSignal;
}

/** γ of the settings, for returns and for the bounds of what values can be; .9 where they do not say. */
export function discountOf({ config = {} }: Pick<RunSpec, "config">): number {
  const { discount } = config as { discount?: unknown };
  return typeof discount === "number" && discount >= 0 && discount < 1 ? discount : 0.9;
}
