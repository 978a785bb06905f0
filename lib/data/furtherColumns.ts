import Fuse from "fuse.js";
import type { Catalog } from "./catalog";
import { InputError } from "./inputError";
import type { Interactions } from "./interactions";
import { type TextColumn, textColumn } from "./textColumns";

/** What a column says something of: a row of the log (in its own words, or by its time), a user, or an item. */
export type ColumnSource = "log" | "time" | "user" | "item";

/**
 * A column beside who, what and how much. It is asked by key: the row of the log (`log`, `time`), of the user, or of
 * the item.
 */
export interface FurtherColumn {
  /** `user.age`: the source and the column's name. */
  readonly name: string;
  readonly source: ColumnSource;
  /** NaN where it is missing. */
  readonly number?: (key: number) => number;
  /** Whole numbers without an order that counts, such as the hour of the day. */
  readonly isKind?: boolean;
  readonly text?: TextColumn;
}

const day = 86_400;

/**
 * All further columns of a log, of its users and, where the catalogue is given, of its items; and what its times say:
 * `time.gap`, seconds since the user's row before (missing at the first), `time.hour` of the day (UTC) and
 * `time.weekday` (0 is Monday). A log without times has none of these three.
 *
 * Each is known when its row is written: a gap looks back, and what is said of users and items is taken to be known from
 * the start (a column that was counted later, such as an item's number of ratings today, is for its owner to leave out).
 *
 * @example furtherColumns(log, catalog).map(({ name }) => name) // ["log.device", "time.gap", "user.age", "item.genres"]
 */
export function furtherColumns(
  log: Interactions,
  items?: Pick<Catalog, "text" | "numbers">,
): FurtherColumn[] {
  const users = log.userColumns;
  return [
    ...numbers("log", log.extra),
    ...Object.entries(log.texts ?? {}).map(([name, text]) => ({ ...named("log", name), text })),
    ...(log.order === "timestamp" ? timeColumns(log) : []),
    ...(users === undefined ? [] : attributes("user", users)),
    ...(items === undefined ? [] : attributes("item", items)),
  ];
}

function named(source: ColumnSource, name: string): Pick<FurtherColumn, "name" | "source"> {
  return { name: `${source}.${name}`, source };
}

function numbers(
  source: ColumnSource,
  columns: Readonly<Record<string, Float32Array | Float64Array>>,
): FurtherColumn[] {
  return Object.entries(columns).map(([name, values]) => ({
    ...named(source, name),
    number: (key) => values[key],
  }));
}

function attributes(source: ColumnSource, { text, numbers: own }: Pick<Catalog, "text" | "numbers">) {
  const texts = Object.entries(text).map(([name, values]) => ({
    ...named(source, name),
    text: textColumn(values),
  }));
  return [...numbers(source, own), ...texts];
}

function timeColumns(log: Interactions): FurtherColumn[] {
  const { times } = log;
  const gap = gaps(log);
  return [
    { ...named("time", "gap"), number: (row) => gap[row] },
    { ...named("time", "hour"), number: (row) => Math.floor(modulo(times[row], day) / 3600), isKind: true },
    // 1 January 1970 was a Thursday.
    {
      ...named("time", "weekday"),
      number: (row) => modulo(Math.floor(times[row] / day) + 3, 7),
      isKind: true,
    },
  ];
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** [rows] seconds since the user's row before; NaN at the first. */
function gaps({ size, users, times, userIds }: Interactions): Float32Array {
  const last = new Float64Array(userIds.length).fill(Number.NaN);
  const result = new Float32Array(size);
  for (let row = 0; row < size; row++) {
    result[row] = times[row] - last[users[row]];
    last[users[row]] = times[row];
  }
  return result;
}

/**
 * The columns of these names, in the order asked for. A name may go without its source where one column has it.
 *
 * @throws InputError naming the first that is none or may mean several, with the columns there are.
 * @example namedColumns(columns, ["age", "item.genres"])
 */
export function namedColumns(
  columns: readonly FurtherColumn[],
  names: readonly string[],
  setting = "nextItem.features",
): FurtherColumn[] {
  const all = columns.map(({ name }) => name);
  const found = names.map((wanted) => {
    const exact = columns.filter(({ name }) => name === wanted);
    const matches =
      exact.length > 0 ? exact : columns.filter(({ name }) => name.slice(name.indexOf(".") + 1) === wanted);
    if (matches.length === 1) return matches[0];
    if (matches.length > 1)
      throw new InputError(`${setting}: "${wanted}" may mean several columns`, {
        expected: matches.map(({ name }) => name).join(" or "),
      });
    const near = new Fuse(all, { threshold: 0.5 }).search(wanted.slice(0, 32))[0]?.item;
    const meant = near === undefined ? "" : ` (did you mean ${near}?)`;
    throw new InputError(`${setting}: no column "${wanted.slice(0, 40)}"${meant}`, {
      expected: all.length === 0 ? "none: this log has no further columns" : `some of ${all.join(", ")}`,
    });
  });
  return [...new Set(found)];
}
