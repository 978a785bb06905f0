import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, openDatabase } from "../../data/duckdb";
import { idRows } from "../../data/ids";
import { type LoggedRounds, loggedRounds } from "../bandit/loggedRounds";
import type { ClusterColumns } from "../bandit/marginalised";
import type { FittedQSteps } from "../sequential/fittedQSteps";
import { readClusters } from "./readClusters";
import { type LogColumns, readLog } from "./readLog";
import { readRoundActions } from "./roundActions";
import { atRow, roundSums } from "./roundSums";
import { stepsOfLog } from "./stepsOfLog";

export interface RoundFiles {
  /** `round_id,action,reward,propensity`, optionally `user_id,step,slate_id,position` */
  readonly log: string;
  /**
   * `round_id,action,probability`: the policy under test; the uniform one over the log's actions without it. Or a policy
   * that is asked for what was done alone, which goes with no other file.
   */
  readonly target?: string | ((log: LogColumns) => Promise<TargetColumns>);
  /** `round_id,action,value`: what a model of rewards says. */
  readonly rewardModel?: string;
  /** `round_id,action,probability`: the log's own policy, which tells exactly what it never does. */
  readonly behaviour?: string;
  /** `action,cluster`: for marginalised IPS. */
  readonly clusters?: string;
  /** `round_id` and numbers: the state before each round, for fitted Q evaluation of users' trajectories. */
  readonly states?: string;
}

/** What a policy says of each round. */
export interface TargetColumns {
  /** [n] probability of what was done. */
  readonly logged: Float64Array;
  /** [n] mass on actions that the log never shows, where that is known. */
  readonly unsupported?: Float64Array;
}

export interface ReadRounds {
  readonly rounds: LoggedRounds;
  readonly log: LogColumns;
  /** Distinct actions of the log. */
  readonly actions: number;
  /** Where there are clusters: for marginalisedRounds. */
  readonly clusters?: ClusterColumns;
  /** Where there are states: for fittedQ. */
  readonly steps?: FittedQSteps;
}

/**
 * Reads anyone's log and anyone's policy, from CSV or Parquet, in rows of any order. Large files stream: a million rounds
 * of 100 actions stay within 4 GB.
 *
 * @param propensities what to use when the log has none of its own; such rounds are marked as estimated
 * @throws InputError, with file and line, as readLog and readRoundActions do; and when the target lacks an action the log
 *   took, the reward model one that the target may take, or the behaviour's probability is not the log's propensity.
 */
export async function readRounds(
  files: RoundFiles,
  propensities?: (log: LogColumns) => Promise<Float64Array> | Float64Array,
): Promise<ReadRounds> {
  const overflow = await mkdtemp(join(tmpdir(), "offshelf-ope-"));
  const database = await openDatabase({ memory: "2GB", overflow });
  try {
    const log = await readLog(database, files.log, { propensities: propensities === undefined });
    const known = propensities === undefined;
    const found = known ? log.propensities! : await propensities(log);
    await database.run("CREATE TABLE actions AS SELECT DISTINCT hash(action) AS code FROM log");
    const actions = Number((await database.rows("SELECT CAST(count(*) AS INTEGER) FROM actions"))[0][0]);
    if (typeof files.target !== "function") await readTarget(database, files.target);
    await database.run("SET threads = 1"); // sums of one round are added in the file's order, whatever the machine
    const size = log.rounds.length;
    const target =
      typeof files.target === "function"
        ? await files.target(log)
        : files.target === undefined
          ? { logged: new Float64Array(size).fill(1 / actions), unsupported: new Float64Array(size) }
          : await targetColumns(database, log, files.target);
    const model = files.rewardModel && (await modelColumns(database, log, files.rewardModel));
    const unsupported = files.behaviour
      ? await beyondBehaviour(database, log, { file: files.behaviour, propensities: found })
      : known
        ? besideCertain(target, found)
        : target.unsupported;
    const clusters = files.clusters && (await clusterColumns(database, log, files));
    const steps = files.states && (await stepsOfLog(database, log, files.states));
    return {
      log,
      actions,
      ...(clusters && { clusters }),
      ...(steps && { steps }),
      rounds: loggedRounds({
        rewards: log.rewards,
        propensities: found,
        provenance: known ? "known" : "estimated",
        targetProbabilities: target.logged,
        ...(unsupported && { unsupported }),
        ...(model && { model }),
        ...(log.users && { users: idRowsOf(log.users) }),
      }),
    };
  } finally {
    database.close();
    await rm(overflow, { recursive: true, force: true });
  }
}

/** What was done for certain was all that could be done in that round: the rest of the target is on what the log never shows. */
function besideCertain({ logged, unsupported }: TargetColumns, propensities: Float64Array) {
  if (unsupported === undefined && !propensities.includes(1)) return undefined;
  return logged.map((probability, row) =>
    propensities[row] === 1 ? Math.min(1, Math.max(0, 1 - probability)) : (unsupported?.[row] ?? 0),
  );
}

/** Rows from 0 in the order of the ids. */
export function idRowsOf(ids: readonly string[]): Int32Array {
  const { rowOf } = idRows([...new Set(ids)]);
  return Int32Array.from(ids, rowOf);
}

async function readTarget(database: Database, file: string | undefined): Promise<void> {
  if (file !== undefined) await readRoundActions(database, file, { name: "target", meaning: "probability" });
  // A view: rounds × actions are never there at once, roundSums asks for some rounds at a time.
  else
    await database.run(`CREATE VIEW target AS SELECT row, code, 1 / (SELECT count(*) FROM actions) AS value
      FROM log CROSS JOIN actions`);
}

async function targetColumns(database: Database, log: LogColumns, file: string): Promise<TargetColumns> {
  const found = await roundSums(database, log, {
    columns: [
      "count(*)",
      "count(*) FILTER (t.code = l.code)",
      "sum(t.value) FILTER (t.code = l.code)",
      "sum(t.value) FILTER (a.code IS NULL)",
    ],
    from: "target AS t JOIN coded AS l ON l.row = t.row LEFT JOIN actions AS a ON a.code = t.code",
    by: "t.row",
  });
  const lost = found[1].indexOf(0);
  const unknownRound = lost >= 0 && found[0][lost] === 0;
  if (lost >= 0)
    throw await atRow(log, lost, {
      what: unknownRound
        ? `round ${JSON.stringify(log.rounds[lost])} is not in the target`
        : `the target has no probability for action ${JSON.stringify(log.actions[lost])} in round ${JSON.stringify(log.rounds[lost])}`,
      expected: `a row in ${file}, 0 if it would never do this`,
    });
  return { logged: found[2], unsupported: found[3] };
}

async function modelColumns(database: Database, log: LogColumns, file: string) {
  await readRoundActions(database, file, { name: "model", meaning: "value" });
  const found = await roundSums(database, log, {
    columns: [
      "count(*) FILTER (m.code IS NULL AND (t.value > 0 OR t.code = l.code))",
      "sum(m.value) FILTER (t.code = l.code)",
      "sum(t.value * m.value)",
    ],
    from: "target AS t JOIN coded AS l ON l.row = t.row LEFT JOIN model AS m ON m.row = t.row AND m.code = t.code",
    by: "t.row",
    slicedToo: "m.row",
  });
  const lost = found[0].findIndex((count) => count > 0);
  if (lost >= 0)
    throw await atRow(log, lost, {
      what: `the reward model lacks an action of round ${JSON.stringify(log.rounds[lost])}`,
      expected: `a value in ${file} for what was done and for all that the target may do`,
    });
  return { logged: found[1], expected: found[2] };
}

async function beyondBehaviour(
  database: Database,
  log: LogColumns,
  { file, propensities }: { readonly file: string; readonly propensities: Float64Array },
): Promise<Float64Array> {
  await readRoundActions(database, file, { name: "behaviour", meaning: "probability" });
  const found = await roundSums(database, log, {
    columns: ["sum(b.value) FILTER (t.code = l.code)", "sum(t.value) FILTER (coalesce(b.value, 0) = 0)"],
    from: "target AS t JOIN coded AS l ON l.row = t.row LEFT JOIN behaviour AS b ON b.row = t.row AND b.code = t.code",
    by: "t.row",
    slicedToo: "b.row",
  });
  const other = found[0].findIndex(
    (each, i) => !(Math.abs(each - propensities[i]) <= 1e-3 * propensities[i]),
  );
  if (other >= 0)
    throw await atRow(log, other, {
      what: `the propensity is ${propensities[other]}, and ${file} gives ${found[0][other]} to what was done`,
      expected: "the same probability in both",
    });
  return found[1];
}

/** How likely the logged action's cluster was: from the behaviour's probabilities where there are, else from the log's shares. */
async function clusterColumns(
  database: Database,
  log: LogColumns,
  { clusters: file, behaviour }: RoundFiles,
): Promise<ClusterColumns> {
  const clusters = await readClusters(database, file!, log);
  const sums = async (table: "target" | "behaviour"): Promise<Float64Array> => {
    const [lost, own] = await roundSums(database, log, {
      columns: [
        "count(*) FILTER (c.cluster IS NULL AND t.value > 0)",
        "sum(t.value) FILTER (c.cluster = lc.cluster)",
      ],
      from: `${table} AS t JOIN coded AS l ON l.row = t.row JOIN clusters AS lc ON lc.code = l.code
        LEFT JOIN clusters AS c ON c.code = t.code`,
      by: "t.row",
    });
    const row = lost.findIndex((count) => count > 0);
    if (row >= 0)
      throw await atRow(log, row, {
        what: `an action of round ${JSON.stringify(log.rounds[row])} has no cluster`,
        expected: `a row in ${file} for all that may be done`,
      });
    return own.map((share) => Math.min(share, 1));
  };
  const target = await sums("target");
  return behaviour === undefined ? { target, clusters } : { target, logged: await sums("behaviour") };
}
