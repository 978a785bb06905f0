import { join } from "node:path";
import type { Command } from "commander";
import { InputError } from "../data/inputError";
import { writeAtomically, writeJsonAtomically } from "../data/writeAtomically";
import { random } from "../math/random";
import { terminalTable } from "../metrics/terminalTable";
import { merge, parseOverride } from "../settings/readConfig";
import { type SimulatedLog, type SimulatedTarget, simulateLog } from "../worlds/simulatedLog";
import { type TrueValue, trueValue } from "../worlds/trueValue";
import type { World } from "../worlds/world";
import { worldNamed, worlds } from "../worlds/worlds";
import { exitWith, runCommand } from "./frame";
import { collect, settingsHelp, share, wholeNumber } from "./options";
import type { Output } from "./output";

interface Options {
  readonly world: string;
  readonly set?: string[];
  readonly policy: string;
  readonly target?: string[];
  readonly epsilon: number;
  readonly users: number;
  readonly steps?: number;
  readonly discount: number;
  readonly seed: number;
  readonly out: string;
  readonly json?: string;
}

/** `npm run simulate`: a log with known propensities from a world whose truth is known. */
export function describeSimulate(command: Command, output: Output): void {
  command
    .description(
      "Lets a policy recommend to simulated readers and keeps the log, with every probability, and the policy's true value.",
    )
    .requiredOption("--world <name>", Object.keys(worlds).join(", "))
    .option("--set <key=value>", "one setting of the world; may be repeated", collect)
    .option("--policy <name>", "who recommends: random, greedy, epsilon-greedy, optimal …", "random")
    .option("--target <name>", "another policy, to be judged from the log; may be repeated", collect)
    .option("--epsilon <share>", "random choices of epsilon-greedy", share, 0.1)
    .option("--users <n>", "readers", wholeNumber(1), 1000)
    .option("--steps <n>", "steps after which watching ends; the world's own end without", wholeNumber(1))
    .option("--discount <x>", "of later rewards in the values, and what optimal is optimal at", share, 1)
    .option("--seed <number>", "seed of readers and choices", wholeNumber(0), 1)
    .requiredOption("--out <folder>", "where interactions.csv, items.csv, rounds.csv and value.json go")
    .option("--json <file>", "also write the values to a file")
    .addHelpText("after", worldsHelp)
    .action(async (options: Options) => {
      const { users, steps, discount, seed, out, target: targets = [], epsilon } = options;
      const world = made(() =>
        worldNamed(options.world, merge(...(options.set ?? []).map((each) => parseOverride(each).value))),
      );
      const names = [...new Set([options.policy, ...targets])];
      for (const name of names)
        if (!world.policies.includes(name))
          throw new InputError(`${world.name} has no policy ${name}`, {
            expected: `one of ${world.policies.join(", ")}`,
          });
      const draw = random(seed);
      const policy = { epsilon, discount };
      const log = simulateLog(world, options.policy, {
        ...{ users, targets, policy, random: draw.fork("log") },
        ...(steps !== undefined && { steps }),
      });
      const values: Record<string, TrueValue> = {};
      for (const name of names) {
        const shared = { discount, policy, random: draw.fork(`value of ${name}`) };
        values[name] = trueValue(world, name, steps === undefined ? shared : { ...shared, steps });
      }
      await writeLog(world, log, out);
      await writeJsonAtomically(join(out, "value.json"), values);
      if (options.json !== undefined) await writeJsonAtomically(options.json, values);
      output.out(summary(world, log, values, options));
    });
}

/** What a world refuses of its settings is bad input. */
function made(make: () => World): World {
  try {
    return make();
  } catch (error) {
    throw error instanceof InputError ? error : new InputError((error as Error).message);
  }
}

function worldsHelp(): string {
  return Object.entries(worlds)
    .map(([name, { about, settings }]) => `\n${name}: ${about}\n${settingsHelp(settings)}`)
    .join("\n");
}

/** The first moment of a log: 2024-01-01; a step is a minute. */
const begin = 1_704_067_200;

async function writeLog(world: World, log: SimulatedLog, folder: string): Promise<void> {
  const { users, steps, items, rewards, propensities, positions, slots } = log;
  const isSlate = slots > 1;
  const rows = users.length;
  const itemOf = (row: number): string => world.items[items[row]].id;
  // What a reader of a slate left alone is no interaction.
  await writeAtomically(
    join(folder, "interactions.csv"),
    lines("user_id,item_id,timestamp,weight,propensity", rows, (row) =>
      isSlate && rewards[row] === 0
        ? ""
        : `user-${users[row]},${itemOf(row)},${begin + 60 * steps[row]},${rewards[row]},${propensities[row]}\n`,
    ),
  );
  await writeAtomically(
    join(folder, "items.csv"),
    lines("item_id,title,genres", world.items.length, (row) => {
      const { id, title, genres = "" } = world.items[row];
      return `${id},${title},${genres}\n`;
    }),
  );
  // Rounds of a slate share its moment; which step it was follows from the order of a reader's slates.
  const [when, where] = isSlate ? ["", ",slate_id,position"] : ["step,", ""];
  await writeAtomically(
    join(folder, "rounds.csv"),
    lines(`round_id,user_id,${when}action,reward,propensity${where}`, rows, (row) => {
      const step = isSlate ? "" : `${steps[row]},`;
      const place = isSlate ? `,${Math.floor(row / slots)},${positions[row]}` : "";
      return `${row},user-${users[row]},${step}${itemOf(row)},${rewards[row]},${propensities[row]}${place}\n`;
    }),
  );
  for (const target of log.targets)
    await writeAtomically(
      join(folder, log.targets.length === 1 ? "target.csv" : `target-${target.name}.csv`),
      lines("round_id,action,probability", rows, (row) => targetRows(world, target, row)),
    );
}

function targetRows(world: World, { probabilities }: SimulatedTarget, row: number): string {
  const count = world.items.length;
  let text = "";
  for (let item = 0; item < count; item++)
    text += `${row},${world.items[item].id},${probabilities[row * count + item]}\n`;
  return text;
}

/** A file in pieces of some thousand lines. */
function* lines(head: string, rows: number, line: (row: number) => string): Generator<string> {
  let text = `${head}\n`;
  for (let row = 0; row < rows; row++) {
    text += line(row);
    if (text.length > 1 << 20) {
      yield text;
      text = "";
    }
  }
  yield text;
}

function summary(
  world: World,
  log: SimulatedLog,
  values: Readonly<Record<string, TrueValue>>,
  { policy, discount, out }: Options,
): string {
  const readers = log.users.reduce((most, user) => Math.max(most, user), 0) + 1;
  const earned = log.rewards.reduce((sum, reward) => sum + reward, 0);
  const table = Object.entries(values).map(([name, { value, standardError }]) => [
    name,
    value.toFixed(4),
    standardError === 0 ? "exact" : `±${(1.96 * standardError).toFixed(4)}`,
  ]);
  const head = [
    "policy",
    discount === 1 ? "true value of an episode" : `true value at discount ${discount}`,
    "95%",
  ];
  const count = log.users.length.toLocaleString("en");
  return `${world.name}: ${readers.toLocaleString("en")} readers, ${count} places filled by ${policy}, ${(earned / readers).toFixed(2)} earned a reader\n\n${terminalTable(head, table)}\n\n${out} holds interactions.csv, items.csv, rounds.csv${log.targets.length > 0 ? ", the targets" : ""} and value.json\n`;
}

if (require.main === module) exitWith(runCommand("simulate", describeSimulate, process.argv.slice(2)));
