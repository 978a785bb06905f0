import type { About, Figure } from "./figure";
import { panelAxes, panels, panelTitle } from "./panels";
import { palette, styled } from "./theme";

interface Around {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

/** One method of an experiment. */
export interface ExperimentMark {
  readonly name: string;
  /** "control": an agent whose critic is switched off. */
  readonly kind: "agent" | "control" | "supervised" | "baseline";
  readonly value: Around;
  /** What another implementation of the same method reaches. */
  readonly reference?: number;
  /** Of agents: the difference from the same agent before its first update. */
  readonly fromStart?: Around;
  /** Of agents: the difference from the same run with its critic switched off. */
  readonly fromControl?: Around;
}

const kinds = {
  agent: { name: "trained by reinforcement", colour: palette.blue, symbol: "circle" },
  control: { name: "critic off", colour: palette.sky, symbol: "circle-open" },
  supervised: { name: "supervised", colour: palette.orange, symbol: "square" },
  baseline: { name: "baseline", colour: palette.grey, symbol: "circle" },
} as const;

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
  const sorted = [...rows].sort((a, b) => a.value.mean - b.value.mean);
  const places = new Map(sorted.map(({ name }, place) => [name, place]));
  const actors = sorted.filter(({ fromStart }) => fromStart !== undefined);
  const [left, right] = actors.length > 0 ? panels(2, 0.04) : panels(1);
  const traces: Record<string, unknown>[] = [];
  for (const kind of ["agent", "control", "supervised", "baseline"] as const) {
    const members = sorted.filter((row) => row.kind === kind);
    const { name, colour, symbol } = kinds[kind];
    const at = members.map((row) => places.get(row.name)!);
    if (members.length > 0)
      traces.push(
        marks(
          members.map(({ value }) => value),
          at,
          { name, colour, symbol, ...left!.axes },
        ),
      );
  }
  const known = sorted.filter(({ reference }) => reference !== undefined);
  if (known.length > 0)
    traces.push({
      ...{ type: "scatter", mode: "markers", name: "another implementation", ...left!.axes },
      x: known.map(({ reference }) => reference),
      y: known.map(({ name }) => places.get(name)),
      marker: { symbol: "diamond-open", size: 11, color: palette.red, line: { width: 2 } },
    });
  if (right !== undefined) {
    const against = (
      name: string,
      colour: string,
      of: (row: ExperimentMark) => Around | undefined,
      lift: number,
    ) => {
      const members = actors.filter((row) => of(row) !== undefined);
      if (members.length === 0) return;
      const at = members.map((row) => places.get(row.name)! + lift);
      traces.push(
        marks(
          members.map((row) => of(row)!),
          at,
          { name, colour, symbol: "diamond", ...right.axes },
        ),
      );
    };
    against("from its own step 0", palette.green, ({ fromStart }) => fromStart, 0.16);
    against("from the same run, critic off", palette.purple, ({ fromControl }) => fromControl, -0.16);
  }
  const range = [-0.7, sorted.length - 0.3];
  const named = {
    range,
    tickmode: "array",
    tickvals: sorted.map((_, place) => place),
    ticktext: sorted.map(({ name }) => name),
    ticks: "",
  };
  const far = Math.max(...sorted.map(({ value, reference = 0 }) => Math.max(value.upper, reference)));
  const best = sorted.at(-1)!;
  return styled(
    traces,
    {
      ...panelAxes(left!, { title: { text: metric }, range: [-0.03 * far, 1.06 * far] }, named),
      ...(right &&
        panelAxes(
          right,
          { title: { text: `difference in ${metric}` } },
          { ...named, showticklabels: false },
        )),
      annotations: [
        panelTitle(left!, `${metric}, 95% interval`),
        ...(right ? [panelTitle(right, "what reinforcement changed")] : []),
      ],
      shapes: right
        ? [
            {
              ...{ type: "line", xref: right.axes.xaxis, x0: 0, x1: 0, yref: "paper", y0: 0, y1: 1 },
              line: { color: palette.ink, width: 1.2, dash: "dash" },
            },
          ]
        : [],
      legend: {
        orientation: "h",
        x: 0.5,
        xref: "container",
        xanchor: "center",
        y: 0.01,
        yref: "container",
        yanchor: "bottom",
        font: { size: 12 },
      },
      margin: { t: 104, b: 100 },
    },
    {
      title: "An experiment",
      caption: `${metric} of ${rows.length} methods; ${best.name} is highest with ${best.value.mean.toFixed(4)} [${best.value.lower.toFixed(4)}, ${best.value.upper.toFixed(4)}]. ${sentence(actors)}`,
      width: 1100,
      height: Math.max(380, 240 + 30 * rows.length),
      ...about,
    },
  );
}

function sentence(actors: readonly ExperimentMark[]): string {
  if (actors.length === 0) return "None of them learned by reinforcement.";
  const better = actors.filter(({ fromStart }) => fromStart!.lower > 0).map(({ name }) => name);
  return better.length === 0
    ? "No agent is surely better than what it started as."
    : `Surely better than what they started as: ${better.join(", ")}.`;
}

function marks(
  values: readonly Around[],
  at: readonly number[],
  {
    name,
    colour,
    symbol,
    ...axes
  }: { name: string; colour: string; symbol: string; xaxis: string; yaxis: string },
): Record<string, unknown> {
  return {
    ...{ type: "scatter", mode: "markers", name, ...axes },
    x: values.map(({ mean }) => mean),
    y: at,
    error_x: {
      ...{ type: "data", symmetric: false, thickness: 2, width: 4, color: colour },
      array: values.map(({ mean, upper }) => upper - mean),
      arrayminus: values.map(({ mean, lower }) => mean - lower),
    },
    marker: { color: colour, size: 9, symbol },
    hovertemplate: "%{x:.4f}<extra></extra>",
  };
}
