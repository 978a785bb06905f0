import type { Interval } from "../math/bootstrap";
import { markdownTable } from "../metrics/markdownTable";
import { terminalTable } from "../metrics/terminalTable";
import type { TextTable } from "./text";
import { fromGreedy, oneStep, type WorldStudyColumn, type WorldStudyTable } from "./worldStudy";

const number = (value: number): string => value.toFixed(2).replace("-", "−");
const range = ({ lower, upper }: { readonly lower: number; readonly upper: number }): string =>
  `${number(lower)} to ${number(upper)}`;

/** One line for each world and agent under the base setting: value, interval, what is missing to the optimum. */
export function worldStudyTable({ columns, seeds }: WorldStudyTable): TextTable {
  const base = columns.filter(({ setting }) => setting.label === "base");
  const all = base.flatMap(({ values }) => values);
  const [paired, gap] = [all.some((each) => each.fromOneStep), all.some((each) => each.share !== undefined)];
  const head = [
    ...["world", "agent", "value"],
    ...(seeds.length > 1 ? ["95%"] : []),
    ...(paired ? [`from ${oneStep}`] : []),
    ...(gap ? ["of the gap"] : []),
  ];
  const lines = base.flatMap(({ world, values, known }) => [
    ...knownLines(world, known, head.length),
    ...[...values]
      .sort((a, b) => b.value.mean - a.value.mean)
      .map(({ agent, value, fromOneStep, adjusted = 1, share }) => [
        ...[world, agent, number(value.mean)],
        ...(seeds.length > 1 ? [range(value)] : []),
        ...(paired ? [fromOneStep ? differenceText(fromOneStep, adjusted) : ""] : []),
        ...(gap ? [share === undefined ? "" : `${Math.round(100 * share)}%`.replace("-", "−")] : []),
      ]),
  ]);
  return { head, lines };
}

function differenceText(difference: Interval, adjusted: number): string {
  return `${number(difference.mean)} (${range(difference)})${adjusted < 0.05 ? " *" : ""}`;
}

function knownLines(world: string, known: WorldStudyColumn["known"], width: number): string[][] {
  const line = (name: string, value: number | null): string[][] =>
    value === null ? [] : [[world, `(${name})`, number(value), ...new Array<string>(width - 3).fill("")]];
  return [
    ...line("optimum", known.optimal),
    ...line("greedy, knows the world", known.greedy),
    ...line("who made the log", known.behaviour),
    ...line("random", known.random),
  ];
}

/** Under every setting: the best agent, and whether anything is shown to be better or worse than the best of the moment. */
export function worldSettingsTable({ columns, seeds }: WorldStudyTable): TextTable {
  if (seeds.length < 2) return { head: [], lines: [] };
  return {
    head: ["world", "setting", "log's own", "best agent", "95%", "better than greedy", "worse"],
    lines: columns.map(({ world, setting, values, known }) => {
      const best = values.reduce((most, each) => (each.value.mean > most.value.mean ? each : most));
      const better = values.filter((each) => fromGreedy(each, known).lower > 0);
      const worse = values.filter((each) => fromGreedy(each, known).upper < 0);
      return [
        world,
        setting.label,
        number(known.behaviour),
        `${best.agent} ${number(best.value.mean)}`,
        range(best.value),
        `${better.length} of ${values.length}`,
        String(worse.length),
      ];
    }),
  };
}

export function worldStudyNotes({ columns, seeds, judgedAt, updates }: WorldStudyTable): string[] {
  const notes = [
    `True values at γ ${judgedAt}, exact where the world can be counted out, else from 2,000 readers; ${updates.toLocaleString("en-US")} updates of agents with networks.`,
    ...(columns.some(({ known }) => known.optimal !== null)
      ? [
          "Of the gap: what part of the way from the greedy policy that knows the world to the best that can be done.",
        ]
      : []),
  ];
  if (seeds.length < 2) return [...notes, "One seed: to look at, no more."];
  const compared = columns.flatMap(({ values }) => values.filter(({ fromOneStep }) => fromOneStep));
  notes.push(
    `95% intervals over ${seeds.length} seeds, each with a log and a network of its own (Student's t).`,
    ...(compared.length > 0
      ? [
          `Paired by log with ${oneStep}; * where p < .05 after Holm's correction for all ${compared.length} of these differences; ${compared.filter(({ adjusted = 1 }) => adjusted < 0.05).length} are.`,
        ]
      : []),
  );
  return notes;
}

/** The whole outcome for a terminal. */
export function worldStudyText(table: WorldStudyTable): string {
  const shown = [worldStudyTable(table), worldSettingsTable(table)].filter(({ lines }) => lines.length > 0);
  return [
    ...shown.flatMap(({ head, lines }) => [terminalTable(head, lines), ""]),
    ...worldStudyNotes(table),
    "",
  ].join("\n");
}

/** The same as Markdown. */
export function worldStudyPage(table: WorldStudyTable): string {
  const shown = [worldStudyTable(table), worldSettingsTable(table)].filter(({ lines }) => lines.length > 0);
  return [
    `# ${table.name}`,
    ...shown.map(({ head, lines }) => markdownTable(head, lines)),
    worldStudyNotes(table)
      .map((note) => `- ${note}`)
      .join("\n"),
    "",
  ].join("\n\n");
}
