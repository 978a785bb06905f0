import { historiesOfLists } from "../data/histories";
import { InputError } from "../data/inputError";
import { unavailableItems } from "../data/unavailableItems";
import { drawFrom } from "../math/drawFrom";
import { everyProbability } from "../policies/itemPolicy";
import { leftOut } from "../retrieval/recommender";
import { type Environments, sizeOf } from "../worlds/environment";
import { hiddenTruth } from "../worlds/readerPolicies";
import type { World, WorldPolicy } from "../worlds/world";
import type { OpenRun } from "./openRun";
import { servedDistribution } from "./servedDistribution";

/** Requests that are answered at once. */
const atOnce = 512;

export interface RunsInWorldOptions {
  /**
   * What entries of a history weigh: what they earned, as in a "log" of the world (by default), or all as much as the largest
   * weight of the run's own log, as for a "service", which knows of its readers what they took and not how much they liked it.
   */
  readonly histories?: "log" | "service";
}

/** Chances are kept for a step, since targets ask once for each choice, up to so many numbers: 128 MB. */
const mostKept = 2 ** 24;

/** What a recommender knows of the readers of some worlds: what a log of theirs would hold. */
interface ReaderRecord {
  /** The worlds themselves. */
  readonly inner: Environments;
  /** [n] rows of `World.items`, oldest first */
  readonly items: number[][];
  /** [n] what each earned */
  readonly weights: number[][];
  readonly live: Uint8Array;
  /** Counts resets and steps. */
  moment: number;
}

/**
 * A world in which trained runs are policies, by the names they are given: each serves the distribution that it serves
 * everywhere (`servedDistribution`), to the history that a log of this world would hold: of single items all that was
 * shown, of slates what was taken, each with what it earned, after what is known from before (`World.startsOf`).
 *
 * Places of a slate are drawn from the top without replacement: each with the run's probabilities of the choices that are
 * left, scaled to sum to 1. Where choices change, as documents of a topic, the probability of an item is shared evenly by
 * the choices that are this item. Where the run gives nothing to what is left, any of it is drawn, evenly. What was seen
 * can come again, unless it would earn nothing (`World.isOnce`).
 *
 * Values are no longer exact: a run's depends on the whole history.
 *
 * @throws InputError when a run knows an item that the world has not, or serves a fixed list.
 * @example const world = runsInWorld(satiation(), { mine: await openRun("data/runs/sim") });
 *   trueValue(world, "mine", { random: random(1), discount: 0.9 })
 */
export function runsInWorld(
  world: World,
  runs: Readonly<{ [name: string]: OpenRun }>,
  { histories = "log" }: RunsInWorldOptions = {},
): World {
  const kept = hiddenTruth<ReaderRecord>(world.name);
  const rows = new Map(Object.entries(runs).map(([name, run]) => [name, rowsInWorld(world, run)]));
  const { value: _, ...rest } = world;
  return {
    ...rest,
    environments(size) {
      const record = recordOf(world.environments(size));
      return kept.keep(recorded(world, record), record);
    },
    policies: [...world.policies, ...Object.keys(runs)],
    policy(name, environments, options) {
      const record = kept.of(environments);
      const run = Object.hasOwn(runs, name) ? runs[name] : undefined;
      if (run === undefined) return world.policy(name, record.inner, options);
      const weightOf = histories === "log" ? (earned: number) => earned : likedWeight(run);
      return runPolicy(name, { world, run, record, rows: rows.get(name)!, weightOf });
    },
  };
}

/** [N of the run] row of each of the run's items in the world. */
function rowsInWorld(world: World, run: OpenRun): Int32Array {
  const { catalog } = run.dataset;
  const rowOf = new Map(world.items.map(({ id }, row) => [id, row]));
  const lost = catalog.ids.filter((id) => !rowOf.has(id));
  if (lost.length > 0)
    throw new InputError(
      `${lost.length} of the run's ${catalog.size} items are not in world ${world.name}, such as ${JSON.stringify(lost[0])}`,
      { file: run.folder, expected: `a run of items such as ${JSON.stringify(world.items[0].id)}` },
    );
  if (run.served === undefined && run.scored === undefined)
    throw new InputError(`${run.summary.agent} serves a fixed list and knows no probabilities`, {
      file: run.folder,
      expected: "a run of an agent or of the next-item model",
    });
  return Int32Array.from(catalog.ids, (id) => rowOf.get(id)!);
}

function likedWeight({ dataset: { interactions } }: OpenRun): () => number {
  const most = interactions.weights.reduce((largest, weight) => Math.max(largest, weight), 0);
  return () => most;
}

function recordOf(inner: Environments): ReaderRecord {
  return { inner, items: [], weights: [], live: new Uint8Array(inner.size), moment: 0 };
}

/** The same worlds, whose steps enter the record. */
function recorded(world: World, record: ReaderRecord): Environments {
  const { inner, live } = record;
  const { size, actionSpace } = inner;
  const slots = sizeOf(actionSpace);
  const choices = actionSpace.kind === "box" ? 0 : actionSpace.size;
  let seen: Float32Array;
  return {
    ...inner,
    reset(random) {
      seen = inner.reset(random);
      const starts = world.startsOf?.(inner);
      for (let i = 0; i < size; i++) {
        record.items[i] = Array.from(starts?.[i] ?? []);
        record.weights[i] = record.items[i].map(() => 1);
      }
      live.fill(1);
      record.moment++;
      return seen;
    },
    step(actions) {
      const shown = record.moment === 0 ? undefined : world.itemsOf?.(seen);
      const result = inner.step(actions);
      const earned = result.info?.earned ?? result.rewards;
      for (let i = 0; i < size; i++) {
        if (live[i] === 0) continue;
        for (let at = i * slots; at < (i + 1) * slots; at++) {
          if (slots > 1 && earned[at] === 0) continue;
          record.items[i].push(shown ? shown[i * choices + actions[at]] : actions[at]);
          record.weights[i].push(earned[at]);
        }
        if (result.terminated[i] + result.truncated[i] > 0) live[i] = 0;
      }
      seen = result.observations;
      record.moment++;
      return result;
    },
  };
}

interface RunInWorld {
  readonly world: World;
  readonly run: OpenRun;
  readonly record: ReaderRecord;
  /** [N of the run] */
  readonly rows: Int32Array;
  readonly weightOf: (earned: number) => number;
}

function runPolicy(name: string, inWorld: RunInWorld): WorldPolicy {
  const { actionSpace } = inWorld.record.inner;
  if (actionSpace.kind === "box") throw new Error(`${name} requires choices or slates, got a box`);
  const [choices, slots] = [actionSpace.size, sizeOf(actionSpace)];
  const each = keptForAStep(inWorld, choices);
  const left = new Float64Array(choices);
  /** Fills the places of reader i from the top, each with chances given those above. */
  const fill = (shares: Float64Array, take: (place: number, chances: Float64Array) => number): void => {
    left.set(shares);
    const taken = new Set<number>();
    for (let place = 0; place < slots; place++) {
      let total = 0;
      for (let choice = 0; choice < choices; choice++) total += left[choice];
      const chances = left.map((share, choice) =>
        total > 0 ? share / total : taken.has(choice) ? 0 : 1 / (choices - place),
      );
      const choice = take(place, chances);
      taken.add(choice);
      left[choice] = 0;
    }
  };
  return {
    name,
    choose(observations, random) {
      const actions = new Int32Array(inWorld.record.inner.size * slots);
      const propensities = new Float64Array(actions.length);
      each(observations, (i, shares) =>
        fill(shares, (place, chances) => {
          const choice = drawFrom(chances, random);
          actions[i * slots + place] = choice;
          propensities[i * slots + place] = chances[choice];
          return choice;
        }),
      );
      return { actions, propensities };
    },
    probabilities(observations, actions) {
      const found = new Float64Array(actions.length);
      each(observations, (i, shares) =>
        fill(shares, (place, chances) => {
          const choice = actions[i * slots + place];
          found[i * slots + place] = chances[choice];
          return choice;
        }),
      );
      return found;
    },
  };
}

type Visit = (i: number, shares: Float64Array) => void;

/** `sharesOf`, computed once a step where so many numbers can be kept. */
function keptForAStep(inWorld: RunInWorld, choices: number): (seen: Float32Array, visit: Visit) => void {
  const { record } = inWorld;
  const { size } = record.inner;
  const isKept = size * choices <= mostKept;
  const all = new Float64Array(isKept ? size * choices : 0);
  let moment = -1;
  return (observations, visit) => {
    if (!isKept) return sharesOf(inWorld, choices, observations, visit);
    if (moment !== record.moment)
      sharesOf(inWorld, choices, observations, (i, shares) => all.set(shares, i * choices));
    moment = record.moment;
    for (let i = 0; i < size; i++) visit(i, all.subarray(i * choices, (i + 1) * choices));
  };
}

/** What the run gives to each choice, reader by reader; readers that have left get even chances, which nothing comes of. */
function sharesOf(
  { world, run, record, rows, weightOf }: RunInWorld,
  choices: number,
  observations: Float32Array,
  visit: Visit,
): void {
  const { size } = record.inner;
  const { catalog } = run.dataset;
  const runRow = new Map(Array.from(rows, (row, own) => [row, own]));
  const unavailable = unavailableItems(catalog);
  const repeats = world.isOnce !== true;
  const shown = world.itemsOf?.(observations);
  const own = new Float64Array(catalog.size);
  const shares = new Float64Array(choices);
  const ofItem = new Float64Array(world.items.length);
  const sharing = new Int32Array(world.items.length);
  const live = Array.from({ length: size }, (_, i) => i).filter((i) => record.live[i] === 1);
  for (let from = 0; from < live.length; from += atOnce) {
    const part = live.slice(from, from + atOnce);
    // What the run's log does not know it cannot read.
    const known = part.map((i) => record.items[i].map((row) => runRow.get(row) ?? -1));
    const histories = historiesOfLists(
      known.map((items) => items.filter((item) => item >= 0)),
      { weights: part.map((i, h) => record.weights[i].filter((_, at) => known[h][at] >= 0).map(weightOf)) },
    );
    const search = leftOut(histories, { unavailable, repeats });
    const spread = everyProbability(
      servedDistribution(run, histories, 1, { repeats })!,
      catalog.size,
      search,
    );
    for (const [request, i] of part.entries()) {
      spread(request, own);
      ofItem.fill(0);
      for (let item = 0; item < own.length; item++) ofItem[rows[item]] = own[item];
      if (shown === undefined) {
        visit(i, ofItem);
        continue;
      }
      const documents = shown.subarray(i * choices, (i + 1) * choices);
      sharing.fill(0);
      for (const item of documents) sharing[item]++;
      for (let choice = 0; choice < choices; choice++)
        shares[choice] = ofItem[documents[choice]] / sharing[documents[choice]];
      visit(i, shares);
    }
  }
  shares.fill(1 / choices);
  for (let i = 0; i < size; i++) if (record.live[i] === 0) visit(i, shares);
}
