import type { Histories } from "../../data/histories";
import { shuffle } from "../../math/random";
import { repeating } from "../../retrieval/recommender";
import { rankedBy } from "../../retrieval/scorer";
import {
  type IncrementalAgent,
  type IncrementalProblem,
  loadColumns,
  type RewardedLog,
  requireFeedback,
  requireLog,
  saveColumns,
} from "../incrementalAgent";
import { historyOf, trajectories } from "../trajectories";
import { shareOutside } from "../watched";
import { itemBelief, pairScore } from "./tabularRanking";
import type { TabularConfig } from "./tabularSettings";
import { tabularStates } from "./tabularStates";
import { type ValueTable, valueTable } from "./valueTable";

/** Where a step has led to. */
export interface NextStep {
  readonly state: number;
  /** The item that the log took there; undefined where the log stops. */
  readonly action: number | undefined;
  /** Whether an item may not follow: the user has seen it by then, or it is unavailable. */
  readonly isSeen: (item: number) => boolean;
}

/** What tells one tabular method from another. */
export interface TabularRule {
  readonly name: string;
  /** Value of what follows a step; undefined where the log shows nothing that could. */
  follows(table: ValueTable, next: NextStep): number | undefined;
  /** Whether a step can be learned from only once the next action is known. */
  readonly waits: boolean;
}

/** An agent whose table can be looked into. */
export interface TabularAgent extends IncrementalAgent {
  readonly config: TabularConfig;
  /** Q(s, a); undefined where the log never took the action there. */
  value(state: number, action: number): number | undefined;
  /** The state after each history. */
  statesOf(histories: Histories): Int32Array;
}

/**
 * Tabular temporal-difference learning over a log, whatever its rule: Q(s, a) += α (r + γ F − Q(s, a)), F being
 * the rule's value of what follows; no F after a terminal step, nor at discount 0.
 *
 * The log stops somewhere, which is no ending: where it shows nothing that could follow, F is the mean value of its
 * steps, so that every pair of the log gets a value and none is left at the 0 it begins with. Before the first pass
 * every pair is entered: only what the log does in a state counts as possible there. Passes in batches take values as
 * the pass before left them, and stop when none moves by more than a thousandth of the largest reward; the other ones
 * take the histories in a seeded order, each from its oldest entry on.
 *
 * learn gives: pairs, states, passes that were made, known (share of the last pass's steps of which the log shows what
 * follows), change (mean |change| of a value in that pass), meanValue (over the log's steps) and alarmShare (of pairs
 * whose value no course could earn; the bounds are `rewardBounds` unless the problem has others).
 */
export function tabularAgent(
  rule: TabularRule,
  problem: IncrementalProblem,
  config: TabularConfig,
): TabularAgent {
  const { name } = rule;
  const { items, random, repeats = false } = problem;
  const { state: kind, discount, learningRate: rate, passes, clusters, vectorWidth: width } = config;
  const states = tabularStates(kind, { items, random: random.fork("states"), clusters, width });
  const known = trajectories();
  let table = valueTable();
  let belief: ReturnType<typeof itemBelief> | undefined; // made when it is asked for, after whatever was learned

  const isAvailable = (item: number): boolean => !problem.unavailable?.has(item);

  const targetOf = ({
    reward,
    terminal,
    next,
  }: {
    reward: number;
    terminal: boolean;
    next: NextStep;
  }): { readonly target: number; readonly known: boolean } => {
    if (terminal || discount === 0) return { target: reward, known: true };
    const follows = rule.follows(table, next);
    return { target: reward + discount * (follows ?? table.mean() ?? 0), known: follows !== undefined };
  };

  const pass = (
    { histories, rewards, terminals }: RewardedLog,
    before: Int32Array,
    after: Int32Array,
    order: Int32Array,
  ): { readonly known: number; readonly change: number; readonly largest?: number } => {
    const seenBy = new Int32Array(items).fill(-1);
    let [steps, known, total] = [0, 0, 0];
    for (const h of order) {
      const isSeen = (item: number): boolean => (!repeats && seenBy[item] === h) || !isAvailable(item);
      const end = histories.offsets[h + 1];
      for (let e = histories.offsets[h]; e < end; e++) {
        const action = histories.items[e];
        seenBy[action] = h;
        if (before[e] < 0) continue;
        const next = { state: after[e], action: e + 1 < end ? histories.items[e + 1] : undefined, isSeen };
        const found = targetOf({ reward: rewards[e], terminal: terminals?.[e] === 1, next });
        steps++;
        if (found.known) known++;
        if (rate === "batch") table.gather(before[e], action, found.target);
        else total += table.move(before[e], action, { target: found.target, rate });
      }
    }
    const share = known / Math.max(1, steps);
    if (rate !== "batch") return { known: share, change: total / Math.max(1, steps) };
    const settled = table.settle();
    return { known: share, change: settled.total / Math.max(1, table.size()), largest: settled.largest };
  };

  const ranked = rankedBy({
    name,
    items,
    scores(histories) {
      belief ??= itemBelief(table.columns(), items, config);
      const current = belief;
      const unseen = current.values.map((_, action) =>
        pairScore(current, { action, value: 0, count: 0 }, config),
      );
      const scores = new Float64Array(histories.size * items);
      for (const [h, state] of agent.statesOf(histories).entries()) {
        scores.set(unseen, h * items);
        if (state < 0) continue;
        table.each(state, (action, value, count) => {
          scores[h * items + action] = pairScore(current, { action, value, count }, config);
        });
      }
      return scores;
    },
  });
  const scorer = repeats ? repeating(ranked) : ranked;
  const savedAs = { name, items, config };
  const columns = () => ({ ...table.columns(), ...states.columns(), ...known.columns() });

  const agent: TabularAgent = {
    ...scorer,
    config,
    temperature: config.temperature,
    value: (state, action) => table.value(state, action),
    statesOf(histories) {
      // Only the newest entry's state is asked for, and only clusters look further back.
      const last = kind === "user-cluster" ? states.after(histories) : undefined;
      const start = states.start(histories);
      return start.map((first, h) => {
        const end = histories.offsets[h + 1] - 1;
        if (end < histories.offsets[h]) return first;
        return last ? last[end] : kind === "user" ? histories.users[h] : histories.items[end];
      });
    },
    learn(log) {
      requireLog(name, log, items);
      const { histories } = log;
      table = valueTable();
      states.fit(histories);
      const after = states.after(histories);
      const before = beforeOf(histories, states.start(histories), after);
      for (const e of byItem(histories, items))
        if (before[e] >= 0) table.support(before[e], histories.items[e]);
      const order = Int32Array.from(histories.users.keys());
      const enough = 1e-3 * largestOf(log.rewards);
      let last: ReturnType<typeof pass> = { known: 0, change: 0 };
      let made = 0;
      while (made < passes && !(last.largest !== undefined && last.largest <= enough))
        last = pass(log, before, after, shuffle(order, random.fork(`pass ${made++}`)));
      known.follow(log);
      belief = undefined;
      const { states: used, values } = table.columns();
      const bounds = problem.valueBounds ?? rewardBounds(log.rewards, discount);
      return {
        pairs: values.length,
        states: new Set(used).size,
        passes: made,
        known: last.known,
        change: last.change,
        meanValue: table.mean() ?? 0,
        alarmShare: shareOutside(values, bounds),
      };
    },
    update(feedback) {
      requireFeedback(name, feedback, items);
      const { user, item, reward, terminal = false } = feedback;
      const trajectory = known.of(user);
      const [state] = agent.statesOf(historyOf(user, trajectory.items));
      if (state >= 0) table.support(state, item);
      const seen = new Set(trajectory.items);
      const isSeen = (one: number): boolean => (!repeats && seen.has(one)) || !isAvailable(one);
      const step = (from: number, action: number, given: Parameters<typeof targetOf>[0]): void => {
        const { target } = targetOf(given);
        table.move(from, action, { target, rate: rate === "batch" ? "1/visits" : rate });
      };
      if (rule.waits && discount > 0) {
        // The step before this one, whose next action has come to be known.
        const previous = trajectory.items.at(-1);
        const [from] = agent.statesOf(historyOf(user, trajectory.items.slice(0, -1)));
        if (previous !== undefined && from >= 0 && state >= 0 && !trajectory.terminal)
          step(from, previous, { ...trajectory, next: { state: state, action: item, isSeen } });
      }
      trajectory.items.push(item);
      trajectory.reward = reward;
      trajectory.terminal = terminal;
      seen.add(item);
      if (state >= 0 && (!rule.waits || discount === 0 || terminal)) {
        const [next] = agent.statesOf(historyOf(user, trajectory.items));
        step(state, item, { reward, terminal, next: { state: next, action: undefined, isSeen } });
      }
      belief = undefined;
    },
    async save(folder) {
      await saveColumns(folder, savedAs, columns());
    },
    async load(folder) {
      const saved = await loadColumns(folder, savedAs, columns());
      table = valueTable(saved);
      states.restore(saved);
      known.restore(saved);
      belief = undefined;
    },
  };
  return agent;
}

/**
 * Smallest and largest value that any course could have over these rewards: a reward for ever, or once where the world
 * then ends, with room for rounding.
 *
 * @example rewards from 1 to 2, discount .9: [1, 20]
 */
export function rewardBounds(rewards: ArrayLike<number>, discount: number): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let e = 0; e < rewards.length; e++) {
    low = Math.min(low, rewards[e]);
    high = Math.max(high, rewards[e]);
  }
  const slack = 1e-6 * Math.max(Math.abs(low), Math.abs(high));
  const longest = 1 / (1 - discount);
  return [Math.min(low, low * longest) - slack, Math.max(high, high * longest) + slack];
}

function largestOf(rewards: ArrayLike<number>): number {
  let largest = 0;
  for (let e = 0; e < rewards.length; e++) largest = Math.max(largest, Math.abs(rewards[e]));
  return largest;
}

/** [entries] the state before each entry. */
function beforeOf({ size, offsets }: Histories, start: Int32Array, after: Int32Array): Int32Array {
  const before = new Int32Array(after.length);
  for (let h = 0; h < size; h++)
    for (let e = offsets[h]; e < offsets[h + 1]; e++) before[e] = e === offsets[h] ? start[h] : after[e - 1];
  return before;
}

/** Entries by ascending item, so that rows of the table only ever grow at their end. */
function byItem({ items }: Histories, size: number): Int32Array {
  const next = new Int32Array(size + 1);
  for (const item of items) next[item + 1]++;
  for (let item = 0; item < size; item++) next[item + 1] += next[item];
  const order = new Int32Array(items.length);
  for (let e = 0; e < items.length; e++) order[next[items[e]]++] = e;
  return order;
}
