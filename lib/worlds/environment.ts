import type { Random } from "../math/random";

/** Vectors of numbers, each within its own bounds. */
export interface Box {
  readonly kind: "box";
  /** [size] smallest values */
  readonly low: readonly number[];
  /** [size] largest values */
  readonly high: readonly number[];
}

/** One of `size` choices, numbered from 0. */
export interface Choices {
  readonly kind: "choices";
  readonly size: number;
}

/** Lists of `slots` different ones of `size` choices, numbered from 0, the top first. */
export interface Slates {
  readonly kind: "slates";
  readonly size: number;
  readonly slots: number;
}

export type Space = Box | Choices | Slates;

/** What one step led to. Terminated: the world ended, nothing more can be earned. Truncated: only the watching did. */
export interface Step {
  /** [O] */
  readonly observation: Float32Array;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** One world's part of `Steps.info`. */
  readonly info?: Steps["info"];
}

/**
 * A world to act in, with the interface of Gymnasium (Towers et al. 2024): `reset` starts an episode, `step` goes
 * on by one action. Terminated and truncated are told apart because only the first ends the sum of rewards: at
 * a time limit the value of the next state still counts. The randomness is the caller's.
 */
export interface Environment {
  readonly name: string;
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  /** First observation [O] of a new episode. */
  reset(random: Random): Float32Array;
  /** @throws before the first reset, after the episode's end, or on an action of another size. */
  step(action: ArrayLike<number>): Step;
}

/** `Step` for n worlds at once. */
export interface Steps {
  /** [n × O] */
  readonly observations: Float32Array;
  /** [n] */
  readonly rewards: Float64Array;
  /** [n] 1 where the world ended */
  readonly terminated: Uint8Array;
  /** [n] 1 where only the watching ended */
  readonly truncated: Uint8Array;
  /** What else can be seen of the step, by name: [n] or [n × slots], such as which places were clicked. */
  readonly info?: Readonly<Record<string, Float64Array | Int32Array>>;
}

/**
 * n worlds of a kind side by side, so that a policy acts for all with one call. They start together; one that
 * has ended stays as it is, with reward 0 and its flag up, until all are reset.
 */
export interface Environments {
  readonly name: string;
  /** n */
  readonly size: number;
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  /** First observations [n × O]. */
  reset(random: Random): Float32Array;
  /** @param actions [n × A], [n] choices, or [n × slots] */
  step(actions: ArrayLike<number>): Steps;
}

/** How many numbers describe a point of the space: A or O; 1 for a choice, one for each place of a slate. */
export const sizeOf = (space: Space): number =>
  space.kind === "box" ? space.low.length : space.kind === "slates" ? space.slots : 1;

/**
 * What `step` of worlds with choices or slates asks for first.
 *
 * @param chance that of the last reset
 * @throws before the first reset, and on another number of actions.
 */
export function requireActions(
  chance: Random | undefined,
  actions: ArrayLike<number>,
  { size, slots = 1 }: { readonly size: number; readonly slots?: number },
): asserts chance is Random {
  if (chance === undefined) throw new Error("step requires a running episode, got none: reset first");
  if (actions.length === size * slots) return;
  throw new Error(
    slots === 1
      ? `step requires ${size} choices, got ${actions.length}`
      : `step requires ${size} slates of ${slots}, got ${actions.length} numbers`,
  );
}

/** @param what the choices are, such as "items" @throws on a number that is no choice. */
export function requireChoice(choice: number, count: number, what: string): void {
  if (!(Number.isInteger(choice) && choice >= 0 && choice < count))
    throw new Error(`step requires ${what} 0 to ${count - 1}, got ${choice}`);
}

/**
 * A single world as a row of one.
 * @throws when there is not exactly one.
 */
export function environmentOf(one: Environments): Environment {
  const { name, size, observationSpace, actionSpace } = one;
  if (size !== 1) throw new Error(`environmentOf requires one world, got ${size}`);
  let running = false;
  return {
    name,
    observationSpace,
    actionSpace,
    reset(random) {
      running = true;
      return one.reset(random);
    },
    step(action) {
      if (!running) throw new Error("step requires a running episode, got none: reset first");
      const { observations, rewards, terminated, truncated, info } = one.step(action);
      const step = { terminated: terminated[0] === 1, truncated: truncated[0] === 1 };
      running = !step.terminated && !step.truncated;
      return { observation: observations, reward: rewards[0], ...step, ...(info && { info }) };
    },
  };
}

/**
 * The same worlds with each number of an action in [−1, 1], stretched to its own bounds: the range of an actor
 * that ends in a tanh.
 *
 * @throws when actions are choices.
 * @example an action of .5 in worlds whose torque lies in [−2, 2]: a torque of 1
 */
export function unitBox(environments: Environments): Environments {
  const { actionSpace } = environments;
  if (actionSpace.kind !== "box") throw new Error("unitBox requires actions in a box, got choices");
  const { low, high } = actionSpace;
  return {
    ...environments,
    actionSpace: { kind: "box", low: low.map(() => -1), high: high.map(() => 1) },
    step: (actions) =>
      environments.step(
        Float64Array.from(actions, (action, i) => {
          const [from, to] = [low[i % low.length], high[i % low.length]];
          return from + ((action + 1) / 2) * (to - from);
        }),
      ),
  };
}
