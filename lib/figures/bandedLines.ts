import type { About, Figure, Numbers } from "./figure";
import { dashes, palette, series, styled } from "./theme";

/** One line, with a band (an interval, or quartiles) around it where both edges are given. */
export interface BandedLine {
  readonly name: string;
  readonly x: Numbers;
  readonly y: Numbers;
  readonly lower?: Numbers;
  readonly upper?: Numbers;
}

/** Colour as rgba, for bands: "#0072B2" at 0.2. */
export function transparent(hex: string, opacity: number): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `rgba(${channels.join(",")},${opacity})`;
}

/** The traces of one line and its band; `place` chooses colour and dash. */
export function bandedTraces(
  line: BandedLine,
  place: number,
  extra: Record<string, unknown> = {},
): Record<string, unknown>[] {
  const colour = series[place % series.length]!;
  const traces: Record<string, unknown>[] = [];
  const common = { type: "scatter", x: Array.from(line.x), legendgroup: line.name, ...extra };
  if (line.lower !== undefined && line.upper !== undefined) {
    const edge = { ...common, mode: "lines", line: { width: 0 }, showlegend: false, hoverinfo: "skip" };
    traces.push({ ...edge, y: Array.from(line.lower) });
    traces.push({
      ...edge,
      y: Array.from(line.upper),
      fill: "tonexty",
      fillcolor: transparent(colour, 0.18),
    });
  }
  traces.push({
    ...common,
    mode: line.x.length <= 30 ? "lines+markers" : "lines",
    name: line.name,
    y: Array.from(line.y),
    marker: { size: 6 },
    cliponaxis: false, // a point on the edge is drawn whole
    line: { color: colour, width: 2.5, dash: dashes[place % dashes.length] },
  });
  return traces;
}

/** Ticks of a logarithmic axis; Plotly's own leave out the leading digits. */
const oneTwoFive = Array.from({ length: 24 }, (_, i) => [1, 2, 5][i % 3]! * 10 ** (Math.floor(i / 3) - 1));

/** A few whole numbers are ticks themselves: half an epoch or a second-and-a-half book makes no sense. */
function ticksOf(
  lines: readonly BandedLine[],
  logarithmic: boolean,
  names?: readonly string[],
): Record<string, unknown> {
  if (names !== undefined) return { tickvals: Array.from(lines[0]!.x), ticktext: [...names] };
  if (logarithmic) return { type: "log", tickvals: oneTwoFive };
  const places = [...new Set(lines.flatMap((line) => Array.from(line.x)))];
  return places.length <= 12 && places.every(Number.isInteger) ? { tickvals: places } : {};
}

/** Any curves over a common axis: state drift over positions, a metric over a setting, recall over a budget. */
export function bandedLines(
  input: {
    lines: readonly BandedLine[];
    x: string;
    y: string;
    title: string;
    caption: string;
    logarithmic?: boolean;
    /** what stands below the places of the first line instead of numbers */
    ticks?: readonly string[];
    /** the upright axis starts at 0, so that heights can be compared as they look */
    fromZero?: boolean;
    /** a value to compare with, drawn as a dashed line across */
    reference?: { readonly value: number; readonly name: string };
  } & About,
): Figure {
  const { lines, x, y, logarithmic = false, ticks, fromZero = false, reference, ...about } = input;
  const traces = lines.flatMap((line, i) => bandedTraces(line, i, { showlegend: lines.length > 1 }));
  const marks =
    reference === undefined
      ? {}
      : {
          shapes: [
            {
              type: "line",
              xref: "paper",
              x0: 0,
              x1: 1,
              y0: reference.value,
              y1: reference.value,
              line: { color: palette.grey, width: 1.5, dash: "dash" },
            },
          ],
          annotations: [
            {
              xref: "paper",
              x: 1,
              y: reference.value,
              text: reference.name,
              showarrow: false,
              xanchor: "right",
              yanchor: "bottom",
              font: { size: 12, color: palette.grey },
            },
          ],
        };
  return styled(
    traces,
    {
      xaxis: { title: { text: x }, ...ticksOf(lines, logarithmic, ticks) },
      yaxis: { title: { text: y }, ...(fromZero ? { rangemode: "tozero" } : {}) },
      ...(lines.length > 1 ? { margin: { t: 100 } } : {}),
      ...marks,
    },
    about,
  );
}
