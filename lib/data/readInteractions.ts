import { basename } from "node:path";
import { numberOf, numericColumns, timeOf } from "./attributes";
import { type Catalog, catalogOfIds } from "./catalog";
import { findRoles, interactionRoles } from "./columnRoles";
import type { Dataset } from "./dataset";
import { type Database, openDatabase } from "./duckdb";
import { headerPlace, readHead } from "./fileHead";
import { codesToRows, idCodes } from "./idCodes";
import type { Interactions } from "./interactions";
import { readItems } from "./readItems";
import { type RowRule, readTable } from "./readTable";
import { readUsers } from "./readUsers";
import { filled, number, time } from "./rowRules";

/** Seconds beyond this are after the year 5000. */
const latestSeconds = 1e11;

/** The files of a dataset. */
export interface DatasetFiles {
  readonly interactions: string;
  readonly items?: string;
  readonly users?: string;
}

/**
 * Reads interactions, and items and users where given, from CSV or Parquet.
 *
 * The catalogue is the items file where there is one (an interaction with an item it does not list is a bad
 * row), else the ids of the interactions.
 *
 * @param options.needed further columns that must hold a number in every row, as a reward made of them does
 * @throws InputError on bad files and rows; with `skipBadRows` bad rows are counted and left out.
 * @example await readDataset({ interactions: "ratings.csv", items: "books.csv" })
 */
export async function readDataset(
  files: DatasetFiles,
  options: {
    readonly skipBadRows?: boolean;
    readonly label?: string;
    readonly name?: string;
    readonly needed?: readonly string[];
  } = {},
): Promise<Dataset> {
  const database = await openDatabase();
  try {
    const items = files.items === undefined ? undefined : await readItems(database, files.items, options);
    const log = await readInteractions(database, files.interactions, {
      ...options,
      catalog: items?.catalog,
      listed: items?.listed,
    });
    const users =
      files.users === undefined
        ? undefined
        : await readUsers(database, files.users, { ...options, ids: log.interactions.userIds });
    const skippedRows = log.skippedRows + (items?.skippedRows ?? 0) + (users?.skippedRows ?? 0);
    const notices = [...log.notices];
    if (skippedRows > 0) notices.push(`${skippedRows.toLocaleString("en-US")} bad rows were left out`);
    const name = options.name ?? basename(files.interactions);
    return {
      name,
      label: options.label ?? `${name} (${countsOf(log.interactions)})`,
      origin: files.interactions,
      interactions: log.interactions,
      catalog: items?.catalog ?? catalogOfIds(log.interactions.itemIds),
      ...(users === undefined ? {} : { users: users.users }),
      skippedRows,
      notices,
    };
  } finally {
    database.close();
  }
}

/** "943 users, 100,000 ratings", the tail of a label. */
export function countsOf(interactions: Interactions, words: { readonly users?: string } = {}): string {
  const rows = interactions.weightKind === "rating" ? "ratings" : "interactions";
  const users = interactions.userIds.length.toLocaleString("en-US");
  return `${users} ${words.users ?? "users"}, ${interactions.size.toLocaleString("en-US")} ${rows}`;
}

/**
 * Reads a log into columns sorted stably by (time, file row).
 *
 * @param options.listed SQL of the items file's ids, where there is one
 * @throws InputError on a bad file or bad rows.
 */
async function readInteractions(
  database: Database,
  file: string,
  options: {
    readonly skipBadRows?: boolean;
    readonly catalog?: Catalog;
    readonly listed?: string;
    readonly needed?: readonly string[];
  },
): Promise<{
  readonly interactions: Interactions;
  readonly skippedRows: number;
  readonly notices: string[];
}> {
  const head = await readHead(database, file, { headerless: interactionRoles });
  const roles = findRoles(head.columns, interactionRoles, headerPlace(head));
  const table = "interactions_file";
  const used = [roles.user, roles.item, roles.weight, roles.time];
  const further = head.columns.map((_, c) => c).filter((c) => !used.includes(c));
  const needed = further.filter((c) => options.needed?.includes(head.columns[c]!));
  const rules = [...rowRules(roles, options.listed), ...needed.map(neededRule)];
  const { size, skippedRows } = await readTable(database, head, { ...options, name: table, rules });

  const notices: string[] = [];
  const numeric = await numericColumns(database, table, further, "FLOAT");
  const left = further.filter((c) => !numeric.includes(c)).map((c) => head.columns[c]!);
  if (left.length > 0) notices.push(`columns that are not numeric are left out: ${left.join(", ")}`);
  if (roles.weight === undefined) notices.push("no weight or rating column: every row has weight 1");

  const userCodes = await idCodes(database, table, `c${roles.user}`);
  const itemCodes = await idCodes(database, table, `c${roles.item}`);
  const selected = [
    userCodes.code,
    itemCodes.code,
    roles.weight === undefined ? "1::FLOAT" : numberOf(`c${roles.weight}`, "FLOAT"),
    ...(roles.time === undefined ? [] : [timeOf(`c${roles.time}`)]),
    ...numeric.map((c) => `coalesce(${numberOf(`c${c}`, "FLOAT")}, 'nan'::FLOAT)`),
  ];
  const order = roles.time === undefined ? "" : ` ORDER BY ${timeOf(`c${roles.time}`)}, rowid`;
  const columns = await database.columns(`SELECT ${selected.join(", ")} FROM ${table}${order}`);
  const firstExtra = roles.time === undefined ? 3 : 4;
  const [users, items, weights] = columns as [Int32Array, Int32Array, Float32Array];
  const interactions: Interactions = {
    size,
    users,
    items,
    weights,
    times: roles.time === undefined ? rowNumbers(size) : (columns[3] as Float64Array),
    userIds: codesToRows(users, userCodes).ids,
    itemIds: codesToRows(items, itemCodes, { known: options.catalog }).ids,
    order: roles.time === undefined ? "row order" : "timestamp",
    weightKind: roles.weight !== undefined && head.columns[roles.weight] === "rating" ? "rating" : "weight",
    extra: Object.fromEntries(
      numeric.map((c, i) => [head.columns[c]!, columns[firstExtra + i] as Float32Array]),
    ),
  };
  if (roles.time !== undefined) notices.push(...timeNotices(interactions));
  return { interactions, skippedRows, notices };
}

/** What looks odd about the times of a log but is kept as it is. */
function timeNotices({ size, users, items, times, itemIds }: Interactions): string[] {
  let repeated = 0;
  for (let from = 0; from < size; ) {
    let to = from + 1;
    while (to < size && times[to] === times[from]) to++;
    if (to - from > 1) {
      const pairs = new Set<number>();
      for (let row = from; row < to; row++) pairs.add(users[row]! * itemIds.length + items[row]!);
      repeated += to - from - pairs.size;
    }
    from = to;
  }
  const notices: string[] = [];
  if (repeated > 0)
    notices.push(
      `${repeated.toLocaleString("en-US")} rows repeat the user, item and time of another; all are kept`,
    );
  if (times[size - 1]! > latestSeconds)
    notices.push("timestamps are read as seconds but look like milliseconds");
  return notices;
}

function rowNumbers(size: number): Float64Array {
  const numbers = new Float64Array(size);
  for (let row = 0; row < size; row++) numbers[row] = row;
  return numbers;
}

function neededRule(column: number): RowRule {
  return number(column, "such a number", "a finite number, since the reward is made of it", {
    type: "FLOAT",
  });
}

function rowRules(
  roles: { readonly user?: number; readonly item?: number; readonly weight?: number; readonly time?: number },
  listed: string | undefined,
): RowRule[] {
  const rules = [filled(roles.user!), filled(roles.item!)];
  if (listed !== undefined)
    rules.push({
      broken: `c${roles.item} IS NOT NULL AND c${roles.item} NOT IN (${listed})`,
      column: roles.item!,
      what: "is not in the items file",
      expected: "an item it lists",
    });
  if (roles.weight !== undefined)
    rules.push(
      number(roles.weight, "such a number", "a finite number of at least 0", {
        ...{ type: "FLOAT", further: (value) => [`${value} >= 0`] },
      }),
    );
  if (roles.time !== undefined) rules.push(time(roles.time));
  return rules;
}
