import { constant, type Schedule } from "./onlineSchedules";
import type { PlayedStep } from "./playWorld";
import { scoredPolicy } from "./scoredPolicy";
import type { WorldPolicy } from "./world";

/** A step of all readers, as it is learned from. */
export interface OnlineStep extends PlayedStep {
  /** [n] what was really done next, for learners that wait for it; absent after the last step of a round. */
  readonly nextActions?: Int32Array;
}

/** An agent that learns by acting on many readers side by side. An object written in a cell is one. */
export interface OnlineLearner {
  readonly name: string;
  /** Its share of choices left to chance. */
  readonly epsilon: Schedule;
  /** How it acts by now, with this share of chance, and with its bonus for the unknown where it has one. */
  policy(epsilon: number): WorldPolicy;
  /** What it holds for best by now: no chance, no bonus. This is what is judged. */
  readonly learned: WorldPolicy;
  /** [n] what it believes the best choice is worth in each observation [n × O]. */
  believed?(observations: Float32Array): Float64Array;
  /**
   * Learns from a step. Rows where `live` is 0 did not happen. What follows a row counts unless it terminated; only a
   * cut-off (`truncated`, or the end of the watching) leaves the next observation with a value.
   */
  learn(step: OnlineStep): void;
  /** Whether a step can be learned from only once the next action has been taken (SARSA). */
  readonly waits?: boolean;
  /** Told when all readers of a round are done. */
  roundEnds?(): void;
  dispose?(): void;
}

/** What a number for each choice is asked of, for all readers. */
export interface ChoiceShape {
  /** N */
  readonly choices: number;
  /** O */
  readonly width: number;
}

/**
 * What `scoredLearner` takes, [n × N] for observations [n × O], from what one reader's observation [O] says of one choice.
 *
 * @example eachChoice({ choices: 10, width: 20 }, (seen, item) => seen[10 + item] / (seen[item] + 1)) // rates of engagement
 */
export function eachChoice(
  { choices, width }: ChoiceShape,
  score: (observation: Float32Array, choice: number) => number,
): (observations: Float32Array) => Float64Array {
  return (observations) => {
    const scores = new Float64Array((observations.length / width) * choices);
    for (let i = 0; i * width < observations.length; i++) {
      const own = observations.subarray(i * width, (i + 1) * width);
      for (let a = 0; a < choices; a++) scores[i * choices + a] = score(own, a);
    }
    return scores;
  };
}

export interface ScoredLearnerParts extends ChoiceShape {
  readonly name: string;
  /** ε; .1 always by default. */
  readonly epsilon?: Schedule;
  /** [n × N] what each choice is believed to be worth. */
  readonly values: (observations: Float32Array) => Float64Array;
  /** [n × N] what it acts by, where that is more than the values: they and a bonus. */
  readonly scores?: (observations: Float32Array) => Float64Array;
  /** Nothing by default: a rule that needs no learning. */
  readonly learn?: (step: OnlineStep) => void;
  readonly waits?: boolean;
  readonly dispose?: () => void;
}

/**
 * A learner that gives each choice a number and takes the best, but for a share of chance: ε-greedy over values, or over
 * values with a bonus for the unknown.
 *
 * @example // the item with the best rate of engagement in this reader's counts, one of ten by chance
 * scoredLearner({ name: "counts", choices: 10, width: 20, values: eachChoice(shape, rate) })
 */
export function scoredLearner(parts: ScoredLearnerParts): OnlineLearner {
  const { name, choices, width, values, scores = values, epsilon = constant(0.1) } = parts;
  const { learn = () => {}, waits, dispose } = parts;
  return {
    ...{ name, epsilon, learn },
    policy: (share) => scoredPolicy({ name, choices, width, scores, epsilon: share }),
    learned: scoredPolicy({ name, choices, width, scores: values }),
    believed(observations) {
      const all = values(observations);
      return Float64Array.from({ length: all.length / choices }, (_, i) =>
        all.subarray(i * choices, (i + 1) * choices).reduce((most, value) => Math.max(most, value)),
      );
    },
    ...(waits && { waits }),
    ...(dispose && { dispose }),
  };
}
