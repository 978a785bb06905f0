import type { Trajectories } from "./trajectories";

/**
 * What a model of returns should say at each step: y = rₜ + γ v̂(sₜ₊₁), with v̂ of the policy under test and not q̂ of
 * what the log did next. Columns are in the order of the trajectories' steps.
 *
 * Where a world ended nothing follows, y = r. Where only watching ended, the next state is unknown: there is no target
 * (truncated ends are dropped), except with one step to go, when all that counts is the reward.
 *
 * @param terminals [n] 1 where the world ended with the step
 * @param later [n] v̂ at each step with one step less to go; nothing with one step to go
 * @returns [n], NaN where there is no target
 * @example rewards 1, 2, 4 and later values 10, 20, 30 at discount .5: [11, 17, NaN], or [11, 17, 4] where the world ended
 */
export function bellmanTargets(
  { size, offsets, rewards, discount }: Pick<Trajectories, "size" | "offsets" | "rewards" | "discount">,
  terminals: Uint8Array,
  later?: Float64Array,
): Float64Array {
  if (later === undefined) return rewards.slice();
  const targets = new Float64Array(rewards.length);
  for (let i = 0; i < size; i++) {
    const last = offsets[i + 1] - 1;
    for (let place = offsets[i]; place < last; place++)
      targets[place] = rewards[place] + discount * later[place + 1];
    targets[last] = terminals[last] === 1 ? rewards[last] : Number.NaN;
  }
  return targets;
}

/**
 * What each step should count where watching ended for some: a step after which the world ended is always known to
 * have been so, one after which it went on has a next state only while watching goes on too. Dropping truncated ends
 * and nothing else would leave too many endings. So at each place t in a trajectory those that go on stand for those
 * that were cut off there as well, as in inverse probability of censoring weighting (Robins and Rotnitzky 1992); where
 * all were cut off that had not ended, the endings are dropped too.
 *
 * @param terminals [n] 1 where the world ended with the step
 * @returns [n], 0 for what is dropped
 * @example at the first step 2 end, 3 go on and 1 is cut off: 1, 4/3 and 0
 */
export function censoringWeights(
  { size, horizon, offsets, rewards }: Pick<Trajectories, "size" | "horizon" | "offsets" | "rewards">,
  terminals: Uint8Array,
): Float64Array {
  const going = new Float64Array(horizon);
  const cut = new Float64Array(horizon);
  for (let i = 0; i < size; i++) {
    const last = offsets[i + 1] - 1 - offsets[i];
    for (let t = 0; t < last; t++) going[t]++;
    if (terminals[offsets[i + 1] - 1] === 0) cut[last]++;
  }
  const weights = new Float64Array(rewards.length);
  for (let i = 0; i < size; i++) {
    const [start, last] = [offsets[i], offsets[i + 1] - 1 - offsets[i]];
    for (let t = 0; t < last; t++) weights[start + t] = 1 + cut[t] / going[t];
    if (terminals[start + last] === 1) weights[start + last] = going[last] === 0 && cut[last] > 0 ? 0 : 1;
  }
  return weights;
}

/**
 * How many steps, this one included, count from each step on: those that were watched where watching ended, and what is
 * left of the longest trajectory where the world did (how soon it ends is chance, and for the model to say).
 *
 * @param terminals [n] 1 where the world ended with the step
 * @returns [n] from 1 to T
 * @example T = 3, a trajectory of 2 steps: [2, 1], or [3, 2] when the world ended with the second
 */
export function stepsToGo(
  { size, horizon, offsets, rewards }: Pick<Trajectories, "size" | "horizon" | "offsets" | "rewards">,
  terminals: Uint8Array,
): Int32Array {
  const left = new Int32Array(rewards.length);
  for (let i = 0; i < size; i++) {
    const [start, end] = [offsets[i], offsets[i + 1]];
    const whole = terminals[end - 1] === 1 ? horizon : end - start;
    for (let place = start; place < end; place++) left[place] = whole - (place - start);
  }
  return left;
}

/**
 * Flags of the log's rows by place.
 *
 * @param terminals [n] in the order of the log's rows; none by default
 * @throws when there is another number of them, or a world ended before a trajectory's last step.
 */
export function terminalsOf(
  { offsets, rows, users, size }: Trajectories,
  terminals: Uint8Array = new Uint8Array(rows.length),
): Uint8Array {
  if (terminals.length !== rows.length)
    throw new Error(`terminalsOf requires ${rows.length} terminals, got ${terminals.length}`);
  const sorted = Uint8Array.from(rows, (row) => terminals[row]);
  for (let i = 0; i < size; i++)
    for (let place = offsets[i]; place < offsets[i + 1] - 1; place++)
      if (sorted[place] === 1)
        throw new Error(
          `terminalsOf requires an ended world at last steps only, got one in row ${rows[place] + 1}, after which user ${users[i]} goes on`,
        );
  return sorted;
}
