import { drawFrom } from "../math/drawFrom";
import type { Random } from "../math/random";
import { type Environments, requireActions, requireChoice } from "./environment";
import { stateInto } from "./memoryEntries";
import type { FittedMemory } from "./memoryFit";

/** Readers whose rewards a memory gives, and what they were shown. */
export interface ReadersOfMemory {
  readonly environments: Environments;
  /** Items that reader i started from or was shown in this episode. */
  shown(i: number): Int32Array;
}

export interface MemoryEpisodes {
  readonly width: number;
  /** Items received well that a state holds. */
  readonly history: number;
  /** Whether what was shown before can earn. */
  readonly repeats: boolean;
  readonly steps: number;
}

/**
 * Readers side by side. A reward is drawn from what the memory says of state and item; an item that is received well enters
 * the state. `info.supported` is 0 where too little of the memory is near the pair.
 */
export function readersWithMemory(
  size: number,
  { memory, patterns, vectors, starts, leastWeight }: Omit<FittedMemory, "counts" | "validity">,
  { width, history, repeats, steps }: MemoryEpisodes,
): ReadersOfMemory {
  const { values, isPositive } = patterns;
  const states = new Float32Array(size * width);
  const recent: number[][] = [];
  const held = history + steps;
  const shown = new Int32Array(size * held);
  const shownCount = new Int32Array(size);
  const shownTo = (i: number): Int32Array => shown.subarray(i * held, i * held + shownCount[i]);
  const stateOf = (i: number): Float32Array => states.subarray(i * width, (i + 1) * width);
  let time = steps;
  let chance: Random | undefined;
  const environments: Environments = {
    name: "memory",
    size,
    observationSpace: {
      kind: "box",
      low: new Array<number>(width).fill(-1),
      high: new Array<number>(width).fill(1),
    },
    actionSpace: { kind: "choices", size: memory.items },
    reset(random) {
      chance = random;
      time = 0;
      for (let i = 0; i < size; i++) {
        recent[i] = [...starts[random.integer(starts.length)]];
        shown.set(recent[i], i * held);
        shownCount[i] = recent[i].length;
        stateInto(recent[i], vectors, stateOf(i));
      }
      return states.slice();
    },
    step(actions) {
      requireActions(chance, actions, { size });
      const rewards = new Float64Array(size);
      const supported = new Float64Array(size);
      if (time < steps) {
        time++;
        const features = memory.features(states);
        const weight = new Float64Array(values.length);
        for (let i = 0; i < size; i++) {
          const item = actions[i];
          requireChoice(item, memory.items, "items");
          const sum = memory.weigh(features, i, item, weight);
          supported[i] = sum >= leastWeight ? 1 : 0;
          const drawn = drawFrom(
            weight.map((each) => each / sum),
            chance,
          );
          const isKnown = !repeats && shownTo(i).includes(item);
          shown[i * held + shownCount[i]++] = item;
          if (isKnown) continue;
          rewards[i] = values[drawn];
          if (isPositive[drawn] === 0) continue;
          recent[i].push(item);
          if (recent[i].length > history) recent[i].shift();
          stateInto(recent[i], vectors, stateOf(i));
        }
      }
      return {
        observations: states.slice(),
        rewards,
        terminated: new Uint8Array(size),
        truncated: new Uint8Array(size).fill(time >= steps ? 1 : 0),
        info: { supported },
      };
    },
  };
  return { environments, shown: shownTo };
}
