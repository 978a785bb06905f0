import type { Command } from "commander";
import { inspectLog, type LogInspection } from "../data/inspectLog";
import { writeJsonAtomically } from "../data/writeAtomically";
import { exitWith, runCommand } from "./frame";
import { pairs, weights } from "./options";
import type { Output } from "./output";

interface Options {
  readonly columns?: Record<string, string>;
  readonly events?: Record<string, number>;
  readonly items?: string;
  readonly json?: string;
}

/** `npm run inspect`: what a log's file is understood to be, before anything is trained on it. */
export function describeInspect(command: Command, output: Output): void {
  command
    .description("Says in one screen how a log is read, what is guessed, and which command trains on it.")
    .argument("<file>", "a log of your own")
    .option("--columns <names>", "its columns where they have other names, as for train", pairs)
    .option("--events <weights>", "what each kind of event weighs, as for train", weights)
    .option("--items <file>", "its items, as for train")
    .option("--json <file>", "also write it to a file")
    .action(async (file: string, { columns, events, items, json }: Options) => {
      const found = await inspectLog(file, {
        ...(columns === undefined ? {} : { columns }),
        ...(events === undefined ? {} : { events }),
        ...(items === undefined ? {} : { items }),
      });
      const train = trainCommand(found, { columns, events, items });
      if (json !== undefined) await writeJsonAtomically(json, { ...found, train });
      output.out(`${textOf(found)}\n\nnext: ${train}\n`);
    });
}

function textOf(found: LogInspection): string {
  const whole = (count: number): string => count.toLocaleString("en-US");
  const size =
    found.megabytes >= 0.1 ? `${found.megabytes.toFixed(1)} MB` : `${whole(found.megabytes * 1e6)} bytes`;
  const lines = [
    ["file", `${found.file}, ${size}`],
    ["format", `${found.format}; ${found.encoding}; header: ${found.header}`],
    ["columns", ...shownColumns(found)],
    ["rows", `${whole(found.rows)}${found.badRows > 0 ? `, and ${whole(found.badRows)} bad ones` : ""}`],
    ["users", `${whole(found.users)}; items ${whole(found.items)}`],
    ["ids", found.ids],
    ["time", found.time],
    ["weights", found.weights],
    ...(found.itemsFile === undefined ? [] : [["items file", found.itemsFile]]),
    ["repeated", `${whole(found.repeatedPairs)} rows have the user and the item of another`],
    ["guessed", ...(found.notices.length > 0 ? found.notices : ["nothing"])],
    ["suspicious", ...(found.suspicious.length > 0 ? found.suspicious : ["nothing"])],
  ];
  return lines
    .map(([name, first, ...others]) =>
      [`${name.padEnd(11)}${first}`, ...others.map((line) => `${" ".repeat(11)}${line}`)]
        .join("\n")
        .replace(/\n(?! {11})/g, `\n${" ".repeat(11)}`),
    )
    .join("\n");
}

const columnsShown = 12;

function shownColumns({ columns }: LogInspection): string[] {
  const short = (text: string): string => {
    const printed = JSON.stringify(text);
    return printed.length > 40 ? `${printed.slice(0, 40)}…` : printed;
  };
  const lines = columns
    .slice(0, columnsShown)
    .map(({ name, role, example }) => `${role.padEnd(9)}${short(name)}, such as ${short(example)}`);
  return columns.length > columnsShown ? [...lines, `and ${columns.length - columnsShown} more`] : lines;
}

function trainCommand(found: LogInspection, options: Pick<Options, "columns" | "events" | "items">): string {
  const given = (flag: string, values: Readonly<Record<string, string | number>> | undefined): string[] =>
    values === undefined
      ? []
      : [
          flag,
          quoted(
            Object.entries(values)
              .map(([name, value]) => `${name}=${value}`)
              .join(","),
          ),
        ];
  return [
    "npm run -s train -- --interactions",
    quoted(found.file),
    ...(options.items === undefined ? [] : ["--items", quoted(options.items)]),
    ...given("--columns", options.columns),
    ...given("--events", options.events),
    ...(found.badRows > 0 ? ["--skip-bad-rows"] : []),
  ].join(" ");
}

/** An argument as a shell takes it. */
function quoted(text: string): string {
  return /^[\w./=,:@%+-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}

if (require.main === module) exitWith(runCommand("inspect", describeInspect, process.argv.slice(2)));
