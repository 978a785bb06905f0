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
  /** Where further columns are kept: the names of those that are arrays. */
  readonly texts?: readonly string[];
  readonly userNumbers?: readonly string[];
  readonly itemNumbers?: readonly string[];
}

type Words = Readonly<Record<string, readonly string[]>>;

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
  /** The values of the log's text columns, and the text columns of users and items, where further columns are kept. */
  readonly textValues?: Words;
  readonly userText?: Words;
  readonly itemText?: Words;
}

/**
 * Keeps a log and its catalogue inside a run folder, so that recommending, evaluating and resuming need nothing
 * outside it: `log.arrays` (20 bytes an interaction, and 4 for each further column) and `names.json` (the ids
 * of users and items, and the titles).
 *
 * Further columns of items are kept always: a service filters by them.
 *
 * @param options.columns keep the further columns of users and the log's text, too, for models that read some
 *   of them; they are left out by default
 */
export async function storeDataset(
  folder: string,
  dataset: Dataset,
  { columns = false }: { readonly columns?: boolean } = {},
): Promise<void> {
  const { interactions, catalog } = dataset;
  const extra = Object.keys(interactions.extra);
  const unavailable = unavailableItems(catalog);
  const { texts = {}, userColumns = { text: {}, numbers: {} } } = columns ? interactions : {};
  const header: Header = {
    ...{ order: interactions.order, weightKind: interactions.weightKind, extra },
    itemNumbers: Object.keys(catalog.numbers),
    ...(columns && { texts: Object.keys(texts), userNumbers: Object.keys(userColumns.numbers) }),
  };
  await writeArrays(join(folder, "log.arrays"), header, {
    users: interactions.users,
    items: interactions.items,
    weights: interactions.weights,
    times: interactions.times,
    ...prefixed("extra", interactions.extra),
    ...prefixed("text", Object.fromEntries(Object.entries(texts).map(([name, { codes }]) => [name, codes]))),
    ...prefixed("user", userColumns.numbers),
    ...prefixed("item", catalog.numbers),
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
    ...(columns && {
      textValues: Object.fromEntries(Object.entries(texts).map(([name, { values }]) => [name, values])),
      userText: userColumns.text,
    }),
    itemText: catalog.text,
  };
  await writeAtomically(join(folder, "names.json"), `${JSON.stringify(names)}\n`);
}

function prefixed(word: string, columns: NamedArrays): NamedArrays {
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [`${word} ${name}`, values]));
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
    catalog: catalogOf(names, numbersOf("item", header.itemNumbers, { arrays, path })),
  };
}

function numbersOf(
  word: string,
  columns: readonly string[] = [],
  { arrays, path }: { readonly arrays: NamedArrays; readonly path: string },
): Record<string, Float64Array> {
  return Object.fromEntries(
    columns.map((name) => [name, arrayOf(arrays, `${word} ${name}`, Float64Array, path)]),
  );
}

function interactionsOf(
  { header, arrays, path }: { readonly header: Header; readonly arrays: NamedArrays; readonly path: string },
  names: StoredNames,
): Interactions {
  const users = arrayOf(arrays, "users", Int32Array, path);
  const { texts = [], userNumbers } = header;
  const userText = names.userText ?? {};
  const hasUserColumns = (userNumbers ?? []).length + Object.keys(userText).length > 0;
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
    ...(texts.length > 0 && {
      texts: Object.fromEntries(
        texts.map((name) => [
          name,
          {
            codes: arrayOf(arrays, `text ${name}`, Int32Array, path),
            values: names.textValues?.[name] ?? [],
          },
        ]),
      ),
    }),
    ...(hasUserColumns && {
      userColumns: { text: userText, numbers: numbersOf("user", userNumbers, { arrays, path }) },
    }),
  };
}

async function readNames(file: string): Promise<StoredNames> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as StoredNames;
  } catch (cause) {
    throw new InputError(`cannot be read (${(cause as Error).message})`, { file });
  }
}

function catalogOf(
  { items: ids, titles, unavailable = [], itemText = {} }: StoredNames,
  itemNumbers: Catalog["numbers"],
): Catalog {
  const rows = new Map(ids.map((id, row) => [id, row]));
  const available = new Float64Array(ids.length).fill(1);
  for (const row of unavailable) available[row] = 0;
  const numbers: Catalog["numbers"] = unavailable.length > 0 ? { available, ...itemNumbers } : itemNumbers;
  return { size: ids.length, ids, titles, text: itemText, numbers, rowOf: (id) => rows.get(id) ?? -1 };
}
