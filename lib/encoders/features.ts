import type { Catalog } from "../data/catalog";
import { type FurtherColumn, furtherColumns, namedColumns } from "../data/furtherColumns";
import type { Histories } from "../data/histories";
import type { Interactions } from "../data/interactions";
import type { TextColumn } from "../data/textColumns";

/**
 * A further column as inputs of the next-item model, scaled by the entries that are learned from and nothing else.
 *
 * "rank": a number by its rank among them, −1 to 1 (33 quantiles, linear between; prices, gaps and counts need no
 * logarithm then), and 1 where it is missing. "kinds": a 1 for the value, among the commonest 32; one place for all
 * others and one for "missing". A text that is a list ("Action, Comedy") has each of its n parts, as 1/√n.
 */
export type FittedColumn = Pick<FurtherColumn, "name" | "source"> &
  (
    | { readonly kind: "rank"; readonly knots: readonly number[] }
    | { readonly kind: "kinds"; readonly values: readonly (string | number)[] }
  );

/** What is kept in a model's file of the columns it reads. */
export interface Features {
  /** Those of the log, of time and of users, then those of items. */
  readonly columns: readonly FittedColumn[];
  /** [N × width of the item columns], the inputs of every item. */
  readonly items: Float32Array;
}

/** What further columns say of the entries of some histories. */
export interface EntryFeatures {
  /** F */
  readonly width: number;
  /**
   * Writes the F inputs of an entry at a place of a row of zeros.
   *
   * @param isHidden as if the user and the row were not known: what people who are not in the log have
   */
  write(entry: number, into: Float32Array, at: number, isHidden?: boolean): void;
}

const mostKinds = 32;
/** Whole numbers of so few values are kinds. */
const fewNumbers = 12;
const knotCount = 33;
/** Quantiles are taken of this many entries, evenly spread, where there are more. */
const mostSampled = 200_000;

/** Inputs of a column. */
function widthOf(column: FittedColumn): number {
  return column.kind === "rank" ? 2 : column.values.length + 2;
}

/** F: numbers that further columns add to each entry's input; 0 without any. */
export function featureWidth(features: Pick<Features, "columns"> | undefined): number {
  return features === undefined ? 0 : features.columns.reduce((sum, column) => sum + widthOf(column), 0);
}

/**
 * Columns as inputs, scaled by the entries of these histories.
 *
 * `names` lists columns (see `furtherColumns`); "auto" takes all that vary, but for texts whose commonest 32 values are
 * less than half of the entries (comments, ids) and texts and whole numbers that are different for nearly every user or
 * item (names, ids again).
 *
 * @returns nothing where no column is left
 * @throws InputError for a name that is no column.
 */
export function fitFeatures(
  names: readonly string[] | "auto",
  histories: Histories,
  items?: Pick<Catalog, "size" | "text" | "numbers">,
): Features | undefined {
  const { log } = histories;
  if (log === undefined) {
    if (names === "auto") return undefined;
    throw new Error("fitFeatures requires histories of a log, got some that come from none");
  }
  const all = furtherColumns(log, items);
  const chosen = names === "auto" ? all : namedColumns(all, names);
  const keys = { row: histories.rows, item: histories.items, users: log.users };
  const fitted = chosen.flatMap((column) => {
    const counted = countedBy(column, keys);
    const fit = fittedColumn(column, counted);
    const size = { log: 0, time: 0, user: log.userIds.length, item: items?.size ?? 0 }[column.source];
    const isTaken = names !== "auto" || (isUseful(fit, counted) && !holdsIds(column, size));
    return isTaken ? [{ column, fit }] : [];
  });
  if (fitted.length === 0) return undefined;
  const columns = [
    ...fitted.filter(({ fit }) => fit.source !== "item"),
    ...fitted.filter(({ fit }) => fit.source === "item"),
  ];
  return {
    columns: columns.map(({ fit }) => fit),
    items: itemInputs(
      columns.filter(({ fit }) => fit.source === "item"),
      items?.size ?? 0,
    ),
  };
}

/** How often a column has each number, or each part of its texts, in the entries. */
interface Counted {
  readonly entries: number;
  readonly filled: number;
  readonly counts: ReadonlyMap<string | number, number>;
  /** Ascending numbers of some entries, for quantiles. */
  readonly sorted: Float64Array;
}

function countedBy(
  { source, number, text }: FurtherColumn,
  keys: { readonly row: Int32Array; readonly item: Int32Array; readonly users: Int32Array },
): Counted {
  const entries = keys.row.length;
  const keyOf = (entry: number): number =>
    source === "item" ? keys.item[entry] : source === "user" ? keys.users[keys.row[entry]] : keys.row[entry];
  const counts = new Map<string | number, number>();
  let filled = 0;
  if (text !== undefined) {
    const ofCode = new Int32Array(text.values.length);
    for (let entry = 0; entry < entries; entry++) {
      const code = text.codes[keyOf(entry)];
      if (code < 0) continue;
      filled++;
      ofCode[code]++;
    }
    text.values.forEach((value, code) => {
      if (ofCode[code] > 0)
        for (const part of partsOf(value)) counts.set(part, (counts.get(part) ?? 0) + ofCode[code]);
    });
    return { entries, filled, counts, sorted: new Float64Array(0) };
  }
  const step = Math.max(1, Math.ceil(entries / mostSampled));
  const sampled: number[] = [];
  for (let entry = 0; entry < entries; entry += step) {
    const value = number!(keyOf(entry));
    if (Number.isNaN(value)) continue;
    filled += step;
    sampled.push(value);
    counts.set(value, (counts.get(value) ?? 0) + step);
  }
  return { entries, filled, counts, sorted: Float64Array.from(sampled).sort() };
}

/** The parts of a text that is a list; itself where it is none. */
function partsOf(text: string): string[] {
  return [...new Set(text.split(/\s*[|,;]\s*/).filter((part) => part !== ""))];
}

function fittedColumn(column: FurtherColumn, { counts, sorted }: Counted): FittedColumn {
  const { name, source } = column;
  const isFew = counts.size <= fewNumbers && [...counts.keys()].every(Number.isInteger);
  if (column.text === undefined && column.isKind !== true && !isFew) {
    const knots = Array.from(
      { length: knotCount },
      (_, i) => sorted[Math.round((i / (knotCount - 1)) * (sorted.length - 1))],
    );
    return { name, source, kind: "rank", knots };
  }
  // Ties go to the smaller value: the same columns give the same inputs.
  const values = [...counts]
    .sort(([a, times], [b, others]) => others - times || (a < b ? -1 : 1))
    .slice(0, mostKinds)
    .map(([value]) => value);
  return { name, source, kind: "kinds", values };
}

/** Whether a column varies, and what is kept of it says something of most entries. */
function isUseful(fit: FittedColumn, { entries, filled, counts }: Counted): boolean {
  const varies = counts.size > 1 || (counts.size === 1 && filled < entries);
  if (!varies || fit.kind === "rank") return varies;
  const kept = fit.values.reduce((sum: number, value) => sum + counts.get(value)!, 0);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return 2 * kept >= all;
}

/** Whether these are texts or whole numbers that hardly ever come twice among users or items: names, ids somewhere else. */
function holdsIds({ number, text }: FurtherColumn, size: number): boolean {
  if (size === 0) return false;
  if (number === undefined) return text!.values.length > 0.9 * text!.codes.filter((code) => code >= 0).length;
  const values = Array.from({ length: size }, (_, key) => number(key)).filter(
    (value) => !Number.isNaN(value),
  );
  return values.every(Number.isInteger) && new Set(values).size > 0.9 * values.length;
}

/** Writes what a key has into a row of zeros; a key below 0 has nothing that is known. */
type Write = (key: number, into: Float32Array, at: number) => void;

function writerOf(column: FurtherColumn, fit: FittedColumn): Write {
  if (fit.kind === "rank") {
    const knots = Float64Array.from(fit.knots);
    return (key, into, at) => {
      const value = key < 0 ? Number.NaN : column.number!(key);
      if (Number.isNaN(value)) into[at + 1] = 1;
      else into[at] = rankOf(value, knots);
    };
  }
  const place = new Map(fit.values.map((value, i) => [value, i]));
  const [other, missing] = [fit.values.length, fit.values.length + 1];
  if (column.text === undefined)
    return (key, into, at) => {
      const value = key < 0 ? Number.NaN : column.number!(key);
      into[at + (Number.isNaN(value) ? missing : (place.get(value) ?? other))] = 1;
    };
  const { codes, values } = column.text as TextColumn;
  const places = values.map((value) => partsOf(value).map((part) => place.get(part) ?? other));
  return (key, into, at) => {
    const code = key < 0 ? -1 : codes[key];
    if (code < 0) into[at + missing] = 1;
    else for (const part of places[code]) into[at + part] = 1 / Math.sqrt(places[code].length);
  };
}

/**
 * Where a number stands among ascending quantiles, −1 (the smallest and below) to 1; the middle of those it equals.
 *
 * @example rankOf(15, Float64Array.of(0, 10, 20)) // 0.5
 */
export function rankOf(value: number, knots: Float64Array): number {
  const last = knots.length - 1;
  const [from, to] = [firstFrom(knots, value, false), firstFrom(knots, value, true) - 1];
  if (from > last) return 1;
  if (to < 0) return -1;
  const place = from <= to ? (from + to) / 2 : to + (value - knots[to]) / (knots[from] - knots[to]);
  return last === 0 ? 0 : (2 * place) / last - 1;
}

/** The first place whose knot is not below (or, `beyond`, above) a value. */
function firstFrom(knots: Float64Array, value: number, beyond: boolean): number {
  let [low, high] = [0, knots.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (knots[middle] < value || (beyond && knots[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function itemInputs(
  columns: readonly { readonly column: FurtherColumn; readonly fit: FittedColumn }[],
  size: number,
): Float32Array {
  const width = featureWidth({ columns: columns.map(({ fit }) => fit) });
  const inputs = new Float32Array(size * width);
  let start = 0;
  for (const { column, fit } of columns) {
    const write = writerOf(column, fit);
    for (let item = 0; item < size; item++) write(item, inputs, item * width + start);
    start += widthOf(fit);
  }
  return inputs;
}

/** Reads what fitted columns say of entries; the columns of a log are looked up once. */
export interface FeatureReader {
  /** F */
  readonly width: number;
  /** @throws when the histories' log has not all of the columns. */
  of(histories: Histories): EntryFeatures;
}

/**
 * Reads columns of whatever log histories come from. An entry that comes from no row (somebody who is not in the log, an
 * item said by hand) has its item's columns; those of the log, of time and of the user are "missing".
 *
 * @example featureReader(features).of(histories).write(0, row, 0)
 */
export function featureReader({ columns, items }: Features): FeatureReader {
  const width = featureWidth({ columns });
  const ofRows = columns.filter(({ source }) => source !== "item");
  const itemWidth = featureWidth({ columns: columns.filter(({ source }) => source === "item") });
  const known = new WeakMap<Interactions, readonly Write[]>();
  const nothing = ofRows.map((fit) =>
    writerOf({ name: fit.name, source: fit.source, ...noValues(fit) }, fit),
  );
  const writersOf = (log: Interactions): readonly Write[] => {
    const all = new Map(furtherColumns(log).map((column) => [column.name, column]));
    return ofRows.map((fit) => {
      const column = all.get(fit.name);
      if (column === undefined)
        throw new Error(`featureReader requires a log with a column ${fit.name}, got one without`);
      return writerOf(column, fit);
    });
  };
  return {
    width,
    of({ rows, items: entryItems, log }) {
      const writers = log === undefined || ofRows.length === 0 ? nothing : (known.get(log) ?? writersOf(log));
      if (log !== undefined) known.set(log, writers);
      return {
        width,
        write(entry, into, at, isHidden = false) {
          const row = isHidden ? -1 : rows[entry];
          if (row >= 0 && log === undefined && ofRows.length > 0)
            throw new Error("featureReader requires histories that know their log, got rows of none");
          const user = row < 0 || log === undefined ? -1 : log.users[row];
          let place = at;
          ofRows.forEach((fit, i) => {
            writers[i](fit.source === "user" ? user : row, into, place);
            place += widthOf(fit);
          });
          const item = entryItems[entry] * itemWidth;
          into.set(items.subarray(item, item + itemWidth), place);
        },
      };
    },
  };
}

/** A column of which nothing is known. */
function noValues(fit: FittedColumn): Pick<FurtherColumn, "number" | "text"> {
  return fit.kind === "kinds" && typeof fit.values[0] === "string"
    ? { text: { codes: new Int32Array(0), values: [] } }
    : { number: () => Number.NaN };
}
