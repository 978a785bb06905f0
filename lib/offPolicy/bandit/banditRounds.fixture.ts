import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type LoggedRounds, loggedRounds } from "./loggedRounds";

/** A log, a target policy and a reward model with the values a reference library gives for them; for tests alone. */
export interface BanditFixture {
  readonly folder: string;
  readonly rounds: LoggedRounds;
  readonly expected: Readonly<Record<string, number | null>>;
}

/** @param name binary_overlap, poor_overlap or ratings */
export function banditFixture(name: string): BanditFixture {
  const folder = join(__dirname, "..", "fixtures", name);
  const log = rowsOf(join(folder, "log.csv"));
  const targets = table(join(folder, "target.csv"));
  const model = table(join(folder, "reward_model.csv"));
  const column = (value: (row: readonly string[]) => number): Float64Array => Float64Array.from(log, value);
  return {
    folder,
    rounds: loggedRounds({
      rewards: column((row) => Number(row[2])),
      propensities: column((row) => Number(row[3])),
      targetProbabilities: column(([round, action]) => targets.get(round)!.get(action)!),
      model: {
        logged: column(([round, action]) => model.get(round)!.get(action)!),
        expected: column(([round]) =>
          [...targets.get(round)!].reduce(
            (sum, [action, probability]) => sum + probability * model.get(round)!.get(action)!,
            0,
          ),
        ),
      },
    }),
    expected: JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")),
  };
}

function rowsOf(file: string): string[][] {
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));
}

function table(file: string): Map<string, Map<string, number>> {
  const rounds = new Map<string, Map<string, number>>();
  for (const [round, action, value] of rowsOf(file)) {
    if (!rounds.has(round)) rounds.set(round, new Map());
    rounds.get(round)!.set(action, Number(value));
  }
  return rounds;
}
