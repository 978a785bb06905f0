import { numberOf } from "./attributes";
import { plainName, shortName } from "./columnRoles";
import { type Database, sqlText } from "./duckdb";
import { usualEvents } from "./feedback";
import type { FileHead } from "./fileHead";
import { goesBelowZero, holdsWords, isRating } from "./guessColumns";
import type { Interactions } from "./interactions";
import type { RowRule } from "./readTable";
import { number } from "./rowRules";

/** What each kind of event weighs, where somebody says it. */
type EventWeights = Readonly<Record<string, number>> | undefined;

/** How the weight's column of a log is read. */
export interface Weight {
  readonly kind: Interactions["weightKind"];
  readonly rule: RowRule;
  /** SQL of the weight, a FLOAT. */
  readonly value: string;
  /** Of events: SQL of the kind, and what each kind weighs. */
  readonly kinds?: { readonly sql: string; readonly weights: ReadonlyMap<string, number> };
}

/** Whether numbers are written as 3,5: not in files that commas separate. */
function hasDecimalCommas(head: FileHead, column: number): boolean {
  if (head.kind !== "csv" || head.separator === ",") return false;
  const values = head.sample.map((row) => row[column]).filter((value) => value !== "");
  return (
    values.some((value) => value.includes(",")) && values.every((value) => /^[+-]?\d+(,\d+)?$/.test(value))
  );
}

export function weightOf(head: FileHead, column: number, events: EventWeights): Weight {
  const name = head.columns[column];
  const isPlainName = ["weight", "rating"].includes(name);
  if (
    events !== undefined ||
    (!isPlainName && !hasDecimalCommas(head, column) && holdsWords(head.sample, column))
  )
    return eventWeight(column, events);
  const sql = hasDecimalCommas(head, column) ? `replace(c${column}, ',', '.')` : `c${column}`;
  const value = numberOf(sql, "FLOAT");
  const kind = isRating(name, head.sample, column) ? "rating" : "weight";
  if (goesBelowZero(head.sample, column))
    return { kind, value, rule: number(column, "such a number", "a finite number", { sql, type: "FLOAT" }) };
  const options = { sql, type: "FLOAT", further: (read: string) => [`${read} >= 0`] } as const;
  return { kind, value, rule: number(column, "such a number", "a finite number of at least 0", options) };
}

function eventWeight(column: number, events: EventWeights): Weight {
  const weights =
    events === undefined
      ? usualEvents
      : new Map(Object.entries(events).map(([kind, weight]) => [plainName(kind), weight]));
  const sql = `lower(regexp_replace(c${column}, '[^\\p{L}\\p{N}]', '', 'g'))`;
  const cases = [...weights].map(([kind, weight]) => `WHEN ${sqlText(kind)} THEN ${weight}`);
  const value = `CAST(CASE ${sql} ${cases.join(" ")} END AS FLOAT)`;
  const some = events === undefined ? "view, click, cart, purchase …" : Object.keys(events).join(", ");
  return {
    kind: "event",
    value,
    kinds: { sql, weights },
    rule: {
      broken: `${value} IS NULL`,
      column,
      what: "is not a known kind of event",
      expected: `one of ${some}, or --events KIND=WEIGHT,… with what each weighs`,
    },
  };
}

/** What each kind that occurs weighs, in words. */
export async function eventNotice(
  database: Database,
  table: string,
  column: string,
  { sql, weights }: NonNullable<Weight["kinds"]>,
): Promise<string> {
  const rows = await database.rows(
    `SELECT ${sql}, min(${column}), CAST(count(*) AS DOUBLE) FROM ${table} GROUP BY 1 ORDER BY 3 DESC LIMIT 20`,
  );
  const said = rows.map(([kind, name]) => `${shortName(String(name))} = ${weights.get(String(kind))}`);
  return `events weigh ${said.join(", ")} (--events changes that)`;
}
