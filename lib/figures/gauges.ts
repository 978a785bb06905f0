import { type Mark, type Part, transparent } from "./marks/mark";
import { palette } from "./theme";

/** A number and where it becomes a worry. */
export interface Gauge {
  /** The number in words: "effective sample size: 2.1 of 9,421 rounds". */
  readonly label: string;
  /** Undefined where nobody knows: then the gauge is grey and empty. */
  readonly value: number | undefined;
  /** The four ends of its zones from worst to best: rising where more is better, falling where less is. */
  readonly ends: readonly [number, number, number, number];
  readonly format: (value: number) => string;
}

/** Colours of good, middling and bad. */
export const verdictColours = { ok: palette.green, weak: "#B87700", unreliable: "#C0392B" } as const;

const zones = [
  transparent("#C0392B", 0.55),
  transparent(palette.orange, 0.45),
  transparent(palette.green, 0.5),
];
const bar = 0.13;

/**
 * How far along its gauge a value stands: 0 to ⅓ in the red zone, to ⅔ in the amber, to 1 in the green; within a zone
 * in proportion, beyond the ends at them.
 *
 * @example gaugePosition(15, [0, 30, 200, 1000]) // 1/6
 */
export function gaugePosition(value: number, ends: Gauge["ends"]): number {
  const direction = ends[3] > ends[0] ? 1 : -1;
  for (let zone = 2; zone >= 0; zone--) {
    const [from, to] = [ends[zone], ends[zone + 1]];
    if ((value - from) * direction < 0) continue;
    const part = to === from ? 1 : Math.min(1, (value - from) / (to - from));
    return (zone + part) / 3;
  }
  return 0;
}

/** Level gauges one below another, in a panel of their own without axes. */
export function gauges(list: readonly Gauge[]): Mark {
  const middle = (g: number): number => list.length - g - 0.56;
  const shapes = list.flatMap(({ value }, g) =>
    zones.map((fillcolor, zone) => ({
      ...{ type: "rect", layer: "below", xref: "x", yref: "y" },
      ...{ x0: zone / 3, x1: (zone + 1) / 3, y0: middle(g) - bar, y1: middle(g) + bar },
      fillcolor: value === undefined ? palette.faint : fillcolor,
      line: { width: 2, color: "#FFFFFF" },
    })),
  );
  const known = list.flatMap(({ value, ends }, g) =>
    value === undefined ? [] : [{ x: gaugePosition(value, ends), y: middle(g) }],
  );
  const needles = {
    ...{ ...plain, mode: "markers", x: known.map(({ x }) => x), y: known.map(({ y }) => y) },
    marker: { symbol: "diamond-tall", size: 19, color: palette.ink, line: { color: "#FFFFFF", width: 2 } },
  };
  const labels = list.map(({ label }, g) => ({ text: label, x: 0, y: middle(g) + 0.3, at: "middle right" }));
  const numbers = list.flatMap(({ ends, format, value }, g) =>
    value === undefined
      ? []
      : ends.map((end, e) => ({
          ...{ text: format(end), x: e / 3, y: middle(g) - 0.27 },
          at: e === 0 ? "middle right" : e === 3 ? "middle left" : "middle center",
        })),
  );
  return {
    ...{ x: [0, 1], y: [0, list.length], tight: true },
    draw: () => ({
      traces: [
        needles,
        words(labels, { size: 13, color: palette.ink }),
        words(numbers, { size: 11, color: palette.grey }),
      ],
      shapes,
    }),
  };
}

const plain = { type: "scatter", showlegend: false, hoverinfo: "skip", cliponaxis: false };

const words = (
  rows: readonly { readonly x: number; readonly y: number; readonly text: string; readonly at: string }[],
  font: Part,
): Part => ({
  ...{ ...plain, mode: "text", x: rows.map(({ x }) => x), y: rows.map(({ y }) => y) },
  ...{ text: rows.map(({ text }) => text), textposition: rows.map(({ at }) => at), textfont: font },
});
