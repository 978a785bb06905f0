import { findRoles } from "../../data/columnRoles";
import { openDatabase } from "../../data/duckdb";
import { headerPlace, readHead } from "../../data/fileHead";
import { InputError } from "../../data/inputError";
import { readTable } from "../../data/readTable";
import { filled, number, once } from "../../data/rowRules";
import type { LogColumns } from "./readLog";
import { atRow } from "./roundSums";

/** Columns of a log that came with the choice or after it. */
const ofTheLog = ["action", "reward", "propensity", "probability", "position", "step"];

/** What is known of each round: numbers that the log's policy may have looked at. */
export interface RoundContexts {
  /** D */
  readonly width: number;
  /** [n × D] in the log's order */
  readonly contexts: Float64Array;
}

/**
 * Reads `round_id` and any numeric columns beside it, for every round of the log.
 *
 * @throws InputError, with file and line, on a missing or empty id, a round that comes twice or is missing, a field that is
 *   no number, a file without further columns, and columns of the log itself (action, reward ...).
 */
export async function readContext(file: string, log: LogColumns): Promise<RoundContexts> {
  const database = await openDatabase();
  try {
    const head = await readHead(database, file);
    const { round } = findRoles(
      head.columns,
      { round: { names: ["round_id"], required: true } },
      headerPlace(head),
    );
    const others = head.columns.map((_, c) => c).filter((c) => c !== round);
    const taken = head.columns.find((name) => ofTheLog.includes(name));
    if (taken !== undefined)
      throw new InputError(`column "${taken}" is no context: the log's policy did not know it`, {
        ...headerPlace(head),
        expected: "round_id and what was known before the choice",
      });
    if (others.length === 0)
      throw new InputError("has no column beside round_id", {
        ...headerPlace(head),
        expected: "numbers that the log's policy may have looked at",
      });
    await readTable(database, head, {
      name: "context",
      rules: [
        filled(round!),
        once("context", [`c${round}`], {
          ...{ column: round!, what: "comes twice", expected: "each round once" },
        }),
        ...others.map((c) => number(c, "a number", "a number in every field")),
      ],
      allNeeded: true,
    });
    const [ids, ...columns] = (await database.columns(
      `SELECT ${[`c${round}`, ...others.map((c) => `CAST(c${c} AS DOUBLE)`)].join(", ")} FROM context`,
    )) as [string[], ...Float64Array[]];
    const rowOf = new Map(ids.map((id, row) => [id, row]));
    const width = others.length;
    const contexts = new Float64Array(log.rounds.length * width);
    for (const [i, id] of log.rounds.entries()) {
      const row = rowOf.get(id);
      if (row === undefined)
        throw await atRow(log, i, {
          what: `round ${JSON.stringify(id)} has no context`,
          expected: `a row in ${file}`,
        });
      for (let c = 0; c < width; c++) contexts[i * width + c] = columns[c][row];
    }
    return { width, contexts };
  } finally {
    database.close();
  }
}
