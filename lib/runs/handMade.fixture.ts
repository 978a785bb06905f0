import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Agent, AgentFactory } from "../agents/agent";
import { catalogOfIds } from "../data/catalog";
import type { Dataset } from "../data/dataset";
import type { Histories } from "../data/histories";
import type { NextItemModel } from "../encoders/nextItemModel";

/** For tests: logs, models and agents made by hand, of which everything is known beforehand. */

/** Item rows of each user: what is learned from, what chooses and what is tested, one stretch of time after another. */
export interface HandMadeUser {
  readonly train: readonly number[];
  readonly validation?: readonly number[];
  readonly test?: readonly number[];
}

/**
 * A log of weights of 1 in which all train rows come first (everybody's first, everybody's second ...), then those of
 * validation, then those of test.
 *
 * @returns the log, and the shares that cut it there
 */
export function handMadeLog(users: readonly HandMadeUser[], items: number) {
  const rows = (["train", "validation", "test"] as const).map((stage) => {
    const longest = Math.max(...users.map((user) => user[stage]?.length ?? 0));
    return Array.from({ length: longest }, (_, place) =>
      users.flatMap((user, u) => {
        const item = user[stage]?.[place];
        return item === undefined ? [] : [{ user: u, item }];
      }),
    ).flat();
  });
  const all = rows.flat();
  const interactions = {
    size: all.length,
    users: Int32Array.from(all, ({ user }) => user),
    items: Int32Array.from(all, ({ item }) => item),
    weights: new Float32Array(all.length).fill(1),
    times: Float64Array.from(all, (_, row) => row),
    userIds: users.map((_, u) => `${u}`),
    itemIds: Array.from({ length: items }, (_, item) => `${item}`),
    order: "row order" as const,
    weightKind: "weight" as const,
    extra: {},
  };
  const dataset: Dataset = {
    ...{ name: "hand", label: "hand", origin: "made here", skippedRows: 0, notices: [] },
    interactions,
    catalog: catalogOfIds(interactions.itemIds),
  };
  const [, validation, test] = rows.map(({ length }) => length / all.length);
  return { dataset, ratios: { validationRatio: validation, testRatio: test } };
}

/** A model in inner geometry whose state is the vector of the last item; its head hands the state through. */
export function handMadeModel(
  vectors: readonly (readonly number[])[],
  { bias, temperature = 1 }: { readonly bias?: readonly number[]; readonly temperature?: number } = {},
): NextItemModel {
  const width = vectors[0].length;
  const vectorOf = (items: Int32Array): Float32Array =>
    Float32Array.from([...items].flatMap((item) => vectors[item]));
  const encoder = {
    name: "last item",
    stateSize: width,
    encode: ({ items, offsets }: Histories) =>
      vectorOf(Int32Array.from(offsets.subarray(1), (end) => items[end - 1])),
    encodePositions: ({ items }: Histories) => vectorOf(items),
    dispose() {},
  };
  return {
    config: { geometry: "inner" },
    size: vectors.length,
    itemVectors: Float32Array.from(vectors.flat()),
    itemBias: Float32Array.from(bias ?? vectors.map(() => 0)),
    temperature,
    headWeights: Float32Array.from({ length: width ** 2 }, (_, i) => (i % (width + 1) === 0 ? 1 : 0)),
    headBias: new Float32Array(width),
    encoder,
    queries: (states: Float32Array) => states,
    dispose() {},
  } as unknown as NextItemModel;
}

/** Item i is the i-th unit vector, so that an action's numbers are the items' scores. */
export function unitVectors(items: number): number[][] {
  return Array.from({ length: items }, (_, i) => Array.from({ length: items }, (_, a) => (a === i ? 1 : 0)));
}

/**
 * Agents whose actions follow a script and not from what they learned.
 *
 * @param script the action, alike in all states, after some updates
 * @param figures what an update tells
 * @param onMade hears the first draw of the stream that an agent is given
 */
export function scripted(
  script: (updates: number) => readonly number[],
  {
    figures = () => ({}),
    warmUp,
    onMade,
  }: {
    readonly warmUp?: number;
    readonly figures?: (update: number) => Record<string, number>;
    readonly onMade?: (draw: number) => void;
  } = {},
): AgentFactory {
  return (problem): Agent => {
    let updates = 0;
    onMade?.(problem.random.next());
    return {
      name: "scripted",
      config: warmUp === undefined ? {} : { warmUp },
      act: (states) =>
        Float32Array.from(
          { length: (states.length / problem.stateSize) * problem.actionSize },
          (_, i) => script(updates)[i % problem.actionSize],
        ),
      learn: () => figures(++updates),
      save: (folder) => writeFile(join(folder, "updates.json"), JSON.stringify(updates)),
      async load(folder) {
        updates = Number(await readFile(join(folder, "updates.json"), "utf8"));
      },
      dispose() {},
    };
  };
}
