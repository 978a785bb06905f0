import { solvePositive } from "../../embeddings/linearSystems";
import { type ChoiceColumns, contextOf } from "../propensities/choiceColumns";
import { scaleOf } from "../propensities/scaledContexts";

/** What every action would earn in a context. */
export interface RewardFunction {
  /**
   * Writes q̂(x, ·).
   *
   * @param context [D]
   * @param into [A]
   */
  write(context: Float64Array, into: Float64Array): void;
}

/**
 * Ridge regression of rewards in two layers: one line over the context for all actions, then for each action its own
 * offset and slopes from what that line leaves, drawn towards 0. An action with few rounds says what the others say; one
 * that was never taken, nothing else. Without contexts q̂(a) = r̄ + Σ_a (r − r̄) / (n_a + λ).
 *
 * @param rows the rounds it may see
 * @param options.ridge λ above 0: an action's own offset counts half from λ rounds on; 10 by default
 * @throws when there is no row or the ridge is not above 0.
 */
export function ridgeRewards(
  choices: ChoiceColumns,
  rewards: Float64Array,
  { rows, ridge = 10 }: { readonly rows: Int32Array; readonly ridge?: number },
): RewardFunction {
  if (rows.length === 0) throw new Error("ridgeRewards requires at least one round, got none");
  if (!(ridge > 0)) throw new Error(`ridgeRewards requires a ridge above 0, got ${ridge}`);
  const { actionCount, width } = choices;
  const scale = scaleOf(choices, rows);
  const size = width + 1;
  const features = new Float64Array(size);
  const describe = (context: Float64Array): void => {
    features[0] = 1;
    for (let d = 0; d < width; d++) features[d + 1] = (context[d] - scale.centre[d]) * scale.scale[d];
  };
  const all = solved(rows, (row) => rewards[row], { intercept: 0 });
  const left = (row: number): number => rewards[row] - line(all, 0);
  const own = new Float64Array(actionCount * size);
  const rowsOf = byAction(choices, rows);
  for (let action = 0; action < actionCount; action++) {
    const taken = rowsOf(action);
    if (taken.length > 0) own.set(solved(taken, left, { intercept: ridge }), action * size);
  }
  return {
    write(context, into) {
      describe(context);
      const shared = line(all, 0);
      for (let action = 0; action < actionCount; action++) into[action] = shared + line(own, action * size);
    },
  };

  /** The features' weighted sum. */
  function line(weights: Float64Array, from: number): number {
    let sum = 0;
    for (let f = 0; f < size; f++) sum += weights[from + f] * features[f];
    return sum;
  }

  /** (Σ f fᵀ + Λ)⁻¹ Σ f y, Λ = λ on the diagonal but for the intercept's. */
  function solved(
    some: Int32Array,
    goal: (row: number) => number,
    { intercept }: { readonly intercept: number },
  ): Float64Array {
    const gram = new Float64Array(size * size);
    const moments = new Float64Array(size);
    for (let f = 0; f < size; f++) gram[f * size + f] = f === 0 ? intercept : ridge;
    for (const row of some) {
      describe(contextOf(choices, row));
      const value = goal(row);
      for (let f = 0; f < size; f++) {
        if (features[f] === 0) continue;
        moments[f] += features[f] * value;
        for (let g = 0; g <= f; g++) gram[f * size + g] += features[f] * features[g];
      }
    }
    solvePositive(gram, moments, size);
    return moments;
  }
}

/** Rows of each action among some rows, in their order. */
function byAction({ actions, actionCount }: ChoiceColumns, rows: Int32Array): (action: number) => Int32Array {
  const offsets = new Int32Array(actionCount + 1);
  for (const row of rows) offsets[actions[row] + 1]++;
  for (let action = 0; action < actionCount; action++) offsets[action + 1] += offsets[action];
  const next = offsets.slice();
  const sorted = new Int32Array(rows.length);
  for (const row of rows) sorted[next[actions[row]]++] = row;
  return (action) => sorted.subarray(offsets[action], offsets[action + 1]);
}
