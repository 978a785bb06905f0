import { catalogOfIds } from "../../data/catalog";
import type { Dataset } from "../../data/dataset";
import { idRows } from "../../data/ids";

/** For tests: some rows of a dataset as a log of its own, with the users and items that occur in it and its own row numbers. */
export function cutLog(dataset: Dataset, from: number, to: number, origin = "newer.csv"): Dataset {
  const { interactions: log, catalog } = dataset;
  const rows = Int32Array.from({ length: to - from }, (_, i) => from + i);
  const users = idRows([...new Set([...rows].map((row) => log.userIds[log.users[row]]))]);
  const items = idRows([...new Set([...rows].map((row) => log.itemIds[log.items[row]]))]);
  const titles = items.ids.map((id) => catalog.titles[catalog.rowOf(id)]);
  return {
    ...dataset,
    origin,
    catalog: { ...catalogOfIds(items), titles },
    interactions: {
      ...log,
      size: rows.length,
      users: rows.map((row) => users.rowOf(log.userIds[log.users[row]])),
      items: rows.map((row) => items.rowOf(log.itemIds[log.items[row]])),
      weights: Float32Array.from(rows, (row) => log.weights[row]),
      times: Float64Array.from(rows, (row) => log.times[row]),
      userIds: users.ids,
      itemIds: items.ids,
      extra: {},
    },
  };
}
