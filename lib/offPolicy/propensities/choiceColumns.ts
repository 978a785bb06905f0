/** What was seen and what was chosen, one row a round: what a model of the log's policy is fitted to. */
export interface ChoiceColumns {
  readonly size: number;
  /** A: how many actions there are; they are rows from 0. */
  readonly actionCount: number;
  /** [n] action row of what was chosen. */
  readonly actions: Int32Array;
  /** D: numbers that describe a round; may be 0. */
  readonly width: number;
  /** [n × D] what the log's policy may have looked at. */
  readonly contexts: Float64Array;
  /** [n] whose round it is, as rows from 0. */
  readonly users?: Int32Array;
}

/** A distribution over actions for any context. */
export interface BehaviourModel {
  /**
   * Writes π(· | x).
   *
   * @param context [D]
   * @param into [A]
   */
  write(context: Float64Array, into: Float64Array): void;
}

/** A distribution over actions for each round, written when it is asked for: n × A numbers are never held at once. */
export interface RoundDistributions {
  readonly size: number;
  readonly actionCount: number;
  /** @param into [A] */
  write(round: number, into: Float64Array): void;
}

/** Fits a model of the log's policy to some of the rounds. */
export type FitBehaviour = (choices: ChoiceColumns, rows: Int32Array) => BehaviourModel;

/**
 * Checks the columns.
 *
 * @throws when there is no round, lengths differ, an action is no row, or a context is not finite.
 * @example choiceColumns({ actions: Int32Array.of(0, 1), actionCount: 2, width: 0, contexts: new Float64Array(0) }).size // 2
 */
export function choiceColumns(parts: Omit<ChoiceColumns, "size">): ChoiceColumns {
  const { actions, actionCount, width, contexts, users } = parts;
  const size = actions.length;
  if (size === 0) throw new Error("choiceColumns requires at least one round, got none");
  if (contexts.length !== size * width)
    throw new Error(
      `choiceColumns requires ${width} numbers for each of ${size} rounds, got ${contexts.length}`,
    );
  if (users !== undefined && users.length !== size)
    throw new Error(`choiceColumns requires users for ${size} rounds, got ${users.length}`);
  actions.forEach((action, i) => {
    if (!(action >= 0 && action < actionCount))
      throw new Error(
        `choiceColumns requires actions from 0 below ${actionCount}, got ${action} in round ${i + 1}`,
      );
  });
  for (let i = 0; i < contexts.length; i++)
    if (!Number.isFinite(contexts[i]))
      throw new Error(
        `choiceColumns requires finite contexts, got ${contexts[i]} in round ${Math.floor(i / width) + 1}`,
      );
  return { ...parts, size };
}

/** [D] the context of one round, a view. */
export function contextOf({ contexts, width }: ChoiceColumns, round: number): Float64Array {
  return contexts.subarray(round * width, (round + 1) * width);
}
