import { join } from "node:path";
import type { Command } from "commander";
import type { Dataset } from "../data/dataset";
import { datasetNames, loadDataset } from "../data/datasets";
import { InputError } from "../data/inputError";
import { readDataset } from "../data/readInteractions";
import { writeJsonAtomically } from "../data/writeAtomically";
import { deviationOf } from "../math/deviation";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import { terminalTable } from "../metrics/terminalTable";
import { type OpenRun, openRun } from "../runs/openRun";
import { runsInWorld } from "../runs/runsInWorld";
import { serviceAt, simulateReaders, withStarts } from "../serving/readers";
import { merge, parseOverride } from "../settings/readConfig";
import { type SimulatedLog, simulateLog } from "../worlds/simulatedLog";
import { type TrueValue, trueValue } from "../worlds/trueValue";
import type { World } from "../worlds/world";
import { worldNamed, worlds } from "../worlds/worlds";
import { exitWith, runCommand } from "./frame";
import { validityOf, validityText } from "./memoryValidity";
import { collect, settingsHelp, share, wholeNumber } from "./options";
import type { Output } from "./output";
import { writeSimulated } from "./writeSimulated";

interface Options {
  readonly world: string;
  readonly dataset?: string;
  readonly interactions?: string;
  readonly items?: string;
  readonly set?: string[];
  readonly policy: string;
  readonly run?: string;
  readonly target?: string[];
  readonly epsilon: number;
  readonly users: number;
  readonly valueUsers?: number;
  readonly steps?: number;
  readonly discount: number;
  readonly seed: number;
  readonly out?: string;
  readonly service?: string;
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
    .option("--dataset <name>", `of memory, the log that it is fitted to: one of ${datasetNames.join(", ")}`)
    .option("--interactions <file>", "of memory, a log of your own instead")
    .option("--items <file>", "its items: item_id,title[,genres ...]")
    .option("--policy <name>", "who recommends: random, greedy, epsilon-greedy, optimal …", "random")
    .option("--run <folder>", "a trained run recommends instead: what it serves, to the history so far")
    .option(
      "--target <name>",
      "another policy, to be judged from the log (run:FOLDER: a trained run); may be repeated",
      collect,
    )
    .option("--epsilon <share>", "random choices of epsilon-greedy", share, 0.1)
    .option("--users <n>", "readers", wholeNumber(1), 1000)
    .option(
      "--value-users <n>",
      "fresh readers that values are taken from where they are not exact; 10,000, of a run 2,000",
      wholeNumber(1),
    )
    .option("--steps <n>", "steps after which watching ends; the world's own end without", wholeNumber(1))
    .option("--discount <x>", "of later rewards in the values, and what optimal is optimal at", share, 1)
    .option("--seed <number>", "seed of readers and choices", wholeNumber(0), 1)
    .option("--out <folder>", "where interactions.csv, items.csv, rounds.csv and value.json go")
    .option(
      "--service <url>",
      "in place of --out: readers ask a running service (npm run serve) and send it feedback; it keeps the log",
    )
    .option("--json <file>", "also write the values to a file")
    .addHelpText("after", worldsHelp)
    .action(async (options: Options) => {
      const { users, steps, discount, seed, out, target: targets = [], epsilon } = options;
      if (options.service !== undefined) return askService(command, options, output);
      if (out === undefined)
        return command.error("error: required option '--out <folder>' not specified", { exitCode: 2 });
      if (options.run !== undefined && command.getOptionValueSource("policy") === "cli")
        throw new InputError("--run: not with --policy", { expected: "one who recommends" });
      const changes = merge(...(options.set ?? []).map((each) => parseOverride(each).value));
      const chosen = options.run === undefined ? options.policy : `run:${options.run}`;
      const names = [...new Set([chosen, ...targets])];
      // Fitting a world takes longest: what is wrong with the rest is said before.
      const dataset = await datasetOf(options, output);
      const opened = await openRuns(names);
      try {
        const plain = worldNamed(options.world, changes, dataset);
        for (const name of names) if (!Object.hasOwn(opened, name)) requirePolicy(plain, name);
        const world = Object.keys(opened).length === 0 ? plain : runsInWorld(plain, opened);
        const draw = random(seed);
        const policy = { epsilon, discount };
        const log = simulateLog(world, chosen, {
          ...{ users, targets, policy, random: draw.fork("log") },
          ...(steps !== undefined && { steps }),
        });
        const values: Record<string, TrueValue> = {};
        for (const name of names) {
          const isRun = Object.hasOwn(opened, name);
          values[name] = trueValue(isRun ? world : plain, name, {
            ...{ discount, policy, random: draw.fork(`value of ${name}`) },
            users: options.valueUsers ?? (isRun ? 2000 : 10_000),
            ...(steps !== undefined && { steps }),
          });
        }
        await writeSimulated(world, log, out);
        await writeJsonAtomically(join(out, "value.json"), values);
        if (options.json !== undefined) await writeJsonAtomically(options.json, values);
        const validity = validityOf(plain, log);
        if (validity !== undefined) await writeJsonAtomically(join(out, "validity.json"), validity);
        output.out(summary(world, log, values, { ...options, out, policy: chosen }));
        if (validity !== undefined) output.out(validityText(validity));
      } finally {
        for (const run of Object.values(opened)) run.dispose();
      }
    });
}

/** Readers of the world ask a service in place of a policy. */
async function askService(command: Command, options: Options, output: Output): Promise<void> {
  for (const other of ["out", "policy", "run", "target", "epsilon", "valueUsers"] as const)
    if (command.getOptionValueSource(other) === "cli")
      throw new InputError(
        `--${other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: not with --service`,
        {
          expected: "the service recommends and keeps the log",
        },
      );
  const { users, steps, discount, seed, service, json } = options;
  const changes = merge(...(options.set ?? []).map((each) => parseOverride(each).value));
  const world = worldNamed(options.world, changes, await datasetOf(options, output));
  const asked = world.startsOf === undefined ? withStarts(world) : world;
  const { returns, slates, feedbacks } = await simulateReaders(asked, serviceAt(service!), {
    ...{ users, discount, name: `reader-${seed}`, random: random(seed) },
    ...(steps !== undefined && { steps }),
    onStep: (step, live) => output.progress(`step ${step + 1}`, users - live, users, "have left"),
  });
  const value = meanOf(returns);
  const standardError = users > 1 ? deviationOf(returns) / Math.sqrt(users) : 0;
  if (json !== undefined)
    await writeJsonAtomically(json, { readers: users, slates, feedbacks, value, standardError });
  const count = (number: number): string => number.toLocaleString("en");
  output.out(
    `${world.name}: ${count(users)} readers were shown ${count(slates)} slates by ${service} and sent ${count(feedbacks)} feedbacks; each earned ${value.toFixed(4)} ±${(1.96 * standardError).toFixed(4)}${discount === 1 ? "" : ` at discount ${discount}`}\n\nnext: npm run -s ope -- --log FOLDER --target-run RUN --discount ${discount}, with the folder that the service logs to\n`,
  );
}

/** @throws InputError, which says so of an optimum that cannot be computed. */
function requirePolicy(world: World, name: string): void {
  if (world.policies.includes(name)) return;
  const why = name === "optimal" ? ": its optimum cannot be computed" : "";
  throw new InputError(`${world.name} has no policy ${name}${why}`, {
    expected: `one of ${world.policies.join(", ")}`,
  });
}

/** Runs among the names, each opened, by its name. */
async function openRuns(names: readonly string[]): Promise<Record<string, OpenRun>> {
  const opened: Record<string, OpenRun> = {};
  try {
    for (const name of names)
      if (name.startsWith("run:")) opened[name] = await openRun(name.slice("run:".length));
    return opened;
  } catch (error) {
    for (const run of Object.values(opened)) run.dispose();
    throw error;
  }
}

/** The log that a world is fitted to, where one is named. */
async function datasetOf(
  { dataset, interactions, items }: Options,
  output: Output,
): Promise<Dataset | undefined> {
  const onNotice = (notice: string): void => output.note(notice);
  if (dataset !== undefined && interactions !== undefined)
    throw new InputError("--dataset: not with --interactions", { expected: "one log" });
  if (items !== undefined && interactions === undefined)
    throw new InputError("--items: whose items is not said", { expected: "--interactions FILE beside it" });
  if (dataset !== undefined) return loadDataset(dataset, { onNotice });
  if (interactions === undefined) return undefined;
  const read = await readDataset({ interactions, ...(items !== undefined && { items }) });
  read.notices.forEach(onNotice);
  return read;
}

function worldsHelp(): string {
  return Object.entries(worlds)
    .map(([name, { about, settings }]) => `\n${name}: ${about}\n${settingsHelp(settings)}`)
    .join("\n");
}

function summary(
  world: World,
  log: SimulatedLog,
  values: Readonly<Record<string, TrueValue>>,
  { policy, discount, out }: Options & { readonly out: string },
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
  return `${world.name}: ${readers.toLocaleString("en")} readers, ${count} places filled by ${policy}, ${(earned / readers).toFixed(2)} earned a reader\n\n${terminalTable(head, table)}\n\n${out} holds interactions.csv, items.csv, rounds.csv${log.targets.length > 0 ? ", the targets" : ""} and value.json\n\nnext: npm run -s train -- --interactions ${join(out, "interactions.csv")} --items ${join(out, "items.csv")} --set reward.rating=1 --set terminals=terminal${world.isOnce ? "" : " --set repeats=true"}\n`;
}

if (require.main === module) exitWith(runCommand("simulate", describeSimulate, process.argv.slice(2)));
