import { findRoles } from "../../data/columnRoles";
import type { Database } from "../../data/duckdb";
import { headerPlace, readHead } from "../../data/fileHead";
import { readTable } from "../../data/readTable";
import { filled, once } from "../../data/rowRules";
import type { LogColumns } from "./readLog";
import { atRow } from "./roundSums";

/**
 * Reads which cluster each action belongs to, `action,cluster`, into the database's table "clusters" (code, cluster).
 *
 * @returns [n] cluster of what was done in each round, as rows from 0
 * @throws InputError, with file and line, on a missing column, an empty id, an action that comes twice, and an action of the
 *   log without a cluster.
 */
export async function readClusters(database: Database, file: string, log: LogColumns): Promise<Int32Array> {
  const head = await readHead(database, file);
  const found = findRoles(
    head.columns,
    { action: { names: ["action"], required: true }, cluster: { names: ["cluster"], required: true } },
    headerPlace(head),
  );
  const [action, cluster] = [`c${found.action}`, `c${found.cluster}`];
  await readTable(database, head, {
    name: "clustered",
    rules: [
      filled(found.action!),
      filled(found.cluster!, "a cluster"),
      once("clustered", [action], {
        ...{ column: found.action!, what: "comes twice", expected: "each action in one cluster" },
      }),
    ],
    allNeeded: true,
  });
  await database.run(`CREATE TABLE clusters AS SELECT hash(${action}) AS code,
    CAST(dense_rank() OVER (ORDER BY ${cluster}) - 1 AS INTEGER) AS cluster FROM clustered`);
  const [clusters] = (await database.columns(`SELECT CAST(coalesce(c.cluster, -1) AS INTEGER) FROM log
    LEFT JOIN clusters AS c ON c.code = hash(log.action) ORDER BY log.row`)) as [Int32Array];
  const lost = clusters.indexOf(-1);
  if (lost >= 0)
    throw await atRow(log, lost, {
      what: `action ${JSON.stringify(log.actions[lost])} has no cluster`,
      expected: `a row in ${file}`,
    });
  return clusters;
}
