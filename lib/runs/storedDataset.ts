import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Catalog } from "../data/catalog";
import type { Dataset } from "../data/dataset";
import { InputError } from "../data/inputError";
import type { Interactions } from "../data/interactions";
import { arrayOf, type NamedArrays, readArrays, writeArrays } from "../data/namedArrays";
import { unavailableItems } from "../data/unavailableItems";
import { writeAtomically } from "../data/writeAtomically";

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
  /** Rows of items that are unavailable. */
  readonly unavailable?: readonly number[];
}

/**
 * Keeps a log and its catalogue inside a run folder, so that recommending, evaluating and resuming need nothing
 * outside it: `log.arrays` (20 bytes an interaction, and 4 for each further column) and `names.json` (the ids
 * of users and items, and the titles). Further text of the items file is not kept.
 */
export async function storeDataset(folder: string, dataset: Dataset): Promise<void> {
  const { interactions, catalog } = dataset;
  const extra = Object.keys(interactions.extra);
  const unavailable = unavailableItems(catalog);
  const header: Header = { order: interactions.order, weightKind: interactions.weightKind, extra };
  await writeArrays(join(folder, "log.arrays"), header, {
    users: interactions.users,
    items: interactions.items,
    weights: interactions.weights,
    times: interactions.times,
    ...Object.fromEntries(extra.map((name) => [`extra ${name}`, interactions.extra[name]])),
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
  const path = join(folder, "log.arrays");
  const { header, arrays } = await readArrays<Header>(path);
  const names = await readNames(join(folder, "names.json"));
  return {
    name: names.name,
    label: names.label,
    origin: names.origin,
    skippedRows: names.skippedRows,
    notices: names.notices,
    interactions: interactionsOf({ header, arrays, path }, names),
    catalog: catalogOf(names),
  };
}

function interactionsOf(
  { header, arrays, path }: { readonly header: Header; readonly arrays: NamedArrays; readonly path: string },
  names: StoredNames,
): Interactions {
  const users = arrayOf(arrays, "users", Int32Array, path);
  return {
    size: users.length,
    users,
    items: arrayOf(arrays, "items", Int32Array, path),
    weights: arrayOf(arrays, "weights", Float32Array, path),
    times: arrayOf(arrays, "times", Float64Array, path),
    userIds: names.users,
    itemIds: names.items,
    order: header.order,
    weightKind: header.weightKind,
    extra: Object.fromEntries(
      header.extra.map((name) => [name, arrayOf(arrays, `extra ${name}`, Float32Array, path)]),
    ),
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
