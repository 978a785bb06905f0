import { timeOf } from "../../data/attributes";
import { findRoles } from "../../data/columnRoles";
import type { Database } from "../../data/duckdb";
import { headerPlace, readHead } from "../../data/fileHead";
import { type RowRule, readTable } from "../../data/readTable";
import { filled, isShare, number, once, time } from "../../data/rowRules";

const roles = {
  round: { names: ["round_id"], required: true },
  action: { names: ["action"], required: true },
  reward: { names: ["reward"], required: true },
  propensity: { names: ["propensity"] },
  user: { names: ["user_id"] },
  step: { names: ["step"] },
  terminal: { names: ["terminal", "terminated"] },
  slate: { names: ["slate_id"] },
  position: { names: ["position"] },
  time: { names: ["timestamp"] },
  policy: { names: ["policy"] },
} as const;

/** A log's rows in file order, all columns of length n. What the file has no column for is absent. */
export interface LogColumns {
  readonly file: string;
  /** Where a row stands, for messages: `line` of a text file, or `row` of Parquet, both from 1. */
  readonly placeOf?: (row: number) => Promise<{ readonly line?: number; readonly row?: number }>;
  /** Text columns: ids as they stand in the file. */
  readonly rounds: readonly string[];
  readonly actions: readonly string[];
  readonly rewards: Float64Array;
  readonly propensities?: Float64Array;
  readonly users?: readonly string[];
  /** From 0 or 1 on, as the file counts. */
  readonly steps?: ArrayLike<number>;
  /** 1 where the user's trajectory ended by itself, 0 where it went on or only watching ended. */
  readonly terminals?: Int32Array;
  readonly slates?: readonly string[];
  readonly positions?: Int32Array;
  /** Epoch seconds of each round. */
  readonly times?: Float64Array;
  /** Which policy made each round, where several share a log. */
  readonly policies?: readonly string[];
}

/** The square of a weight must be a number, and sums of a million of them. */
const leastPropensity = 1e-100;

/**
 * Reads a log of rounds, `round_id,action,reward,propensity` and optionally `user_id,step,terminal,slate_id,position,timestamp,policy`,
 * into the database's table "log" (round, action, row) and out of it.
 *
 * @throws InputError, with file and line, on a missing column, an empty id, a round that comes twice, a reward that is no
 *   number, a propensity outside (0, 1], a step or position that is no whole number or comes twice (the places of one slate may share
 *   a step), a time that is none.
 */
export async function readLog(
  database: Database,
  file: string,
  { propensities }: { readonly propensities: boolean },
): Promise<LogColumns> {
  const head = await readHead(database, file);
  const found = findRoles(
    head.columns,
    propensities ? { ...roles, propensity: { ...roles.propensity, required: true } } : roles,
    headerPlace(head),
  );
  const column = (role: keyof typeof roles): string => `c${found[role]}`;
  const has = (role: keyof typeof roles): boolean => found[role] !== undefined;
  const rules: RowRule[] = [
    filled(found.round!),
    filled(found.action!),
    once("logged", [column("round")], {
      ...{ column: found.round!, what: "comes twice", expected: "each round once" },
    }),
    number(found.reward!, "a reward", "a number"),
  ];
  if (has("propensity"))
    rules.push(
      number(found.propensity!, "a propensity", "a probability above 0 and at most 1 (25% is 0.25)", {
        further: isShare,
      }),
      {
        broken: `coalesce(TRY_CAST(${column("propensity")} AS DOUBLE) <= ${leastPropensity} AND TRY_CAST(${column("propensity")} AS DOUBLE) > 0, false)`,
        column: found.propensity!,
        what: "is so small that its weight is beyond all numbers",
        expected: `a probability of more than ${leastPropensity}`,
      },
    );
  if (has("user")) rules.push(filled(found.user!));
  if (has("slate")) rules.push(filled(found.slate!));
  if (has("time")) rules.push(time(found.time!));
  if (has("policy")) rules.push(filled(found.policy!));
  if (has("terminal"))
    rules.push({
      broken: `coalesce(${column("terminal")}, '') NOT IN ('0', '1')`,
      column: found.terminal!,
      what: "is not 0 or 1",
      expected: "1 where the user's trajectory ended by itself, else 0",
    });
  if (has("terminal") && has("user") && has("step"))
    rules.push({
      broken: `${column("terminal")} = '1' AND (${column("user")}, TRY_CAST(${column("step")} AS BIGINT)) NOT IN
        (SELECT ${column("user")}, max(TRY_CAST(${column("step")} AS BIGINT)) FROM logged WHERE ${column("user")} IS NOT NULL GROUP BY ${column("user")})`,
      column: found.terminal!,
      what: "ends before the user's last step",
      expected: "1 at last steps only",
    });
  // Steps only have to be in order, so that a time in seconds or milliseconds will do.
  for (const [role, owner, digits] of [
    ["step", "user", 15],
    ["position", "slate", 9],
  ] as const) {
    if (!has(role)) continue;
    rules.push({
      broken: `NOT coalesce(regexp_full_match(${column(role)}, '[0-9]{1,${digits}}'), false)`,
      column: found[role]!,
      what: `is not a ${role}`,
      expected: `a whole number of at least 0 and at most ${digits} digits`,
    });
    if (!has(owner)) continue;
    const key = [column(owner), `TRY_CAST(${column(role)} AS BIGINT)`];
    const what = `comes twice for its ${owner}`;
    if (role === "step" && has("slate") && has("position"))
      rules.push({
        broken: `rowid IN (SELECT rowid FROM (SELECT rowid, ${column("slate")} AS own, first(${column("slate")}) OVER (PARTITION BY ${key.join(", ")} ORDER BY rowid) AS other
          FROM logged WHERE ${column("user")} IS NOT NULL) WHERE own <> other)`,
        ...{ column: found.step!, what, expected: "each step once a user, or one slate a step" },
      });
    else
      rules.push(
        once("logged", key, { column: found[role]!, what, expected: `each ${role} once a ${owner}` }),
      );
  }
  if (has("slate") && has("position")) {
    const [slate, position] = [column("slate"), `TRY_CAST(${column("position")} AS BIGINT)`];
    rules.push({
      broken: `coalesce(${position} > (SELECT least(min(${position}), 1) FROM logged)
        AND (${slate}, ${position} - 1) NOT IN (SELECT ${slate}, ${position} FROM logged WHERE ${slate} IS NOT NULL AND ${position} IS NOT NULL), false)`,
      column: found.position!,
      what: "has no position before it in its slate",
      expected: "positions without holes, from 0 or from 1",
    });
    if (has("user"))
      rules.push({
        broken: `${slate} IN (SELECT ${slate} FROM logged GROUP BY ${slate} HAVING count(DISTINCT ${column("user")}) > 1)`,
        column: found.slate!,
        what: "is shown to more than one user",
        expected: "one user a slate",
      });
  }
  const table = await readTable(database, head, { name: "logged", rules, allNeeded: true });
  await database.run(`CREATE TABLE log AS SELECT ${column("round")} AS round, ${column("action")} AS action,
    CAST(row_number() OVER (ORDER BY rowid) - 1 AS INTEGER) AS row FROM logged`);
  const wanted = Object.keys(roles).filter((role) =>
    has(role as keyof typeof roles),
  ) as (keyof typeof roles)[];
  const types = {
    reward: "DOUBLE",
    propensity: "DOUBLE",
    step: "DOUBLE",
    position: "INTEGER",
    terminal: "INTEGER",
  } as const;
  const columns = await database.columns(
    `SELECT ${wanted
      .map((role) =>
        role === "time"
          ? timeOf(column(role))
          : role in types
            ? `CAST(${column(role)} AS ${types[role as "step"]})`
            : column(role),
      )
      .join(", ")} FROM logged ORDER BY rowid`,
  );
  const at = (role: keyof typeof roles): unknown => columns[wanted.indexOf(role)];
  return {
    file,
    async placeOf(row) {
      const found = await database.rows(
        `SELECT CAST(${table.line} AS VARCHAR) FROM logged ORDER BY rowid LIMIT 1 OFFSET ${row}`,
      );
      const place = Number(found[0]?.[0]);
      return head.kind === "Parquet" ? { row: place } : { line: place };
    },
    rounds: at("round") as string[],
    actions: at("action") as string[],
    rewards: at("reward") as Float64Array,
    ...(has("propensity") && { propensities: at("propensity") as Float64Array }),
    ...(has("user") && { users: at("user") as string[] }),
    ...(has("step") && { steps: at("step") as ArrayLike<number> }),
    ...(has("terminal") && { terminals: at("terminal") as Int32Array }),
    ...(has("slate") && { slates: at("slate") as string[] }),
    ...(has("position") && { positions: at("position") as Int32Array }),
    ...(has("time") && { times: at("time") as Float64Array }),
    ...(has("policy") && { policies: at("policy") as string[] }),
  };
}
