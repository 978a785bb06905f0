import type { Histories } from "../data/histories";
import { shuffle } from "../math/random";
import { rankedBy } from "../retrieval/scorer";
import { loadColumns, saveColumns } from "./columnFile";
import {
  type IncrementalAgent,
  type IncrementalProblem,
  type RewardedLog,
  requireFeedback,
  requireLog,
} from "./incrementalAgent";
import type { TabularConfig } from "./tabularConfig";
import { itemBelief, pairScore } from "./tabularRanking";
import { tabularStates } from "./tabularStates";
import { historyOf, type TrailColumns, trails } from "./trails";
import { type PairColumns, type ValueTable, valueTable } from "./valueTable";

/** Where a step has led to. */
export interface NextStep {
  readonly state: number;
  /** The item that the log took there; undefined where the log stops. */
  readonly action: number | undefined;
  /** Whether the user has had an item by then: it cannot be taken again. */
  readonly isTaken: (item: number) => boolean;
}

/** What tells one tabular method from another. */
export interface TabularRule {
  readonly name: string;
  /** Value of what follows a step; undefined where nothing is known about it, and nothing is learned then. */
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
 * The log stops somewhere, which is no ending: where F is not known the step is passed over, and comes again in
 * the next pass. Passes take the histories in a seeded order, each from its oldest entry on. Before the first
 * pass every pair of the log is entered with value 0: only what the log does in a state counts as possible there.
 *
 * learn gives: pairs, states, moved (share of the last pass's steps that something was known about), change
 * (their mean |α (target − Q)|) and meanValue (over the log's steps).
 */
export function tabularAgent(
  rule: TabularRule,
  problem: IncrementalProblem,
  config: TabularConfig,
): TabularAgent {
  const { name } = rule;
  const { items, random } = problem;
  const { state: kind, discount, learningRate: rate, passes, clusters, vectorWidth: width } = config;
  const states = tabularStates(kind, { items, random: random.fork("states"), clusters, width });
  const known = trails();
  let table = valueTable();
  let belief: ReturnType<typeof itemBelief> | undefined; // made when it is asked for, after whatever was learned

  const step = (
    state: number,
    action: number,
    { reward, terminal, next }: { reward: number; terminal: boolean; next: NextStep },
  ): number | undefined => {
    const follows = terminal || discount === 0 ? 0 : rule.follows(table, next);
    if (follows === undefined) return undefined;
    return table.move(state, action, { target: reward + discount * follows, rate });
  };

  const pass = (
    { histories, rewards, terminals }: RewardedLog,
    before: Int32Array,
    after: Int32Array,
    order: Int32Array,
  ) => {
    const takenBy = new Int32Array(items).fill(-1);
    let [moved, change] = [0, 0];
    for (const h of order) {
      const isTaken = (item: number): boolean => takenBy[item] === h;
      const end = histories.offsets[h + 1]!;
      for (let e = histories.offsets[h]!; e < end; e++) {
        takenBy[histories.items[e]!] = h;
        if (before[e]! < 0) continue;
        const next = { state: after[e]!, action: e + 1 < end ? histories.items[e + 1]! : undefined, isTaken };
        const terminal = terminals?.[e] === 1;
        const size = step(before[e]!, histories.items[e]!, { reward: rewards[e]!, terminal, next });
        if (size === undefined) continue;
        moved++;
        change += size;
      }
    }
    return { moved, change };
  };

  const scorer = rankedBy({
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
  const about = { name, items, ...config };

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
        const end = histories.offsets[h + 1]! - 1;
        if (end < histories.offsets[h]!) return first;
        return last ? last[end]! : kind === "user" ? histories.users[h]! : histories.items[end]!;
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
        if (before[e]! >= 0) table.support(before[e]!, histories.items[e]!);
      const order = Int32Array.from(histories.users.keys());
      let last = { moved: 0, change: 0 };
      for (let p = 0; p < passes; p++)
        last = pass(log, before, after, shuffle(order, random.fork(`pass ${p}`)));
      known.follow(log);
      belief = undefined;
      const steps = before.reduce((sum, state) => sum + (state >= 0 ? 1 : 0), 0);
      const { states: used, values, counts } = table.columns();
      let total = 0;
      for (let i = 0; i < values.length; i++) total += values[i]! * counts[i]!;
      return {
        pairs: values.length,
        states: new Set(used).size,
        moved: steps > 0 ? last.moved / steps : 0,
        change: last.moved > 0 ? last.change / last.moved : 0,
        meanValue: steps > 0 ? total / steps : 0,
      };
    },
    update(feedback) {
      requireFeedback(name, feedback, items);
      const { user, item, reward, terminal = false } = feedback;
      const trail = known.of(user);
      const [state] = agent.statesOf(historyOf(user, trail.items));
      if (state! >= 0) table.support(state!, item);
      const taken = new Set(trail.items);
      const isTaken = (one: number): boolean => taken.has(one);
      if (rule.waits && discount > 0) {
        // The step before this one, whose next action has come to be known.
        const previous = trail.items.at(-1);
        const [from] = agent.statesOf(historyOf(user, trail.items.slice(0, -1)));
        if (previous !== undefined && from! >= 0 && state! >= 0 && !trail.terminal)
          step(from!, previous, { ...trail, next: { state: state!, action: item, isTaken } });
      }
      trail.items.push(item);
      trail.reward = reward;
      trail.terminal = terminal;
      taken.add(item);
      if (state! >= 0 && (!rule.waits || discount === 0 || terminal)) {
        const [next] = agent.statesOf(historyOf(user, trail.items));
        step(state!, item, { reward, terminal, next: { state: next!, action: undefined, isTaken } });
      }
      belief = undefined;
    },
    async save(folder) {
      await saveColumns(folder, about, { ...table.columns(), ...states.columns(), ...known.columns() });
    },
    async load(folder) {
      const columns = await loadColumns(folder, about);
      table = valueTable(columns as unknown as PairColumns);
      states.restore(columns);
      known.restore(columns as unknown as TrailColumns);
      belief = undefined;
    },
  };
  return agent;
}

/** [entries] the state before each entry. */
function beforeOf({ size, offsets }: Histories, start: Int32Array, after: Int32Array): Int32Array {
  const before = new Int32Array(after.length);
  for (let h = 0; h < size; h++)
    for (let e = offsets[h]!; e < offsets[h + 1]!; e++)
      before[e] = e === offsets[h] ? start[h]! : after[e - 1]!;
  return before;
}

/** Entries by ascending item, so that rows of the table only ever grow at their end. */
function byItem({ items }: Histories, size: number): Int32Array {
  const next = new Int32Array(size + 1);
  for (const item of items) next[item + 1]!++;
  for (let item = 0; item < size; item++) next[item + 1]! += next[item]!;
  const order = new Int32Array(items.length);
  for (let e = 0; e < items.length; e++) order[next[items[e]!]!++] = e;
  return order;
}
