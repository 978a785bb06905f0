import { basename } from "node:path";
import { numberOf, numericColumns, timeOf } from "./attributes";
import { type Catalog, catalogOfIds } from "./catalog";
import { findRoles, type GivenColumns, interactionRoles, listed, shortName } from "./columnRoles";
import type { Dataset } from "./dataset";
import { type Database, openDatabase } from "./duckdb";
import { feedbackOf } from "./feedback";
import { type FileHead, headerPlace, readHead } from "./fileHead";
import { guessLogNames, guessTime } from "./guessColumns";
import { codesToRows, idCodes } from "./idCodes";
import { missingIds } from "./ids";
import { InputError } from "./inputError";
import type { Interactions } from "./interactions";
import { inSeconds, timeNotices } from "./logTimes";
import { eventNotice, weightOf } from "./logWeights";
import { readItems } from "./readItems";
import { type RowRule, readTable } from "./readTable";
import { readUsers } from "./readUsers";
import { filled, known, number, time } from "./rowRules";
import { textCodes } from "./textColumns";

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

function shortList(names: readonly string[]): string {
  return names.length <= 20
    ? names.join(", ")
    : `${names.slice(0, 20).join(", ")} and ${names.length - 20} more`;
}
