import { basename } from "node:path";
import { interactionRoles, isKnownName, plainName, type RoleNames, ratingNames } from "./columnRoles";
import type { Database } from "./duckdb";
import { type FileHead, isNumberOrTime, readHead } from "./fileHead";

type Rows = readonly (readonly string[])[];

/** Epoch seconds from 1985 to 2100, and the same in milliseconds, microseconds. */
const [earliest, latest] = [4.7e8, 4.1e9];

/** Fewer rows tell nothing. */
const fewest = 3;

/** Whether all values of a column, of which there are some, are times: epochs of our days, or ISO 8601. */
export function looksLikeTime(
  rows: Rows,
  column: number,
  { least = fewest }: { readonly least?: number } = {},
): boolean {
  const values = valuesOf(rows, column);
  return values.length >= least && values.every(isTimeOfOurs);
}

function isTimeOfOurs(value: string): boolean {
  if (/^\s*\d{4}[-/]\d\d?[-/]\d\d?([ T].*)?$/.test(value)) return true;
  if (!/^\s*\d+(\.\d*)?\s*$/.test(value)) return false;
  const number = Number(value);
  return [1, 1e3, 1e6].some((unit) => number >= earliest * unit && number < latest * unit);
}

/** Names of times that are not when the row happened. */
const ofSomethingElse = /birth|sign|regist|releas|publi|expir|updat|end|modif|delet/i;

/**
 * Which further column is the time of a log whose header does not say so: the one whose values are times and whose name
 * speaks of nothing else, where there is just one.
 *
 * @param columns places to look at
 * @returns the column, and otherwise those that may be meant
 */
export function guessTime(
  names: readonly string[],
  rows: Rows,
  columns: readonly number[],
): { readonly column?: number; readonly candidates: readonly number[] } {
  const candidates = columns.filter((c) => looksLikeTime(rows, c));
  const likely = candidates.filter((c) => !ofSomethingElse.test(names[c]));
  return likely.length === 1 ? { column: likely[0], candidates } : { candidates };
}

/**
 * Names of the columns of a log without a header line: user, item, then rating (or weight) and time, told apart by
 * their values; undefined where that cannot be told.
 */
export function guessLogNames(rows: Rows): string[] | undefined {
  const width = rows[0]?.length ?? 0;
  if (width < 2 || width > 4) return undefined;
  const names = ["user_id", "item_id"];
  const rest = width === 2 ? [] : width === 3 ? [2] : [2, 3];
  const times = rest.filter((c) => looksLikeTime(rows, c, { least: 1 }));
  const numbers = rest.filter((c) => !times.includes(c) && valuesOf(rows, c).every(isNumberOrTime));
  if (times.length > 1 || numbers.length > 1 || times.length + numbers.length < rest.length) return undefined;
  for (const c of times) names[c] = "timestamp";
  for (const c of numbers) names[c] = isRating("", rows, c) ? "rating" : "weight";
  return names;
}

/**
 * The head of a file of items or users, whose columns get names where it has no header line.
 *
 * @param guess names for so many columns
 */
export async function readNamedHead(
  database: Database,
  file: string,
  { roles, guess }: { readonly roles: RoleNames; readonly guess: (width: number) => string[] },
): Promise<FileHead> {
  const head = await readHead(database, file, { headerless: roles });
  if (head.kind !== "csv" || head.headerLine > 0) return head;
  const columns = guess(head.columns.length);
  const notice = `${basename(file)} has no header line: columns taken as ${columns.join(", ")}`;
  return { ...head, columns, notices: [...head.notices, notice] };
}

/** Names of the columns of an items file without a header line: the id, the title, and the others by their place. */
export function guessItemNames(width: number): string[] {
  return Array.from({ length: width }, (_, c) =>
    c === 0 ? "item_id" : c === 1 ? "title" : `column ${c + 1}`,
  );
}

/** Names of the columns of a users file without a header line. */
export function guessUserNames(width: number): string[] {
  return Array.from({ length: width }, (_, c) => (c === 0 ? "user_id" : `column ${c + 1}`));
}

/** Whether a weight is a rating: by its column's name, and where that says nothing, by its values: 10 at most. */
export function isRating(name: string, rows: Rows, column: number): boolean {
  const plain = plainName(name);
  if (ratingNames.includes(plain)) return true;
  if (isKnownName(name, { weight: interactionRoles.weight })) return false;
  return valuesOf(rows, column).every((value) => Number(value) >= -10 && Number(value) <= 10);
}

/** Whether a column holds words: most of its values are no numbers. */
export function holdsWords(rows: Rows, column: number): boolean {
  const values = valuesOf(rows, column);
  return values.filter((value) => !Number.isFinite(Number(value))).length > values.length / 2;
}

/**
 * Whether a weight goes below zero, so that negative values are no mistakes: of a hundred rows and more one in twenty is
 * negative. In fewer rows that cannot be told.
 */
export function goesBelowZero(rows: Rows, column: number): boolean {
  const values = valuesOf(rows, column);
  return values.length >= 100 && values.filter((value) => Number(value) < 0).length >= values.length / 20;
}

function valuesOf(rows: Rows, column: number): string[] {
  return rows.map((row) => row[column] ?? "").filter((value) => value.trim() !== "");
}
