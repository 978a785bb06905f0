import { join } from "node:path";
import { numberOf, readAttributes, timeOf } from "./attributes";
import { type Catalog, catalogOfIds } from "./catalog";
import { findRoles, itemRoles, type RoleNames } from "./columnRoles";
import type { DatasetOptions } from "./datasets";
import { type Database, openDatabase } from "./duckdb";
import { type FileHead, headerPlace, readHead } from "./fileHead";
import { findFolder } from "./findFolder";
import { idRows } from "./ids";
import { type RowRule, readTable } from "./readTable";
import { idRules, isShare, number, time } from "./rowRules";
import { openBanditSource } from "./sources";

/** Who chose the items: uniformly at random, or by Bernoulli Thompson sampling ("bts"). */
const openBanditPolicies = ["random", "bts"] as const;
/** Which part of the shop the items were from. */
const openBanditCampaigns = ["all", "men", "women"] as const;

export interface OpenBanditChoice {
  readonly policy: (typeof openBanditPolicies)[number];
  readonly campaign: (typeof openBanditCampaigns)[number];
}

/**
 * Rounds of a fashion shop's recommender: one row says which item stood in one of three places, and whether it was
 * clicked (Saito, Aihara, Matsutani and Narita 2021, "Open Bandit Dataset and Pipeline").
 */
export interface OpenBanditLog extends OpenBanditChoice {
  /** What figures print, e.g. "Open Bandit sample, men, bts (10,000 rounds, 34 items)". */
  readonly label: string;
  readonly origin: string;
  readonly size: number;
  /** The items, with item_feature_0 … 3 under `numbers` and `text`. */
  readonly catalog: Catalog;
  /** [n] item row of what was shown. */
  readonly actions: Int32Array;
  /** [n] 1, 2 or 3, from the left. */
  readonly positions: Int32Array;
  /** [n] 1 where it was clicked, else 0: the reward. */
  readonly clicks: Float64Array;
  /**
   * [n] probability that this item stood in this position at this moment, whatever stood in the other two: not
   * conditional on them (random's are 1/N in every position, not 1/N, 1/(N − 1), 1/(N − 2)) and not of the three
   * together. Of bts it is the share among draws of Thompson sampling, so the smallest (1e-6) is a draw in a million.
   */
  readonly propensities: Float64Array;
  /** [n] epoch seconds. Rows are in this order. */
  readonly times: Float64Array;
  /** user_feature_0 … 3, hashed categories, each [n]. Who the user was is not told. */
  readonly userFeatures: Readonly<Record<string, readonly string[]>>;
  /** [n × N] how often the user had to do with each item before. */
  readonly affinities: Float32Array;
}

const logRoles = {
  item: { names: ["item_id"], required: true },
  position: { names: ["position"], required: true },
  click: { names: ["click"], required: true },
  propensity: { names: ["propensity_score"], required: true },
  time: { names: ["timestamp"], required: true },
} as const satisfies RoleNames;

/**
 * Loads one log of the Open Bandit Dataset: from data/raw/open-bandit, else $OFFSHELF_DATA/open-bandit, else its
 * official source (the small sample, once, checksums kept), else the copy inside a Python wheel.
 *
 * @throws InputError when it cannot be found anywhere (the message says what was tried), or is broken.
 * @example (await loadOpenBandit({ policy: "bts", campaign: "men" })).size // 10000
 */
export async function loadOpenBandit(
  choice: OpenBanditChoice,
  options: Pick<DatasetOptions, "root" | "download" | "onNotice"> = {},
): Promise<OpenBanditLog> {
  const onNotice = options.onNotice ?? ((notice) => process.stderr.write(`${notice}\n`));
  return readOpenBandit(await findFolder(openBanditSource, { ...options, onNotice }), choice);
}

/**
 * Reads one log of a folder laid out as the Open Bandit Dataset is: `POLICY/CAMPAIGN/CAMPAIGN.csv` and
 * `POLICY/CAMPAIGN/item_context.csv`. The full dataset is laid out like its small sample.
 *
 * @throws InputError on a missing file, a bad header, or bad rows, by line.
 * @example (await readOpenBandit(folder, { policy: "bts", campaign: "men" })).propensities[0] // .045525 in the sample
 */
export async function readOpenBandit(
  folder: string,
  { policy, campaign }: OpenBanditChoice,
): Promise<OpenBanditLog> {
  const place = join(folder, policy, campaign);
  const database = await openDatabase();
  try {
    const items = await readItemContext(database, join(place, "item_context.csv"));
    const { catalog } = items;
    const log = await readRounds(database, join(place, `${campaign}.csv`), items);
    const counts = `${log.size.toLocaleString("en-US")} rounds, ${catalog.size} items`;
    const part = log.size === 10_000 ? " sample" : "";
    const label = `Open Bandit${part}, ${campaign}, ${policy} (${counts})`;
    return { policy, campaign, label, origin: place, catalog, ...log };
  } finally {
    database.close();
  }
}

/** The catalogue and its items' features; `listed` is SQL of the ids. */
interface ItemContext {
  readonly catalog: Catalog;
  readonly listed: string;
}

async function readItemContext(database: Database, file: string): Promise<ItemContext> {
  const head = named(await readHead(database, file));
  const { item } = findRoles(head.columns, { item: itemRoles.item }, headerPlace(head));
  const name = "item_context";
  await readTable(database, head, { name, rules: idRules(name, item!), allNeeded: true });
  const listed = `SELECT c${item} FROM ${name}`;
  const ids = (await database.columns(listed))[0] as string[];
  const catalog = catalogOfIds(idRows(ids));
  const features = await readAttributes(database, name, {
    names: head.columns,
    columns: head.columns.map((_, c) => c).filter((c) => /^item_feature_\d+$/.test(head.columns[c])),
    always: [],
    target: Int32Array.from(ids, (id) => catalog.rowOf(id)),
    size: catalog.size,
  });
  return { catalog: { ...catalog, ...features }, listed };
}

async function readRounds(
  database: Database,
  file: string,
  { catalog, listed }: ItemContext,
): Promise<Omit<OpenBanditLog, keyof OpenBanditChoice | "label" | "origin" | "catalog">> {
  const head = named(await readHead(database, file));
  const roles = findRoles(head.columns, logRoles, headerPlace(head));
  const columnsLike = (pattern: RegExp): number[] =>
    head.columns.map((_, c) => c).filter((c) => pattern.test(head.columns[c]));
  const users = columnsLike(/^user_feature_\d+$/);
  const affinity = columnsLike(/^user-item_affinity_/);
  const name = "open_bandit_log";
  const rules = [
    ...logRules(roles as Record<keyof typeof logRoles, number>, listed),
    ...affinity.map((c) => number(c, "such a number", "a finite number", { type: "FLOAT" })),
  ];
  const { size } = await readTable(database, head, { name, rules, allNeeded: true });
  const selected = [
    `c${roles.item}`,
    `CAST(c${roles.position} AS INTEGER)`,
    numberOf(`c${roles.click}`),
    numberOf(`c${roles.propensity}`),
    timeOf(`c${roles.time}`),
    ...users.map((c) => `coalesce(c${c}, '')`),
    ...affinity.map((c) => numberOf(`c${c}`, "FLOAT")),
  ];
  const columns = await database.columns(
    `SELECT ${selected.join(", ")} FROM ${name} ORDER BY ${timeOf(`c${roles.time}`)}, rowid`,
  );
  const [ids, positions, clicks, propensities, times, ...rest] = columns as [
    string[],
    Int32Array,
    Float64Array,
    Float64Array,
    Float64Array,
    ...unknown[],
  ];
  const affinities = new Float32Array(size * catalog.size);
  affinity.forEach((c, i) => {
    const item = catalog.rowOf(head.columns[c].replace("user-item_affinity_", ""));
    if (item < 0) return; // an item that this campaign never shows
    const values = rest[users.length + i] as Float32Array;
    for (let row = 0; row < size; row++) affinities[row * catalog.size + item] = values[row];
  });
  return {
    ...{ size, positions, clicks, propensities, times, affinities },
    actions: Int32Array.from(ids, (id) => catalog.rowOf(id)),
    userFeatures: Object.fromEntries(users.map((c, i) => [head.columns[c], rest[i] as string[]])),
  };
}

/** The files' first column, a row number, has no name. */
function named(head: FileHead): FileHead {
  return { ...head, columns: head.columns.map((column, c) => (c === 0 && column === "" ? "row" : column)) };
}

function logRules(roles: Record<keyof typeof logRoles, number>, listed: string): RowRule[] {
  return [
    {
      broken: `c${roles.item} IS NULL OR c${roles.item} NOT IN (${listed})`,
      column: roles.item,
      what: "is not in item_context.csv",
      expected: "an item it lists",
    },
    {
      broken: `NOT coalesce(c${roles.position} IN ('1', '2', '3'), false)`,
      column: roles.position,
      what: "is not a position",
      expected: "1, 2 or 3",
    },
    {
      broken: `NOT coalesce(${numberOf(`c${roles.click}`)} IN (0, 1), false)`,
      column: roles.click,
      what: "is not a click",
      expected: "0 or 1",
    },
    number(roles.propensity, "a propensity", "a number above 0 and at most 1", { further: isShare }),
    time(roles.time, "ISO 8601"),
  ];
}
