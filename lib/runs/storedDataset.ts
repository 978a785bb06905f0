import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Catalog } from "../data/catalog";
import type { Dataset } from "../data/dataset";
import { InputError } from "../data/inputError";
import type { Interactions } from "../data/interactions";
import { unavailableItems } from "../data/unavailableItems";
import { writeAtomically } from "../data/writeAtomically";
import { type Columns, readColumns, writeColumns } from "./columns";

interface Header {
  readonly order: Interactions["order"];
  readonly weightKind: Interactions["weightKind"];
  readonly extra: readonly string[];
}

interface StoredNames {
  readonly name: string;
  readonly label: string;
  readonly origin: string;
  readonly skippedRows: number;
  readonly notices: readonly string[];
  readonly users: readonly string[];
  readonly items: readonly string[];
  readonly titles: readonly string[];
  /** Rows of items that cannot be had. */
  readonly unavailable?: readonly number[];
}

/**
 * Keeps a log and its catalogue inside a run folder, so that recommending, judging and resuming need nothing
 * outside it: `log.columns` (20 bytes an interaction, and 4 for each further column) and `names.json` (the ids
 * of users and items, and the titles). Further text of the items file is not kept.
 */
export async function storeDataset(folder: string, dataset: Dataset): Promise<void> {
  const { interactions, catalog } = dataset;
  const extra = Object.keys(interactions.extra);
  const unavailable = unavailableItems(catalog);
  const header: Header = { order: interactions.order, weightKind: interactions.weightKind, extra };
  await writeColumns(join(folder, "log.columns"), header, {
    users: interactions.users,
    items: interactions.items,
    weights: interactions.weights,
    times: interactions.times,
    ...Object.fromEntries(extra.map((name) => [`extra ${name}`, interactions.extra[name]!])),
  });
  const names: StoredNames = {
    name: dataset.name,
    label: dataset.label,
    origin: dataset.origin,
    skippedRows: dataset.skippedRows,
    notices: dataset.notices,
    users: interactions.userIds,
    items: catalog.ids,
    titles: catalog.titles,
    ...(unavailable && { unavailable: [...unavailable] }),
  };
  await writeAtomically(join(folder, "names.json"), `${JSON.stringify(names)}\n`);
}

/**
 * Reads what `storeDataset` kept.
 *
 * @throws InputError when a file is missing or not what it should be.
 */
export async function readStoredDataset(folder: string): Promise<Dataset> {
  const { header, columns } = await readColumns<Header>(join(folder, "log.columns"));
  const names = await readNames(join(folder, "names.json"));
  return {
    name: names.name,
    label: names.label,
    origin: names.origin,
    skippedRows: names.skippedRows,
    notices: names.notices,
    interactions: interactionsOf(header, columns, names),
    catalog: catalogOf(names),
  };
}

function interactionsOf(header: Header, columns: Columns, names: StoredNames): Interactions {
  const users = columns.users as Int32Array;
  return {
    size: users.length,
    users,
    items: columns.items as Int32Array,
    weights: columns.weights as Float32Array,
    times: columns.times as Float64Array,
    userIds: names.users,
    itemIds: names.items,
    order: header.order,
    weightKind: header.weightKind,
    extra: Object.fromEntries(header.extra.map((name) => [name, columns[`extra ${name}`] as Float32Array])),
  };
}

async function readNames(file: string): Promise<StoredNames> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as StoredNames;
  } catch (cause) {
    throw new InputError(`cannot be read (${(cause as Error).message})`, { file });
  }
}

function catalogOf({ items: ids, titles, unavailable = [] }: StoredNames): Catalog {
  const rows = new Map(ids.map((id, row) => [id, row]));
  const available = new Float64Array(ids.length).fill(1);
  for (const row of unavailable) available[row] = 0;
  const numbers: Catalog["numbers"] = unavailable.length > 0 ? { available } : {};
  return { size: ids.length, ids, titles, text: {}, numbers, rowOf: (id) => rows.get(id) ?? -1 };
}
