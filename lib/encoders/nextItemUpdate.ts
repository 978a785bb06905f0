import type { Random } from "../math/random";
import { adam } from "../tensors/adam";
import { compile, compilesAtOnce } from "../tensors/compiled";
import { descend } from "../tensors/gradientStep";
import { softUpdate } from "../tensors/softUpdate";
import { type Scalar, tf, type Variable } from "../tensors/tf";
import { type BatchSource, nextItemBatch } from "./nextItemBatch";
import {
  copyOfNextItem,
  disposeOf,
  type NextItemBatch,
  type NextItemNetwork,
  nextItemLoss,
} from "./nextItemNetwork";
import { longestOf } from "./windows";

/** Compiling an update takes about a second: it pays where so many batches of that length will come. */
const worthCompiling = 100;

/** Parts of the window that batches are padded to, so that few lengths have to be compiled. */
const lengths = 5;

/** What changes a network by one batch after another. */
export interface NextItemUpdate {
  /** The weights that count: a moving average of those trained. */
  readonly averaged: NextItemNetwork;
  /** One update by some windows; gives the mean loss over their entries and how many there are. */
  apply(
    source: BatchSource,
    chosen: Int32Array,
    random: Random,
  ): { readonly loss: number; readonly entries: number };
  /** Why updates run operation by operation, if they do. */
  refused(): string | undefined;
  /** Frees the optimiser and the average. */
  dispose(): void;
}

/**
 * Adam on the mean loss of a batch, then the moving average: from the first weights on an average of all so far,
 * until it is as long as `averageRate` says.
 *
 * Whole batches of a length that will come often (`batches` of the first epoch, times its number of epochs) run as one
 * native call; all others operation by operation. Data and settings alone decide which, so that results are the same.
 */
export function nextItemUpdate(
  network: NextItemNetwork,
  source: BatchSource,
  { batches, epochs }: { readonly batches: readonly Int32Array[]; readonly epochs: number },
): NextItemUpdate {
  const { config, variables } = network;
  const optimizer = adam(variables, { learningRate: config.learningRate });
  const averaged = copyOfNextItem(network);
  const step = ({ batch, rate }: { readonly batch: NextItemBatch; readonly rate: Scalar }) => {
    const { loss } = descend(() => ({ loss: nextItemLoss(network, batch) }), variables, optimizer);
    softUpdate(averaged.variables, variables, rate);
    return { loss };
  };
  const compiled = compile(step, {
    state: [...allOf(network), ...averaged.variables, ...optimizer.own],
    anyLength: [
      "places",
      "labels",
      "stateMask",
      "candidates.rows",
      "candidates.labels",
      "candidates.correction",
    ].map((name) => `batch.${name}`),
    whenRefused: "eager",
  });
  const paddedTo = (windows: BatchSource["windows"], chosen: Int32Array): number => {
    const part = Math.ceil(config.window / lengths);
    return part * Math.ceil(longestOf(windows, chosen) / part);
  };
  const frequent = new Map<number, number>();
  for (const chosen of batches) {
    if (chosen.length < config.batchSize) continue;
    const steps = paddedTo(source.windows, chosen);
    frequent.set(steps, (frequent.get(steps) ?? 0) + epochs);
  }
  let updates = 0;
  return {
    averaged,
    apply: (now, chosen, random) =>
      tf().tidy(() => {
        const steps = paddedTo(now.windows, chosen);
        const isFrequent = chosen.length === config.batchSize && (frequent.get(steps) ?? 0) >= worthCompiling;
        const isWhole = isFrequent || compilesAtOnce();
        const batch = nextItemBatch(now, chosen, config, random, isWhole ? steps : 0);
        const rate = tf().scalar(Math.max(config.averageRate, 1 / ++updates));
        const { loss } = compiled[isWhole ? "run" : "eager"]({ batch, rate });
        return { loss: loss.dataSync()[0], entries: batch.labels.shape[0] } as never;
      }),
    refused: compiled.refused,
    dispose() {
      compiled.dispose();
      optimizer.dispose();
      disposeOf(averaged);
    },
  };
}

/** Every variable of a network once, those that are not trained among them. */
function allOf({ variables, weights, logTemperature }: NextItemNetwork): readonly Variable[] {
  return [...new Set([...variables, ...weights, logTemperature])];
}
