import { random } from "../math/random";
import { boredom } from "../worlds/boredom";
import { interestEvolution } from "../worlds/interestEvolution";
import { playWorld } from "../worlds/playWorld";
import { satiation } from "../worlds/satiation";
import type { World } from "../worlds/world";
import type { BenchCase } from "./benchCases";
import { race } from "./measure";

const readers = 1000;
const alone = 20;

/** Steps of readers a minute under random choices, readers side by side, beside the same world asked for one at a time. */
function stepsOf(name: string, world: World, steps: number): BenchCase {
  const together = world.environments(readers);
  const single = world.environments(1);
  const many = world.policy("random", together);
  const one = world.policy("random", single);
  return async () => {
    let [stepsMany, stepsOne] = [0, 0];
    const count = (lengths: Int32Array): number => lengths.reduce((sum, length) => sum + length, 0);
    const times = await race({
      ours: () => {
        stepsMany = count(playWorld(many, together, random(1), { steps }).steps);
      },
      other: () => {
        stepsOne = 0;
        for (let reader = 0; reader < alone; reader++)
          stepsOne += count(playWorld(one, single, random(reader), { steps }).steps);
      },
    });
    const minute = (taken: number, milliseconds: number): number => (60_000 * taken) / milliseconds / 1e6;
    const [value, other] = [minute(stepsMany, times.ours), minute(stepsOne, times.other)];
    return {
      name,
      value,
      unit: "million reader steps a minute",
      comparedWith: `one reader at a time ${other.toFixed(1)}`,
      ratio: value / other,
    };
  };
}

/** By the name of the figure. */
export const worldCases: Readonly<Record<string, BenchCase>> = {
  "world.satiation": () => stepsOf("world.satiation", satiation(), 50)(),
  "world.interest": () => stepsOf("world.interest", interestEvolution(), 50)(),
  "world.boredom": () => stepsOf("world.boredom", boredom({ preset: "slate-top-k-bored" }), 20)(),
};
