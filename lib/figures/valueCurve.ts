import { type BandedLine, bandedTraces } from "./bandedLines";
import type { About, Figure } from "./figure";
import { palette, styled } from "./theme";

/**
 * What the critic believes while it learns, against what can be true: no return can leave
 * [lowest reward / (1 − discount), highest reward / (1 − discount)]. Beyond, the ground is shaded: a critic there
 * has lost touch with the log, however well its loss looks.
 *
 * @param input.lines Q by step, one line an agent
 */
export function valueCurve(
  input: {
    lines: readonly BandedLine[];
    lowestReward: number;
    highestReward: number;
    discount: number;
  } & About,
): Figure {
  const { lines, lowestReward, highestReward, discount, ...about } = input;
  if (!(discount >= 0 && discount < 1))
    throw new Error(`valueCurve requires a discount in [0, 1), got ${discount}`);
  const [floor, ceiling] = [lowestReward / (1 - discount), highestReward / (1 - discount)];
  const values = lines.flatMap((line) =>
    [line.y, line.upper ?? [], line.lower ?? []].flatMap((v) => Array.from(v)),
  );
  const finite = values.filter(Number.isFinite);
  const room = 0.15 * (ceiling - floor);
  const top = Math.max(ceiling + room, ...finite.map((v) => 1.05 * v));
  const lowest = Math.min(0, ...finite);
  // A floor that no line comes near is left out: it would only press the lines together.
  const nearFloor = lowest < 0.5 * floor;
  const bottom = nearFloor ? Math.min(floor - room, 1.05 * lowest) : lowest - 0.3 * room;
  const band = (y0: number, y1: number) => ({
    type: "rect",
    xref: "paper",
    x0: 0,
    x1: 1,
    y0,
    y1,
    fillcolor: palette.alarm,
    line: { width: 0 },
    layer: "below",
  });
  const edge = (y: number) => ({
    type: "line",
    xref: "paper",
    x0: 0,
    x1: 1,
    y0: y,
    y1: y,
    line: { color: palette.red, width: 1.5, dash: "dash" },
  });
  const label = (y: number, text: string, yanchor: string) => ({
    xref: "paper",
    x: 0.005,
    y,
    text,
    showarrow: false,
    xanchor: "left",
    yanchor,
    font: { size: 12, color: palette.red },
  });
  const outside = lines.filter((line) => {
    const last = line.y[line.y.length - 1] ?? 0;
    return last > ceiling || last < floor || !Number.isFinite(last);
  });
  const verdict =
    outside.length === 0
      ? "all critics stay within what rewards allow"
      : `${outside.map((line) => line.name).join(" and ")} left what rewards allow`;
  return styled(
    lines.flatMap((line, i) => bandedTraces(line, i)),
    {
      xaxis: { title: { text: "training step" } },
      yaxis: { title: { text: "mean Q" }, range: [bottom, top] },
      margin: { t: 100 },
      shapes: [band(ceiling, top), edge(ceiling), ...(nearFloor ? [band(bottom, floor), edge(floor)] : [])],
      annotations: [
        label(
          ceiling,
          `highest possible: ${highestReward} / (1 − ${discount}) = ${short(ceiling)}`,
          "bottom",
        ),
        ...(nearFloor ? [label(floor, `lowest possible: ${short(floor)}`, "top")] : []),
      ],
    },
    {
      title: "What the critic believes, and what can be true",
      caption: `Q while learning: ${verdict}.`,
      ...about,
    },
  );
}

const short = (value: number): string => String(Number(value.toPrecision(3))).replace("-", "−");
