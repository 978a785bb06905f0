import { basename } from "node:path";
import { numberOf, numericColumns, timeOf } from "./attributes";
import { type Catalog, catalogOfIds } from "./catalog";
import { findRoles, type GivenColumns, interactionRoles, listed, plainName } from "./columnRoles";
import type { Dataset } from "./dataset";
import { type Database, openDatabase, sqlText } from "./duckdb";
import { feedbackOf, usualEvents } from "./feedback";
import { type FileHead, headerPlace, readHead } from "./fileHead";
import { goesBelowZero, guessLogNames, guessTime, holdsWords, isRating } from "./guessColumns";
import { codesToRows, idCodes } from "./idCodes";
import { InputError } from "./inputError";
import type { Interactions } from "./interactions";
import { readItems } from "./readItems";
import { type RowRule, readTable } from "./readTable";
import { readUsers } from "./readUsers";
import { filled, known, number, time } from "./rowRules";
import { textCodes } from "./textColumns";

/** Seconds beyond this are after the year 5000. */
const latestSeconds = 1e11;

/** Units finer than seconds that logs are kept in: what such a time divided by the unit is in seconds. */
const timeUnits = [
  { least: 1e17, unit: 1e9, name: "nanoseconds" },
  { least: 1e14, unit: 1e6, name: "microseconds" },
  { least: latestSeconds, unit: 1e3, name: "milliseconds" },
] as const;

/** The files of a dataset. */
export interface DatasetFiles {
  readonly interactions: string;
  readonly items?: string;
  readonly users?: string;
}

/** How a log's file is to be understood, where it does not say so itself. */
export interface LogOptions {
  /**
   * The names of the columns that hold the `user`, `item`, `time` and `weight`; their numbers, from 1, where the file has
   * no header line; "none" for a time or weight that is not to be used.
   */
  readonly columns?: GivenColumns;
  /** What each kind of event weighs, where the weight's column holds words: `{ view: 1, cart: 3, purchase: 5 }`. */
  readonly events?: Readonly<Record<string, number>>;
  /** The order of the rows is known to be that of time, so that nothing is said of it. */
  readonly isInOrder?: boolean;
}

/**
 * Reads interactions, and items and users where given, from CSV and its kin, JSON lines or Parquet (README.md has the
 * table of what is read, guessed and refused). What was guessed stands in the dataset's notices.
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
  } & LogOptions = {},
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
    const notices = [...(items?.notices ?? []), ...log.notices, ...(users?.notices ?? [])];
    if (skippedRows > 0) notices.push(`${skippedRows.toLocaleString("en-US")} bad rows were left out`);
    const name = options.name ?? basename(files.interactions);
    return {
      name,
      label: options.label ?? `${name} (${countsOf(log.interactions)})`,
      origin: files.interactions,
      interactions: {
        ...log.interactions,
        ...(users && { userColumns: { text: users.users.text, numbers: users.users.numbers } }),
      },
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
export async function readInteractions(
  database: Database,
  file: string,
  options: {
    readonly skipBadRows?: boolean;
    readonly catalog?: Catalog;
    readonly listed?: string;
    readonly needed?: readonly string[];
  } & LogOptions,
): Promise<{
  readonly interactions: Interactions;
  readonly skippedRows: number;
  readonly notices: string[];
}> {
  const { head, roles, notices } = await understandLog(database, file, options);
  const table = "interactions_file";
  const used = [roles.user, roles.item, roles.weight, roles.time];
  const further = head.columns
    .map((_, c) => c)
    .filter((c) => head.columns[c] !== "" && (!used.includes(c) || isAlsoColumn(head, c, roles)));
  const needed = further.filter((c) => options.needed?.includes(head.columns[c]));
  const weight = roles.weight === undefined ? undefined : weightOf(head, roles.weight, options.events);
  const rules = [
    filled(roles.user),
    filled(roles.item),
    ...(options.listed === undefined
      ? []
      : [
          known(roles.item, options.listed, {
            what: "is not in the items file",
            expected: "an item it lists",
          }),
        ]),
    ...(weight === undefined ? [] : [weight.rule]),
    ...(roles.time === undefined ? [] : [time(roles.time)]),
    ...needed.map(neededRule),
  ];
  const { size, skippedRows } = await readTable(database, head, { ...options, name: table, rules });

  const numeric = await numericColumns(database, table, further, "FLOAT");
  const words = further.filter((c) => !numeric.includes(c) && !used.includes(c));
  const texts = await textCodes(database, table, words);
  const left = words
    .filter((c) => texts.every(({ column }) => column !== c))
    .map((c) => shortName(head.columns[c]));
  if (left.length > 0) notices.push(`columns that are not numeric are left out: ${shortList(left)}`);
  if (weight === undefined) notices.push("no weight or rating column: every row has weight 1");
  if (weight?.kinds !== undefined)
    notices.push(await eventNotice(database, table, `c${roles.weight}`, weight.kinds));

  const userCodes = await idCodes(database, table, `c${roles.user}`);
  const itemCodes = await idCodes(database, table, `c${roles.item}`);
  const selected = [
    userCodes.code,
    itemCodes.code,
    weight === undefined ? "1::FLOAT" : weight.value,
    ...(roles.time === undefined ? [] : [timeOf(`c${roles.time}`)]),
    ...numeric.map((c) => `coalesce(${numberOf(`c${c}`, "FLOAT")}, 'nan'::FLOAT)`),
    ...texts.map(({ code }) => code),
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
    weightKind: weight?.kind ?? "weight",
    extra: Object.fromEntries(
      numeric.map((c, i) => [head.columns[c], columns[firstExtra + i] as Float32Array]),
    ),
    ...(texts.length > 0 && {
      texts: Object.fromEntries(
        texts.map(({ column, values }, i) => [
          head.columns[column],
          { codes: columns[firstExtra + numeric.length + i] as Int32Array, values },
        ]),
      ),
    }),
  };
  notices.push(...missingIds(interactions));
  if (roles.time !== undefined) notices.push(...inSeconds(interactions.times), ...timeNotices(interactions));
  const { notice } = feedbackOf(interactions);
  if (notice !== undefined) notices.push(`${notice} (--set reward=… and --set relevantAt=… change that)`);
  return { interactions, skippedRows, notices };
}

/** Words that stand for no id: people would become one user, and things one item. */
const noId = /^(nan|null|none|undefined|na|n\/a|unknown|anonymous|\\n|-|-1)$/i;

function missingIds({ size, users, items, userIds, itemIds }: Interactions): string[] {
  const notices: string[] = [];
  for (const [rows, ids, of] of [
    [users, userIds, "user"],
    [items, itemIds, "item"],
  ] as const)
    for (const [row, id] of ids.entries()) {
      if (!noId.test(id)) continue;
      let count = 0;
      for (let i = 0; i < size; i++) if (rows[i] === row) count++;
      const share = Math.round((100 * count) / size);
      notices.push(
        `${of} "${id}" looks like a missing id; it is kept as one ${of} with ${count.toLocaleString("en-US")} rows (${share}%)`,
      );
    }
  return notices;
}

/** What looks odd about the times of a log but is kept as it is. */
function timeNotices({ size, users, items, times, itemIds }: Interactions): string[] {
  let repeated = 0;
  for (let from = 0; from < size; ) {
    let to = from + 1;
    while (to < size && times[to] === times[from]) to++;
    if (to - from > 1) {
      const pairs = new Set<number>();
      for (let row = from; row < to; row++) pairs.add(users[row] * itemIds.length + items[row]);
      repeated += to - from - pairs.size;
    }
    from = to;
  }
  const notices: string[] = [];
  if (repeated > 0)
    notices.push(
      `${repeated.toLocaleString("en-US")} rows repeat the user, item and time of another; all are kept`,
    );
  return notices;
}

/**
 * Makes ascending times seconds: they are in a finer unit where nearly all of them, read as seconds, lie beyond the
 * year 5000. Returns what was understood.
 */
function inSeconds(times: Float64Array): string[] {
  const early = times[Math.floor(times.length / 20)]; // a few zeros or −1 say "unknown"
  const found = timeUnits.find(({ least }) => early > least);
  if (found === undefined)
    return times.length > 0 && times[times.length - 1] > latestSeconds
      ? ["timestamps are read as seconds, but some look like milliseconds"]
      : [];
  for (let row = 0; row < times.length; row++) times[row] /= found.unit;
  return [`timestamps are ${found.name}`];
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

interface LogRoles {
  readonly user: number;
  readonly item: number;
  readonly weight: number | undefined;
  readonly time: number | undefined;
}

/** Finds out which column is what, by names, then by values; `notices` say what was guessed. */
export async function understandLog(
  database: Database,
  file: string,
  options: LogOptions,
): Promise<{ readonly head: FileHead; readonly roles: LogRoles; readonly notices: string[] }> {
  const given = options.columns;
  requireRoles(given, file);
  const head = withNames(await readHead(database, file, { headerless: interactionRoles, given }), given);
  const notices = [...head.notices];
  const guesses: string[] = [];
  const found = findRoles(head.columns, interactionRoles, headerPlace(head), {
    given,
    onGuess: (role, name) => guesses.push(`${role} = "${shortName(name)}"`),
    advice: ", or --columns user=NAME,item=NAME,time=NAME,weight=NAME",
  });
  const [user, item] = [found.user!, found.item!];
  let time = found.time;
  if (time === undefined && given?.time === undefined) {
    const free = head.columns.map((_, c) => c).filter((c) => ![user, item, found.weight].includes(c));
    const guess = guessTime(head.columns, head.sample, free);
    time = guess.column;
    if (time !== undefined) guesses.push(`time = "${shortName(head.columns[time])}" (its values are times)`);
    else if (options.isInOrder !== true) {
      const names = guess.candidates.map((c) => `"${shortName(head.columns[c])}"`);
      const asked =
        names.length === 0
          ? ""
          : `; is it ${names.join(" or ")}? (--columns time=${head.columns[guess.candidates[0]]})`;
      notices.push(`no time column: the order of the rows counts as the order in time${asked}`);
    }
  }
  if (time === undefined && given?.time === "none")
    notices.push("no time column: the order of the rows counts as the order in time");
  if (guesses.length > 0)
    notices.push(`columns taken by their names: ${guesses.join(", ")} (--columns says otherwise)`);
  return { head, roles: { user, item, weight: found.weight, time }, notices };
}

const roleNames = Object.keys(interactionRoles);

function requireRoles(given: GivenColumns | undefined, file: string): void {
  for (const role of Object.keys(given ?? {}))
    if (!roleNames.includes(role))
      throw new InputError(`--columns: "${role}" is none`, { file, expected: `${roleNames.join(", ")}` });
}

/** Names the columns of a log that has no header line. */
function withNames(head: FileHead, given: GivenColumns | undefined): FileHead {
  if (head.kind !== "csv" || head.headerLine > 0) return head;
  if (given?.user !== undefined && given.item !== undefined)
    return { ...head, notices: [...head.notices, "no header line: the first line is a row"] };
  const names = guessLogNames(head.sample);
  if (names === undefined)
    throw new InputError(`no user column among ${listed(head.sample[0])}`, {
      ...headerPlace(head),
      expected: `a column user_id (or userId); without a header line, --columns user=1,item=2,weight=3,time=4 says which is which (a number for each, as many as there are)`,
    });
  const notice = `no header line: columns taken as ${names.join(", ")} (--columns user=1,item=2,… says otherwise)`;
  return { ...head, columns: names, notices: [...head.notices, notice] };
}

/** A weight under a name of its own is a column to make rewards of, too. */
function isAlsoColumn(head: FileHead, column: number, { weight }: LogRoles): boolean {
  return column === weight && !["weight", "rating"].includes(head.columns[column]);
}

interface Weight {
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

function weightOf(head: FileHead, column: number, events: LogOptions["events"]): Weight {
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

function eventWeight(column: number, events: LogOptions["events"]): Weight {
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

async function eventNotice(
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

function shortName(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}

function shortList(names: readonly string[]): string {
  return names.length <= 20
    ? names.join(", ")
    : `${names.slice(0, 20).join(", ")} and ${names.length - 20} more`;
}
