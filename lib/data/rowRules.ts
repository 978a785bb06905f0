import { numberOf, timeOf, timesRead } from "./attributes";
import type { RowRule } from "./readTable";

/** An id (or whatever is expected) must be there. */
export function filled(column: number, expected = "an id"): RowRule {
  return { broken: `c${column} IS NULL`, column, what: "is empty", expected };
}

/**
 * Of several rows with one key the first is good. Rows that lack a part of the key are left to other rules.
 *
 * @param key SQL over the row, a column such as "c0" mostly
 */
export function once(table: string, key: readonly string[], rule: Omit<RowRule, "broken">): RowRule {
  const whole = key.map((part) => `${part} IS NOT NULL`).join(" AND ");
  const first = `SELECT min(rowid) FROM ${table} GROUP BY ${key.join(", ")}`;
  return { broken: `${whole} AND rowid NOT IN (${first})`, ...rule };
}

/**
 * Where there is an id, another file must know it.
 *
 * @param ids SQL of the ids that are known
 */
export function known(column: number, ids: string, rule: Pick<RowRule, "what" | "expected">): RowRule {
  return { broken: `c${column} IS NOT NULL AND c${column} NOT IN (${ids})`, column, ...rule };
}

/** The rules of a table with one row for each id. */
export function idRules(table: string, column: number): RowRule[] {
  const twice = { column, what: "comes a second time", expected: "every id once" };
  return [filled(column), once(table, [`c${column}`], twice)];
}

/**
 * A finite number, and whatever more must be true of it.
 *
 * @param what as in "is not a score"
 * @param options.further SQL conditions on the number's SQL
 */
export function number(
  column: number,
  what: string,
  expected: string,
  options: {
    readonly type?: "DOUBLE" | "FLOAT";
    readonly further?: (value: string) => readonly string[];
    /** Of the text that is read as a number; the column as it stands by default. */
    readonly sql?: string;
  } = {},
): RowRule {
  const value = numberOf(options.sql ?? `c${column}`, options.type);
  const all = [`isfinite(${value})`, ...(options.further?.(value) ?? [])].join(" AND ");
  return { broken: `NOT coalesce(${all}, false)`, column, what: `is not ${what}`, expected };
}

/** Further, of a number: above 0 and at most 1. */
export function isShare(value: string): readonly string[] {
  return [`${value} > 0`, `${value} <= 1`];
}

/** A time, as `timeOf` reads it. */
export function time(column: number, expected = timesRead): RowRule {
  return {
    broken: `NOT coalesce(isfinite(${timeOf(`c${column}`)}), false)`,
    column,
    what: "is not a time",
    expected,
  };
}
