import { type FurtherColumn, furtherColumns } from "../data/furtherColumns";
import type { Histories } from "../data/histories";
import type { Interactions } from "../data/interactions";
import type { TextColumn } from "../data/textColumns";

/**
 * A further column as inputs of the next-item model, scaled by the entries that are learned from and nothing else.
 *
 * "rank": a number by its rank among them, −1 to 1 (33 quantiles, linear between; prices, gaps and counts need no
 * logarithm then), and 1 where it is missing. "kinds": a 1 for the value, among the commonest 32; one place for all
 * others and one for "missing". A text that is a list ("Action, Comedy") has each of its n parts, as 1/√n.
 *
 * The state after an entry knows the columns of that entry and of those before it. What is known only when somebody asks
 * (the hour then, how long ago the last entry was) is not given to it.
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
  /** How many columns there are; and of them the first ones, those of the log, of time and of users. */
  readonly columns: number;
  readonly ofRows: number;
  /**
   * Writes the F inputs of an entry at a place of a row of zeros.
   *
   * @param hidden [columns] 1 for columns that are written as missing
   */
  write(entry: number, into: Float32Array, at: number, hidden?: ArrayLike<number>): void;
}

/** Inputs of a column. */
function widthOf(column: FittedColumn): number {
  return column.kind === "rank" ? 2 : column.values.length + 2;
}

/** F: numbers that further columns add to each entry's input; 0 without any. */
export function featureWidth(features: Pick<Features, "columns"> | undefined): number {
  return features === undefined ? 0 : features.columns.reduce((sum, column) => sum + widthOf(column), 0);
}

/** The parts of a text that is a list; itself where it is none. */
export function partsOf(text: string): string[] {
  return [...new Set(text.split(/\s*[|,;]\s*/).filter((part) => part !== ""))];
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

/** [size × F], what each item's columns say. */
export function itemInputs(
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
  const ofItems = columns.filter(({ source }) => source === "item");
  const itemWidth = featureWidth({ columns: ofItems });
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
  /** The last input of every column says that it is missing. */
  const hide = (hidden: ArrayLike<number>, into: Float32Array, at: number): void => {
    let place = at;
    columns.forEach((fit, i) => {
      const end = place + widthOf(fit);
      if (hidden[i] !== 0) into.fill(0, place, end - 1)[end - 1] = 1;
      place = end;
    });
  };
  return {
    width,
    of({ rows, items: entryItems, log }) {
      const writers = log === undefined || ofRows.length === 0 ? nothing : (known.get(log) ?? writersOf(log));
      if (log !== undefined) known.set(log, writers);
      return {
        width,
        columns: columns.length,
        ofRows: ofRows.length,
        write(entry, into, at, hidden) {
          const row = rows[entry];
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
          if (hidden !== undefined) hide(hidden, into, at);
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
