import type { Random } from "../../math/random";

/** What is on offer in a problem of slates. */
export interface SlateShape {
  /** N: items, or kinds of items such as topics, numbered from 0 */
  readonly items: number;
  /** S, at least N: numbers that describe a reader; number i below N is the reader's interest in item i */
  readonly stateSize: number;
  /** m: items on offer at a step, a slate is chosen from them; the same item may be on offer more than once */
  readonly offers: number;
  /** k, at most m: places of a slate */
  readonly slots: number;
}

/** The columns of a log of slates, one row a step. */
interface Columns {
  /** [n × S] */
  readonly states: Float32Array;
  /** [n × m] items on offer */
  readonly candidates: Int32Array;
  /** [n × k] places among the candidates, from 0, the top of the slate first */
  readonly slates: Int32Array;
  /** [n] which slot was taken, from 0; −1: none */
  readonly clicked: Int32Array;
  /** [n] */
  readonly rewards: Float64Array;
  /** [n] 1 where the session ended: what stands as next is then not read */
  readonly terminated: Uint8Array;
  /** [n × S] */
  readonly nextStates: Float32Array;
  /** [n × m] */
  readonly nextCandidates: Int32Array;
  /** [n × k] what was shown next, read by the target "logged" alone */
  readonly nextSlates: Int32Array;
}

/** A log of slates. All of it can be seen by a recommender: nothing hidden of a world is kept. */
export interface SlateSteps extends Columns {
  readonly shape: SlateShape;
  /** n */
  readonly size: number;
}

/** Numbers a row in each column. */
function widthsOf({ stateSize, offers, slots }: SlateShape): Readonly<Record<keyof Columns, number>> {
  return {
    states: stateSize,
    candidates: offers,
    slates: slots,
    clicked: 1,
    rewards: 1,
    terminated: 1,
    nextStates: stateSize,
    nextCandidates: offers,
    nextSlates: slots,
  };
}

/** @throws where the sizes do not fit each other. */
export function requireSlateShape({ items, stateSize, offers, slots }: SlateShape): void {
  for (const [name, value] of Object.entries({ items, offers, slots }))
    if (!(Number.isSafeInteger(value) && value >= 1))
      throw new Error(`slate-q requires at least 1 of ${name}, got ${value}`);
  if (!(stateSize >= items))
    throw new Error(`slate-q requires an interest in each of ${items} items, got states of ${stateSize}`);
  if (slots > offers) throw new Error(`slate-q requires at most ${offers} slots, got ${slots}`);
}

/** Room for so many steps, all of them empty. */
export function emptySteps(shape: SlateShape, size: number): SlateSteps {
  requireSlateShape(shape);
  const { stateSize, offers, slots } = shape;
  return {
    ...{ shape, size },
    states: new Float32Array(size * stateSize),
    candidates: new Int32Array(size * offers),
    slates: new Int32Array(size * slots),
    clicked: new Int32Array(size).fill(-1),
    rewards: new Float64Array(size),
    terminated: new Uint8Array(size),
    nextStates: new Float32Array(size * stateSize),
    nextCandidates: new Int32Array(size * offers),
    nextSlates: new Int32Array(size * slots),
  };
}

/** Copies some rows of a log, in this order, to another from a row on. */
export function copySteps(from: SlateSteps, rows: ArrayLike<number>, to: SlateSteps, start = 0): void {
  for (const [name, width] of Object.entries(widthsOf(from.shape)) as [keyof Columns, number][]) {
    const [source, target] = [from[name], to[name]];
    for (let i = 0; i < rows.length; i++)
      target.set(source.subarray(rows[i] * width, (rows[i] + 1) * width), (start + i) * width);
  }
}

/** Some rows of a log, in this order. */
export function takeSteps(steps: SlateSteps, rows: ArrayLike<number>): SlateSteps {
  const taken = emptySteps(steps.shape, rows.length);
  copySteps(steps, rows, taken);
  return taken;
}

/** Logs of one shape, one after the other. */
export function joinSteps(shape: SlateShape, parts: readonly SlateSteps[]): SlateSteps {
  const joined = emptySteps(
    shape,
    parts.reduce((sum, { size }) => sum + size, 0),
  );
  let start = 0;
  for (const part of parts) {
    for (const name of Object.keys(widthsOf(shape)) as (keyof Columns)[])
      joined[name].set(part[name], start * widthsOf(shape)[name]);
    start += part.size;
  }
  return joined;
}

/** The latest steps, and any of them. */
export interface SlateMemory {
  /** how many there are, at most `capacity` */
  size(): number;
  add(steps: SlateSteps): void;
  /** Evenly, with repetition. */
  sample(count: number, random: Random): SlateSteps;
  all(): SlateSteps;
}

/** Keeps the latest `capacity` steps: what an agent that learns by acting learns from. */
export function slateMemory(shape: SlateShape, capacity: number): SlateMemory {
  const kept = emptySteps(shape, capacity);
  let added = 0;
  const size = (): number => Math.min(added, capacity);
  return {
    size,
    add(steps) {
      for (let row = 0; row < steps.size; row++) copySteps(steps, [row], kept, added++ % capacity);
    },
    sample: (count, random) =>
      takeSteps(
        kept,
        Int32Array.from({ length: count }, () => random.integer(size())),
      ),
    all: () =>
      takeSteps(
        kept,
        Int32Array.from({ length: size() }, (_, row) => row),
      ),
  };
}
