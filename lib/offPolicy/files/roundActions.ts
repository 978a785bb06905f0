import { findRoles } from "../../data/columnRoles";
import type { Database } from "../../data/duckdb";
import { headerPlace, readHead } from "../../data/fileHead";
import { InputError } from "../../data/inputError";
import { type RowRule, readTable } from "../../data/readTable";
import { filled, known, number, once } from "../../data/rowRules";
import { tableSource } from "../../data/tableSource";

/** How far the probabilities of a round may sum from 1: files are written with few digits. */
const slack = 1e-3;

/** What a file of `round_id,action,VALUE` holds: probabilities of a policy, or values of a reward model. */
export type Meaning = "probability" | "value";

/**
 * Reads a file of one number for each round and action into a table (row, code, value): the log's row, the action's
 * hash and the number. Such files are large (a million rounds × 100 actions), so rows pass through once and only
 * 20 bytes of each are kept; when something is wrong, a second, careful reading says in which line.
 *
 * @param name of the table, and of the file's part in messages
 * @throws InputError, with file and line, on a missing column, an empty id, an unknown round, an action that comes twice in
 *   a round, a number that is none, and probabilities that are outside [0, 1] or do not sum to 1.
 */
export async function readRoundActions(
  database: Database,
  file: string,
  { name, meaning }: { readonly name: string; readonly meaning: Meaning },
): Promise<void> {
  const head = await readHead(database, file);
  const found = findRoles(
    head.columns,
    {
      round: { names: ["round_id"], required: true },
      action: { names: ["action"], required: true },
      value: { names: [meaning], required: true },
    },
    headerPlace(head),
  );
  const [round, action, value] = [found.round!, found.action!, found.value!].map((at) => `c${at}`) as [
    string,
    string,
    string,
  ];
  const source = await tableSource(database, head, { types: { [value]: "DOUBLE" } });
  const good = await database
    .run(
      `CREATE TABLE ${name} AS SELECT log.row AS row, hash(CAST(f.${action} AS VARCHAR)) AS code,
         CAST(f.${value} AS DOUBLE) AS value, f.${action} IS NULL AS nameless
       FROM ${source.sql} AS f LEFT JOIN log ON log.round = CAST(f.${round} AS VARCHAR)`,
    )
    .then(async () => source.torn.count === 0 && (await isGood(database, name, meaning)))
    .catch((error: Error) => {
      // What is wrong with the file, the careful reading finds; what is wrong with the machine, it does not.
      if (/^(Out of Memory|IO|Interrupt)/.test(error.message)) throw error;
      return false;
    })
    .finally(source.release);
  if (good) return;
  const rules: RowRule[] = [
    filled(found.round!),
    filled(found.action!),
    known(found.round!, "SELECT round FROM log", {
      what: "is not a round of the log",
      expected: "rounds of the log only",
    }),
    once("careful", [round, action], {
      ...{ column: found.action!, what: "comes twice in its round", expected: "each action once a round" },
    }),
    number(found.value!, `a ${meaning}`, meaning === "value" ? "a number" : "a probability from 0 to 1", {
      further: (at) => (meaning === "value" ? [] : [`${at} >= 0`, `${at} <= 1`]),
    }),
  ];
  if (meaning === "probability")
    rules.push({
      broken: `rowid IN (SELECT min(rowid) FROM careful GROUP BY ${round}
        HAVING abs(sum(TRY_CAST(${value} AS DOUBLE)) - 1) > ${slack})`,
      column: found.round!,
      what: "has probabilities that do not sum to 1",
      expected: `a sum within ${slack} of 1 in each round`,
    });
  await readTable(database, head, { name: "careful", rules, allNeeded: true });
  throw new InputError("cannot be read", { file, expected: `round_id,action,${meaning}` });
}

async function isGood(database: Database, name: string, meaning: Meaning): Promise<boolean> {
  const perRound = `SELECT count(*) AS actions, sum(value) AS total, sum(CAST(code AS HUGEINT)) AS codes,
      bool_and(coalesce(isfinite(value), false)) AS finite, min(value) AS least, max(value) AS most,
      bool_or(row IS NULL OR nameless) AS broken
    FROM ${name} GROUP BY row`;
  const wrong = ["broken", "NOT finite"];
  if (meaning === "probability") wrong.push("least < 0", "most > 1", `abs(total - 1) > ${slack}`);
  const [[rounds, bad, shapes]] = (await database.rows(
    `SELECT CAST(count(*) AS DOUBLE), CAST(count(*) FILTER (${wrong.join(" OR ")}) AS DOUBLE),
       CAST(count(DISTINCT (actions, codes)) AS DOUBLE) FROM (${perRound})`,
  )) as [[number, number, number]];
  if (rounds === 0 || bad > 0) return false;
  // The same actions in every round, which sums of hashes show: then one round without a repeat is all of them.
  const some = shapes === 1 ? `WHERE row = (SELECT min(row) FROM ${name})` : "";
  const repeats = await database.rows(
    `SELECT 1 FROM ${name} ${some} GROUP BY row, code HAVING count(*) > 1 LIMIT 1`,
  );
  return repeats.length === 0;
}
