import type { Agent } from "../agents/agent";
import type { Task } from "../data/task";
import type { NextItemModel } from "../encoders/nextItemModel";
import { rankingMetrics } from "../evaluation/ranking/metrics";
import { normaliseRows } from "../math/vectors";
import { batchIndex } from "../retrieval/batchIndex";
import { queriesWithOne, withBias } from "../retrieval/geometry";
import type { Lists } from "../retrieval/lists";

/** How long the lists are that are looked at while learning. */
export const lookedAt = 10;

/** What an actor does to the validation users at one moment. */
export interface Look {
  /** [users × 10] */
  readonly lists: Lists;
  /** [users] */
  readonly ndcg: Float64Array;
  readonly figures: {
    /** Mean NDCG@10. */
    readonly validationNdcg: number;
    /** Different items over all lists: one list for everybody would give 10. */
    readonly distinctItems: number;
    /** Mean 1 − cosine between an action and the nearest item's vector. */
    readonly distanceToNearest: number;
    /** Mean 1 − cosine between an action and the same user's action at step 0. */
    readonly distanceFromStart: number;
  };
}

/** Looks at the same users again and again; states and step-0 actions are computed once. */
export interface Looker {
  look(agent: Pick<Agent, "act">): Look;
  dispose(): void;
}

/**
 * @param start the agent before its first update
 * @param bias [N] biases at retrieval, in logits
 */
export function looker(
  model: NextItemModel,
  task: Task,
  start: Pick<Agent, "act">,
  bias: Float32Array = model.itemBias,
): Looker {
  const width = model.headBias.length;
  const states = model.encoder.encode(task.histories);
  const first = start.act(states);
  const ranked = batchIndex(withBias(model.itemVectors, bias, model.temperature), width + 1);
  const unitItems = batchIndex(normaliseRows(model.itemVectors.slice(), width), width);
  return {
    look(agent) {
      const actions = agent.act(states);
      const lists = ranked.search(queriesWithOne(actions, width), lookedAt, { exclude: task.histories });
      const metrics = rankingMetrics(lists, task, [lookedAt]);
      const nearest = unitItems.search(normaliseRows(actions.slice(), width), 1).scores;
      return {
        lists,
        ndcg: metrics.perUser[lookedAt]!.ndcg,
        figures: {
          validationNdcg: metrics.at[lookedAt]!.ndcg,
          distinctItems: new Set(lists.items.filter((item) => item >= 0)).size,
          distanceToNearest: 1 - mean(nearest),
          distanceFromStart: 1 - mean(cosines(actions, first, width)),
        },
      };
    },
    dispose() {
      ranked.dispose();
      unitItems.dispose();
    },
  };
}

function cosines(a: Float32Array, b: Float32Array, width: number): Float64Array {
  const [u, v] = [normaliseRows(a.slice(), width), normaliseRows(b.slice(), width)];
  const result = new Float64Array(a.length / width);
  for (let i = 0; i < u.length; i++) result[Math.floor(i / width)]! += u[i]! * v[i]!;
  return result;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
