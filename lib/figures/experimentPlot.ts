import type { About, Figure } from "./figure";
import { type Interval, intervals } from "./marks/intervals";
import { rule } from "./marks/rules";
import { type Panel, plot } from "./plot";
import { kindNames, type MethodKind, methodKinds, references } from "./rankingPlot";
import { palette } from "./theme";

interface Around {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

/** One method of an experiment. */
export interface ExperimentMark {
  readonly name: string;
  readonly kind: MethodKind;
  readonly value: Around;
  /** What another implementation of the same method reaches. */
  readonly reference?: number;
  /** Of agents: the difference from the same agent before its first update. */
  readonly fromStart?: Around;
  /** Of agents: the difference from the same run with its critic switched off. */
  readonly fromControl?: Around;
}

/**
 * An experiment as a picture: at the left where each method stands, best at the top; at the right what learning by
 * reinforcement changed, where a whisker that crosses the line means "nothing that can be seen".
 *
 * @throws when there is no row.
 */
export function experimentPlot(
  input: { readonly rows: readonly ExperimentMark[]; readonly metric: string } & About,
): Figure {
  const { rows, metric, ...about } = input;
  if (rows.length === 0) throw new Error("experimentPlot requires at least one row, got none");
  const sorted = [...rows].sort((a, b) => b.value.mean - a.value.mean);
  const [best] = sorted as [ExperimentMark];
  const actors = sorted.filter(({ fromStart }) => fromStart !== undefined);
  const far = Math.max(...sorted.map(({ value, reference = 0 }) => Math.max(value.upper, reference)));
  const known = sorted.filter(({ reference }) => reference !== undefined);
  const standing = kindNames.flatMap((kind) => {
    const members = sorted.filter((row) => row.kind === kind);
    return members.length === 0
      ? []
      : [intervals(members.map(rowOf(({ value }) => value)), methodKinds[kind])];
  });
  const changed = (
    of: (row: ExperimentMark) => Around | undefined,
    name: string,
    colour: string,
    lift: number,
  ) => {
    const members = actors.filter((row) => of(row) !== undefined);
    return members.length === 0
      ? []
      : [intervals(members.map(rowOf((row) => of(row)!)), { name, colour, symbol: "diamond", lift })];
  };
  const right: Panel = {
    heading: "what reinforcement changed",
    x: `difference in ${metric}`,
    marks: [
      rule({ x: 0 }, { colour: palette.ink, width: 1.2 }),
      ...changed(({ fromStart }) => fromStart, "from its own step 0", palette.green, 0.16),
      ...changed(({ fromControl }) => fromControl, "from the same run, critic off", palette.purple, -0.16),
    ],
  };
  return plot({
    panels: [
      {
        heading: `${metric}, 95% interval`,
        x: { title: metric, range: [-0.03 * far, 1.06 * far] },
        marks: [...standing, ...(known.length === 0 ? [] : [references(known)])],
      },
      ...(actors.length === 0 ? [] : [right]),
    ],
    y: { order: sorted.map(({ name }) => name), grid: true },
    share: { x: false, y: true },
    rows: "plain",
    legend: "bottom",
    title: "An experiment",
    caption: `${metric} of ${rows.length} methods; ${best.name} is highest with ${best.value.mean.toFixed(4)} [${best.value.lower.toFixed(4)}, ${best.value.upper.toFixed(4)}]. ${sentence(actors)}`,
    width: 1100,
    height: Math.max(380, 240 + 30 * rows.length),
    ...about,
  });
}

const rowOf =
  (of: (row: ExperimentMark) => Around) =>
  (row: ExperimentMark): Interval => ({ name: row.name, ...of(row) });

function sentence(actors: readonly ExperimentMark[]): string {
  if (actors.length === 0) return "None of them learned by reinforcement.";
  const better = actors.filter(({ fromStart }) => fromStart!.lower > 0).map(({ name }) => name);
  return better.length === 0
    ? "No agent is surely better than what it started as."
    : `Surely better than what they started as: ${better.join(", ")}.`;
}
