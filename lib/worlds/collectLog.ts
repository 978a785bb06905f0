import type { Random } from "../math/random";
import type { Transitions } from "../replay/transitions";
import { type Environments, type Steps, sizeOf } from "./environment";
import { type Acting, rollout } from "./rollout";

/**
 * What a policy does in one episode of each world, as transitions in the order of time, world by world within a
 * step. Every transition has an action row of its own. Terminal is 1 where a world ended; where it was cut off
 * it is 0 and the next state is there, so its value is still bootstrapped.
 *
 * @param environments with actions in a box
 * @example 10 pendulums: 2,000 transitions, none terminal
 */
export function collectLog(policy: Acting, environments: Environments, random: Random): Transitions {
  const { size, observationSpace, actionSpace } = environments;
  const [stateSize, actionSize] = [sizeOf(observationSpace), sizeOf(actionSpace)];
  const seen: Float32Array[] = []; // [size × S] a step, and the last observations
  const done: Float32Array[] = []; // [size × A] a step
  const taken: { row: number; reward: number; terminal: number }[] = [];
  let last: Steps | undefined;
  rollout(policy, environments, random, {
    watch: (observations, actions, steps, live) => {
      for (let i = 0; i < size; i++)
        if (live[i] === 1)
          taken.push({
            row: seen.length * size + i,
            reward: steps.rewards[i],
            terminal: steps.terminated[i],
          });
      seen.push(Float32Array.from(observations));
      done.push(Float32Array.from(actions));
      last = steps;
    },
  });
  seen.push(Float32Array.from(last!.observations));
  const rows = Int32Array.from(taken, ({ row }) => row);
  return {
    size: rows.length,
    stateSize,
    actionSize,
    stateTable: endToEnd(seen),
    actionTable: endToEnd(done),
    stateRows: rows,
    nextStateRows: rows.map((row) => row + size),
    itemRows: rows,
    rewards: Float32Array.from(taken, ({ reward }) => reward),
    terminals: Uint8Array.from(taken, ({ terminal }) => terminal),
  };
}

/**
 * Several logs as one, in the order given.
 * @throws when there is none or their sizes of state or action differ.
 */
export function joinLogs(logs: readonly Transitions[]): Transitions {
  const [first] = logs;
  if (!first) throw new Error("joinLogs requires at least one log, got none");
  const { stateSize, actionSize } = first;
  for (const log of logs)
    if (log.stateSize !== stateSize || log.actionSize !== actionSize)
      throw new Error(
        `joinLogs requires states of ${stateSize} and actions of ${actionSize} numbers, got ${log.stateSize} and ${log.actionSize}`,
      );
  let [states, actions] = [0, 0];
  const moved = logs.map((log) => {
    const [byStates, byActions] = [states, actions];
    states += log.stateTable.length / stateSize;
    actions += log.actionTable.length / actionSize;
    return {
      stateRows: log.stateRows.map((row) => row + byStates),
      nextStateRows: log.nextStateRows.map((row) => row + byStates),
      itemRows: log.itemRows.map((row) => row + byActions),
    };
  });
  const rowsOf = (name: "stateRows" | "nextStateRows" | "itemRows"): Int32Array =>
    Int32Array.from(moved.flatMap((rows) => Array.from(rows[name])));
  return {
    size: logs.reduce((sum, log) => sum + log.size, 0),
    stateSize,
    actionSize,
    stateTable: endToEnd(logs.map((log) => log.stateTable)),
    actionTable: endToEnd(logs.map((log) => log.actionTable)),
    stateRows: rowsOf("stateRows"),
    nextStateRows: rowsOf("nextStateRows"),
    itemRows: rowsOf("itemRows"),
    rewards: endToEnd(logs.map((log) => log.rewards)),
    terminals: Uint8Array.from(logs.flatMap((log) => Array.from(log.terminals))),
  };
}

function endToEnd(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
