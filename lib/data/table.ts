import type { DataFrame } from "danfojs-node";
import { tf } from "../tensors/tf";
import type { Dataset } from "./dataset";

export type { DataFrame } from "danfojs-node";

/** A column of a table: text, or numbers of any kind. */
export type TableColumn = readonly string[] | ArrayLike<number>;

/**
 * A danfojs table of named columns, for what notebooks show (sorting, grouping, describing some thousand rows).
 * The log itself stays in typed arrays. This is the only file that names danfojs; it is loaded on first use.
 *
 * @throws when there are no columns, no rows, or columns of different lengths.
 * @example table({ title: ["Emma", "Dune"], rating: [5, 4] }).sortValues("rating").values // [["Dune", 4], ["Emma", 5]]
 */
export function table(columns: Readonly<Record<string, TableColumn>>): DataFrame {
  const names = Object.keys(columns);
  const size = columns[names[0] ?? ""]?.length ?? 0;
  if (names.length === 0 || size === 0)
    throw new Error("table requires a column with at least one row, got none");
  for (const name of names)
    if (columns[name]!.length !== size)
      throw new Error(
        `table requires columns of one length, got ${size} and ${columns[name]!.length} ("${name}")`,
      );
  // danfojs loads TensorFlow itself: through the door first, so that it is silenced and patched.
  tf();
  const danfo = require("danfojs-node") as typeof import("danfojs-node");
  const plain: Record<string, (string | number)[]> = {};
  for (const name of names) plain[name] = Array.from(columns[name] as ArrayLike<string | number>);
  return new danfo.DataFrame(plain);
}

/**
 * Items as a table: id, title, and the further columns named.
 *
 * @param rows item rows, in the order wanted
 * @throws when a column is neither text nor numbers of the catalogue.
 * @example itemTable(dataset, [0, 1], { columns: ["authors"] }).columns // ["item_id", "title", "authors"]
 */
export function itemTable(
  dataset: Pick<Dataset, "catalog">,
  rows: ArrayLike<number>,
  options: { readonly columns?: readonly string[] } = {},
): DataFrame {
  const { catalog } = dataset;
  const columns: Record<string, TableColumn> = {
    item_id: Array.from(rows, (row) => catalog.ids[row]!),
    title: Array.from(rows, (row) => catalog.titles[row]!),
  };
  for (const name of options.columns ?? []) {
    const [text, numbers] = [catalog.text[name], catalog.numbers[name]];
    if (text === undefined && numbers === undefined) {
      const known = [...Object.keys(catalog.text), ...Object.keys(catalog.numbers)].join(", ");
      throw new Error(`itemTable requires columns among ${known}, got "${name}"`);
    }
    columns[name] = text ? Array.from(rows, (row) => text[row]!) : Array.from(rows, (row) => numbers![row]!);
  }
  return table(columns);
}

/**
 * Rows of the log as a table: user, title, rating (or weight), and the time (ISO 8601) or the row number.
 *
 * @param rows rows of the interactions, in the order wanted (a history's `rows`, the head of the log ...)
 * @example interactionTable(dataset, [0, 1, 2]).shape // [3, 4]
 */
export function interactionTable(
  dataset: Pick<Dataset, "catalog" | "interactions">,
  rows: ArrayLike<number>,
): DataFrame {
  const { interactions: log, catalog } = dataset;
  const isTimed = log.order === "timestamp";
  return table({
    user_id: Array.from(rows, (row) => log.userIds[log.users[row]!]!),
    title: Array.from(rows, (row) => catalog.titles[log.items[row]!]!),
    [log.weightKind]: Array.from(rows, (row) => log.weights[row]!),
    ...(isTimed
      ? { time: Array.from(rows, (row) => new Date(log.times[row]! * 1000).toISOString().slice(0, 19)) }
      : { row: Array.from(rows, (row) => log.times[row]!) }),
  });
}
