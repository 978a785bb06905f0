import { join } from "node:path";
import type { Histories } from "../data/histories";
import { arrayOf, type NamedArrays, readArrays, writeArrays } from "../data/namedArrays";
import type { Random } from "../math/random";
import type { ScoringRecommender } from "../retrieval/scorer";

/** What users took, in which order, and what it was worth. */
export interface RewardedLog {
  /** The histories of the rows that may be learned from (train). */
  readonly histories: Histories;
  /** [entries] of a reward function (`rewardColumn`) */
  readonly rewards: Float32Array;
  /** [entries] 1 where a world ended after the entry. A log of ratings never ends: it just stops. */
  readonly terminals?: Uint8Array;
}

/** One thing that just happened; rows, not ids (`userIds.indexOf`, `catalog.rowOf` at the edge). */
export interface Feedback {
  /** Row of the user; one beyond those of the log is somebody new. */
  readonly user: number;
  readonly item: number;
  readonly reward: number;
  /** The world ended with it; false by default. */
  readonly terminal?: boolean;
}

/**
 * An agent that learns from the log itself, one interaction after the other, without a neural model's states.
 *
 * `learn` goes over a log (and makes its users known); `update` takes what happens afterwards, one interaction
 * at a time, and knows what that user has seen before. Lists never hold an item of the history that is asked about
 * (unless items may come again), nor one that is said to be unavailable, and are full as long as there are items.
 */
export interface IncrementalAgent extends ScoringRecommender {
  readonly config: object;
  /** T above 0 of the policy that is served: a softmax over scores / T. */
  readonly temperature: number;
  /** Starts anew from a log; gives named numbers to look at. */
  learn(log: RewardedLog): Record<string, number>;
  update(feedback: Feedback): void;
  /** Writes everything needed to go on learning as if never stopped. */
  save(folder: string): Promise<void>;
  /** Reads what `save` wrote into this agent, which must be of the same kind, settings and catalogue. */
  load(folder: string): Promise<void>;
}

/** What an incremental agent is made for. */
export interface IncrementalProblem {
  /** N: size of the catalogue. */
  readonly items: number;
  /** Draws the order of passes, first clusters, sampled items. */
  readonly random: Random;
  /** Rows of items that are unavailable: no value counts on them. */
  readonly unavailable?: ReadonlySet<number>;
  /** Items may come again: values count on what was seen, too, and lists hold it. No by default. */
  readonly repeats?: boolean;
  /** Smallest and largest possible value; those of the log's rewards by default. Values outside raise the alarm. */
  readonly valueBounds?: readonly [number, number];
}

/** @throws when a log's columns do not fit each other or the catalogue. */
export function requireLog(
  name: string,
  { histories, rewards, terminals }: RewardedLog,
  items: number,
): void {
  const entries = histories.items.length;
  if (rewards.length !== entries || (terminals && terminals.length !== entries))
    throw new Error(
      `${name} requires one reward and terminal an entry, got ${rewards.length} for ${entries}`,
    );
  for (const item of histories.items)
    if (!(item >= 0 && item < items))
      throw new Error(`${name} requires item rows in 0 .. ${items - 1}, got ${item}`);
  for (const reward of rewards)
    if (!Number.isFinite(reward)) throw new Error(`${name} requires finite rewards, got ${reward}`);
}

/** @throws when something cannot have happened. */
export function requireFeedback(name: string, { user, item, reward }: Feedback, items: number): void {
  if (!(Number.isSafeInteger(user) && user >= 0))
    throw new Error(`${name} requires a user row from 0, got ${user}`);
  if (!(Number.isSafeInteger(item) && item >= 0 && item < items))
    throw new Error(`${name} requires an item row in 0 .. ${items - 1}, got ${item}`);
  if (!Number.isFinite(reward)) throw new Error(`${name} requires a finite reward, got ${reward}`);
}

/** What an agent has to be, for what it saved to be read: kept before its columns. */
export interface SavedAs {
  readonly name: string;
  readonly items: number;
  readonly config: object;
}

const fileIn = (folder: string): string => join(folder, "agent.arrays");

/** Writes what an agent has learned, its columns, as agent.arrays. */
export async function saveColumns(folder: string, as: SavedAs, columns: NamedArrays): Promise<void> {
  await writeArrays(fileIn(folder), as, columns);
}

/**
 * Reads what `saveColumns` wrote.
 *
 * @param as must be the same as it was then
 * @param like columns of the same names and kinds, whatever they hold
 * @throws when the file is another agent's, of other settings or another catalogue, or not the one that was written.
 */
export async function loadColumns<C extends NamedArrays>(folder: string, as: SavedAs, like: C): Promise<C> {
  const { header, arrays } = await readArrays(fileIn(folder));
  const [wanted, got] = [JSON.stringify(as), JSON.stringify(header)];
  if (wanted !== got) throw new Error(`load requires an agent saved as ${wanted}, got ${got} in ${folder}`);
  for (const [name, column] of Object.entries(like)) {
    const kind = column.constructor as new (length: number) => NamedArrays[string];
    arrayOf(arrays, name, kind, fileIn(folder));
  }
  return arrays as C;
}
