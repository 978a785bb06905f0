import { findRoles, interactionRoles } from "../data/columnRoles";
import type { Database } from "../data/duckdb";
import { headerPlace, readHead } from "../data/fileHead";
import { InputError } from "../data/inputError";
import { type RowRule, readTable } from "../data/readTable";
import { filled, known, number, once } from "../data/rowRules";

/** The truth file's rows: who, what, how relevant. Columns of equal length. */
export interface TruthRows {
  readonly users: readonly string[];
  readonly items: readonly string[];
  readonly relevance: Float64Array;
}

/** Rows of recommended items; within a user the smaller `order` comes first. */
export interface RankedRows {
  readonly users: readonly string[];
  readonly items: readonly string[];
  readonly order: Float64Array;
}

const { user, item } = interactionRoles;
const truthRoles = { user, item, relevance: { names: ["relevance"] } } as const;
const rankingRoles = { user, item, rank: { names: ["rank"] }, score: { names: ["score"] } } as const;

/**
 * Reads a truth file, `user_id,item_id[,relevance]`, into the database's table "truth" and out of it.
 *
 * @throws InputError on a missing column, an empty id, a relevance that is no number of at least 0, a repeated pair.
 */
export async function readTruth(database: Database, file: string): Promise<TruthRows> {
  const head = await readHead(database, file);
  const roles = findRoles(head.columns, truthRoles, headerPlace(head));
  const [user, item] = [`c${roles.user!}`, `c${roles.item!}`];
  const rules = [
    filled(roles.user!),
    filled(roles.item!),
    once("truth", [user, item], twice(roles.item!, "each item once a user")),
  ];
  let gain = "CAST(1 AS DOUBLE)";
  if (roles.relevance !== undefined) {
    gain = `TRY_CAST(c${roles.relevance} AS DOUBLE)`;
    rules.push(
      number(roles.relevance, "a relevance", "a number of at least 0", {
        further: (value) => [`${value} >= 0`],
      }),
    );
  }
  await readTable(database, head, { name: "truth", rules, allNeeded: true });
  await database.run(`CREATE TABLE evaluated AS SELECT DISTINCT ${user} AS id FROM truth`);
  const [users, items, relevance] = await database.columns(`SELECT ${user}, ${item}, ${gain} FROM truth`);
  return { users: users as string[], items: items as string[], relevance: relevance as Float64Array };
}

/**
 * Reads recommendations, `user_id,item_id` and `rank` or `score`, for the users of the truth read before.
 *
 * @throws InputError on a missing column, an empty id, a user the truth does not have, an item that comes twice
 *   for a user, a rank that is no whole number, comes twice or leaves a hole, a score that is no number.
 */
export async function readRankings(database: Database, file: string): Promise<RankedRows> {
  const head = await readHead(database, file);
  const roles = findRoles(head.columns, rankingRoles, headerPlace(head));
  if (roles.rank === undefined && roles.score === undefined)
    throw new InputError("no column says in which order the items come", {
      ...headerPlace(head),
      expected: "a column rank or score",
    });
  const [user, item] = [`c${roles.user!}`, `c${roles.item!}`];
  const rules = [
    filled(roles.user!),
    filled(roles.item!),
    known(roles.user!, "SELECT id FROM evaluated", {
      what: "is not a user of the truth file",
      expected: "recommendations for its users only",
    }),
    once("rankings", [user, item], twice(roles.item!, "each item once a user")),
    ...(roles.rank === undefined
      ? [number(roles.score!, "a score", "a number")]
      : rankRules(user, roles.rank)),
  ];
  await readTable(database, head, { name: "rankings", rules, allNeeded: true });
  const order =
    roles.rank === undefined ? `-CAST(c${roles.score} AS DOUBLE)` : `CAST(c${roles.rank} AS DOUBLE)`;
  const [users, items, orders] = await database.columns(`SELECT ${user}, ${item}, ${order} FROM rankings`);
  return { users: users as string[], items: items as string[], order: orders as Float64Array };
}

/** What is wrong with an item, or a rank, that its user has already. */
function twice(column: number, expected: string): Omit<RowRule, "broken"> {
  return { column, what: "comes twice for its user", expected };
}

function rankRules(user: string, column: number): RowRule[] {
  const rank = `TRY_CAST(c${column} AS BIGINT)`;
  const isWhole = `coalesce(regexp_full_match(c${column}, '[1-9][0-9]{0,8}'), false)`;
  const before = `SELECT ${user}, ${rank} + 1 FROM rankings WHERE ${user} IS NOT NULL AND ${isWhole}`;
  const expected = "ranks 1, 2, 3 ... without holes";
  return [
    {
      broken: `NOT ${isWhole}`,
      column,
      what: "is not a rank",
      expected: "a whole number of at least 1",
    },
    once("rankings", [user, `c${column}`], twice(column, expected)),
    {
      broken: `${user} IS NOT NULL AND ${isWhole} AND c${column} <> '1' AND (${user}, ${rank}) NOT IN (${before})`,
      column,
      what: "has no rank before it",
      expected,
    },
  ];
}
