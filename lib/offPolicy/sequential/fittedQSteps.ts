import type { Trajectories } from "./trajectories";

/** What the steps of a log are to a network; columns in the order of the log's rows. */
export interface FittedQSteps {
  /** [n × S] the state before each step */
  readonly states: Float32Array;
  /** S */
  readonly stateSize: number;
  /** [n] the logged action, as a row from 0 */
  readonly actions: Int32Array;
  /** A */
  readonly actionCount: number;
  /** [A × D] when actions are vectors (items); without, each action is on its own. */
  readonly actionVectors?: Float32Array;
  /** [n × k] probabilities of the policy under test in each state */
  readonly probabilities: ArrayLike<number>;
  /** [n × k] action rows that those belong to; all A in order by default. */
  readonly candidates?: Int32Array;
}

/** The columns by place of the trajectories, with k. */
export interface StepsByPlace {
  readonly states: Float32Array;
  readonly actions: Int32Array;
  readonly probabilities: Float64Array;
  readonly candidates: Int32Array;
  /** k */
  readonly perState: number;
}

/** Probabilities of the served policy come in single precision. */
const slack = 1e-4;

/**
 * Checks the columns and puts them in the order of the trajectories.
 *
 * @throws when a column has another size, an action has no row, a state is not finite, probabilities do not sum to 1,
 *   or what they give the logged action is not what the log is evaluated for.
 */
export function stepsByPlace(log: Trajectories, steps: FittedQSteps): StepsByPlace {
  const { stateSize, actionCount } = steps;
  const n = log.rows.length;
  const fail = (wanted: string): never => {
    throw new Error(`fittedQ requires ${wanted}`);
  };
  const perState = steps.probabilities.length / n;
  if (steps.states.length !== n * stateSize || !(stateSize >= 1))
    fail(`${n} states of ${stateSize} numbers, got ${steps.states.length} numbers`);
  if (steps.actions.length !== n) fail(`${n} actions, got ${steps.actions.length}`);
  if (!(Number.isInteger(perState) && perState >= 1))
    fail(`as many probabilities for each of ${n} states, got ${steps.probabilities.length}`);
  if (steps.candidates === undefined ? perState !== actionCount : steps.candidates.length !== n * perState)
    fail(`an action for each of ${perState} probabilities, got ${steps.candidates?.length ?? actionCount}`);
  const sorted: StepsByPlace = {
    states: new Float32Array(n * stateSize),
    actions: Int32Array.from(log.rows, (row) => steps.actions[row]),
    probabilities: new Float64Array(n * perState),
    candidates: new Int32Array(n * perState),
    perState,
  };
  log.rows.forEach((row, place) => {
    const at = `in row ${row + 1}`;
    const state = steps.states.subarray(row * stateSize, (row + 1) * stateSize);
    if (!state.every(Number.isFinite)) fail(`finite states, got ${state} ${at}`);
    sorted.states.set(state, place * stateSize);
    const action = sorted.actions[place];
    if (!(action >= 0 && action < actionCount)) fail(`actions below ${actionCount}, got ${action} ${at}`);
    let [sum, own] = [0, 0];
    for (let k = 0; k < perState; k++) {
      const candidate = steps.candidates?.[row * perState + k] ?? k;
      const probability = steps.probabilities[row * perState + k];
      if (!(candidate >= 0 && candidate < actionCount))
        fail(`candidates below ${actionCount}, got ${candidate} ${at}`);
      if (!(probability >= 0)) fail(`probabilities from 0, got ${probability} ${at}`);
      sum += probability;
      if (candidate === action) own += probability;
      sorted.candidates[place * perState + k] = candidate;
      sorted.probabilities[place * perState + k] = probability;
    }
    if (!(Math.abs(sum - 1) <= slack)) fail(`probabilities that sum to 1, got ${sum} ${at}`);
    const judged = log.targetProbabilities[place];
    if (!(Math.abs(own - judged) <= slack))
      fail(`the policy that the log is evaluated for, got probability ${own} for ${judged} ${at}`);
  });
  return sorted;
}
