import type { About, Figure, Numbers } from "./figure";
import { dots } from "./marks/dots";
import { lines } from "./marks/lines";
import type { Mark } from "./marks/mark";
import { note } from "./marks/rules";
import { plot } from "./plot";
import { bothSides, palette } from "./theme";

/** Directions to be drawn in one panel. */
export interface Directions {
  readonly heading: string;
  /** Degrees from the middle of the logged arc, anticlockwise. */
  readonly degrees: Numbers;
}

/**
 * Where actions go, on circles beside each other: one dot a direction, counted in degrees from the middle of the log's
 * arc, which is at the right and black. The ring is coloured by what a direction truly pays; its key stands at the
 * right. Dots have one colour in all panels, which the ring has not, and stand in rows towards the middle, so that many
 * look like many.
 *
 * @param input.panels in order from the left
 * @param input.pay what a direction pays; the ring is drawn for −180 to 180 degrees
 * @param input.logged how far the log goes to both sides of the middle
 * @param input.payRange colours go from the first to the second number; −1 to 1 by default
 * @example directionCircle({ panels: [{ heading: "the log", degrees: [0, 12, -7] }], pay: arc.reward, logged: arc.logged, ... })
 */
export function directionCircle(
  input: {
    readonly panels: readonly Directions[];
    readonly pay: (degrees: number) => number;
    readonly logged: number;
    readonly payRange?: readonly [number, number];
  } & Required<About>,
): Figure {
  const { panels, pay, logged, payRange = [-1, 1], ...about } = input;
  const around = Array.from({ length: 360 }, (_, i) => i - 179);
  const inLog = around.filter((degrees) => Math.abs(degrees) <= logged);
  const ring = dots({
    ...pointsAt(around, () => 1.12),
    ...{ colour: around.map(pay), colours: { scale: bothSides, range: payRange }, size: 5 },
  });
  const arc = lines({ ...pointsAt(inLog, () => 0.99), colour: palette.ink }, { width: 5, dots: false });
  const places = logged < 80 ? [-90, -logged, logged, 90, 180] : [-90, 0, 90, 180];
  const labels = places.map((degrees) => degreeLabel(degrees));
  const marks = ({ degrees }: Directions, p: number): Mark[] => [
    ...[ring, arc, ...labels],
    dots({
      ...pointsAt(degrees, (i) => 0.88 - 0.05 * (i % 8)),
      ...{ colour: palette.purple, size: 6, opacity: 0.8 },
    }),
    ...(p === panels.length - 1 ? [payKey(payRange)] : []),
  ];
  const axis = { range: [-1.5, 1.5], bare: true } as const;
  return plot({
    panels: panels.map((panel, p) => ({ heading: panel.heading, marks: marks(panel, p) })),
    ...{ x: axis, y: axis, aspect: 1, gap: 0.01, legend: "none", right: 92 },
    ...about,
  });
}

/** Points at these directions, each at its own distance from the middle. */
function pointsAt(degrees: Numbers, radius: (i: number) => number): { x: number[]; y: number[] } {
  const at = (turn: (radians: number) => number): number[] =>
    Array.from(degrees, (each, i) => radius(i) * turn((each * Math.PI) / 180));
  return { x: at(Math.cos), y: at(Math.sin) };
}

/** "+20°" outside of the ring, on the side where it belongs. */
function degreeLabel(degrees: number): Mark {
  const { x, y } = pointsAt([degrees], () => 1.22);
  const sign = degrees > 0 && degrees < 180 ? "+" : "";
  return note(`${sign}${degrees}°`.replace("-", "−"), {
    ...{ x: x[0], y: y[0], size: 11 },
    anchor: {
      x: x[0] > 0.3 ? "left" : x[0] < -0.3 ? "right" : "center",
      y: Math.abs(x[0]) > 0.3 ? "middle" : y[0] > 0 ? "bottom" : "top",
    },
  });
}

/** A bar of the ring's colours with its title. */
function payKey([cmin, cmax]: readonly [number, number]): Mark {
  const colorbar = { title: { text: "pay", side: "right" }, thickness: 12, outlinewidth: 0, nticks: 5 };
  return {
    draw: () => ({
      traces: [
        {
          ...{ type: "scatter", mode: "markers", x: [null], y: [null], hoverinfo: "skip", showlegend: false },
          marker: { color: [cmin], cmin, cmax, colorscale: bothSides, showscale: true, colorbar },
        },
      ],
    }),
  };
}
