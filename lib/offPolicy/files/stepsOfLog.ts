import type { Database } from "../../data/duckdb";
import { InputError } from "../../data/inputError";
import { scaleOf } from "../propensities/scaledContexts";
import type { FittedQSteps } from "../sequential/fittedQSteps";
import { type RoundContexts, readContext } from "./readContext";
import type { LogColumns } from "./readLog";

/** Numbers of a policy, rounds times actions, that are held at once: 400 MB. */
const mostNumbers = 5e7;

/**
 * What fitted Q evaluation learns from: the state before each round, and what the policy under test would do in it. Wants
 * the tables "log" and "target" of `readRounds`.
 *
 * @param file `round_id` and numeric columns: the state before each round
 * @throws InputError as readContext; when users or steps are missing; or rounds times actions are too many to hold.
 */
export async function stepsOfLog(database: Database, log: LogColumns, file: string): Promise<FittedQSteps> {
  if (!log.users || !log.steps)
    throw new InputError(`has no column ${log.users ? "step" : "user_id"}`, {
      file: log.file,
      expected: "user_id and step with --states: values of what comes next are of users' trajectories",
    });
  const described = await readContext(file, log);
  await database.run("CREATE TABLE IF NOT EXISTS coded AS SELECT row, hash(action) AS code FROM log");
  await database.run(`CREATE TABLE places AS SELECT code, CAST(row_number() OVER (ORDER BY code) - 1 AS INTEGER) AS place
    FROM (SELECT DISTINCT code FROM target UNION SELECT DISTINCT code FROM coded)`);
  const [[count]] = (await database.rows("SELECT CAST(count(*) AS INTEGER) FROM places")) as [[number]];
  const size = log.rounds.length;
  if (size * count > mostNumbers)
    throw new InputError(
      `has ${size.toLocaleString("en-US")} rounds of ${count.toLocaleString("en-US")} actions`,
      {
        file: log.file,
        expected: `at most ${mostNumbers.toLocaleString("en-US")} rounds times actions with --states`,
      },
    );
  const [actions] = (await database.columns(
    "SELECT p.place FROM coded AS l JOIN places AS p USING (code) ORDER BY l.row",
  )) as [Int32Array];
  const [rows, places, values] = (await database.columns(
    "SELECT CAST(t.row AS INTEGER), p.place, CAST(t.value AS DOUBLE) FROM target AS t JOIN places AS p USING (code)",
  )) as [Int32Array, Int32Array, Float64Array];
  const probabilities = new Float64Array(size * count);
  for (let i = 0; i < rows.length; i++) probabilities[rows[i] * count + places[i]] = values[i];
  for (let row = 0; row < size; row++) toOne(probabilities.subarray(row * count, (row + 1) * count));
  return {
    states: standardised(described),
    stateSize: described.width,
    actions,
    actionCount: count,
    probabilities,
  };
}

/** Files have few digits: a sum near 1 is made 1. */
function toOne(share: Float64Array): void {
  let sum = 0;
  for (const each of share) sum += each;
  for (let k = 0; k < share.length; k++) share[k] /= sum;
}

/** Columns on a common scale, so that a network learns whatever their units; constants become 0. */
function standardised(described: RoundContexts): Float32Array {
  const { width, contexts } = described;
  const rows = Int32Array.from({ length: contexts.length / width }, (_, row) => row);
  const { centre, scale } = scaleOf(described, rows);
  return Float32Array.from(contexts, (value, i) => (value - centre[i % width]) * scale[i % width]);
}
