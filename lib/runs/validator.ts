import type { Agent } from "../agents/agent";
import { type ItemRetrieval, itemRetrieval } from "../agents/itemRetrieval";
import type { Task } from "../data/task";
import type { NextItemModel } from "../encoders/nextItemModel";
import { meanOf } from "../math/mean";
import { normaliseRows } from "../math/vectors";
import { rankingMetrics } from "../metrics/metrics";
import { batchIndex } from "../retrieval/batchIndex";
import type { Lists } from "../retrieval/lists";
import { leftOut } from "../retrieval/recommender";
import { requestContext } from "./requestContext";
import type { SupervisedStart } from "./supervisedStart";

/** How long the lists of a validation are. */
export const validationLength = 10;

/** What an actor does to the validation users at one moment. */
export interface ValidationResult {
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

type ValidatedAgent = Pick<Agent, "act" | "items" | "encoder">;

/** Validates on the same users again and again; states and step-0 actions are computed once. */
export interface Validator {
  validate(agent: ValidatedAgent): ValidationResult;
  dispose(): void;
}

/**
 * @param start the agent before its first update
 * @param served how lists are made: the model's own biases alone by default
 */
export function validator(
  model: NextItemModel,
  task: Task,
  start: ValidatedAgent,
  served: Partial<SupervisedStart> = {},
): Validator {
  const { itemVectors, temperature } = model;
  const width = model.headBias.length;
  const frozen = model.encoder.encode(task.histories);
  const statesOf = (agent: ValidatedAgent): Float32Array => {
    const own = agent.encoder?.();
    const states = own?.encode(task.histories) ?? frozen;
    own?.dispose();
    return states;
  };
  const { bias = model.itemBias, companion } = served;
  const catalogue = { itemVectors, itemBias: bias, temperature };
  const { situation, added } = requestContext(task.histories, { companion, repeats: task.repeats });
  const first = start.act(statesOf(start), situation);
  const retrievalFor = (agent: ValidatedAgent): ItemRetrieval =>
    itemRetrieval(catalogue, {
      items: agent.items?.(),
      supervised: model.queries,
      added: companion?.most,
    });
  // Where items are the model's, one index serves every validation; an agent's own change as it learns.
  const shared = start.items ? undefined : retrievalFor(start);
  const unitItems = batchIndex(normaliseRows(itemVectors.slice(), width), width);
  return {
    validate(agent) {
      const states = statesOf(agent);
      const actions = agent.act(states, situation);
      const retrieval = shared ?? retrievalFor(agent);
      const lists = retrieval.search(states, actions, validationLength, {
        ...leftOut(task.histories, task),
        added,
      });
      if (retrieval !== shared) retrieval.dispose();
      const metrics = rankingMetrics(lists, task, [validationLength]);
      const nearest = unitItems.search(normaliseRows(actions.slice(), width), 1).scores;
      return {
        lists,
        ndcg: metrics.perUser[validationLength].ndcg,
        figures: {
          validationNdcg: metrics.at[validationLength].ndcg,
          distinctItems: new Set(lists.items.filter((item) => item >= 0)).size,
          distanceToNearest: 1 - meanOf(nearest),
          distanceFromStart: 1 - meanOf(cosines(actions, first, width)),
        },
      };
    },
    dispose() {
      shared?.dispose();
      unitItems.dispose();
    },
  };
}

function cosines(a: Float32Array, b: Float32Array, width: number): Float64Array {
  const [u, v] = [normaliseRows(a.slice(), width), normaliseRows(b.slice(), width)];
  const result = new Float64Array(a.length / width);
  for (let i = 0; i < u.length; i++) result[Math.floor(i / width)] += u[i] * v[i];
  return result;
}
