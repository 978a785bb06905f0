import type { About, Figure, Numbers } from "./figure";
import { panels } from "./panels";
import { bothSides, palette, series, styled } from "./theme";

/** Directions in one circle, in degrees from the right, anticlockwise. */
export interface DirectionsPanel {
  readonly heading: string;
  readonly directions: Numbers;
}

/**
 * Directions as dots on circles side by side. The ring around each is coloured by what a direction is really paid
 * (blue: most, orange: least), the black arc inside is what the log has seen: dots beyond it are where nobody has been.
 *
 * @param input.arc first and last logged direction in degrees
 * @param input.pay what a direction is paid, of degrees from −180 to 180
 * @throws when there is no circle to draw.
 */
export function circleDirections(
  input: {
    readonly circles: readonly DirectionsPanel[];
    readonly arc: readonly [number, number];
    readonly pay: (degrees: number) => number;
    readonly title: string;
  } & About,
): Figure {
  const { circles, arc, pay, ...about } = input;
  if (circles.length === 0) throw new Error("circleDirections requires at least one circle, got none");
  const places = panels(circles.length, 0.02);
  // From −180 to 180: what is paid need not repeat itself every 360 degrees.
  const around = Array.from({ length: 361 }, (_, i) => i - 180);
  const inArc = Array.from({ length: 31 }, (_, i) => arc[0] + ((arc[1] - arc[0]) * i) / 30);
  const points = (degrees: readonly number[], radius: (i: number) => number) => ({
    x: degrees.map((each, i) => radius(i) * Math.cos((each * Math.PI) / 180)),
    y: degrees.map((each, i) => radius(i) * Math.sin((each * Math.PI) / 180)),
  });
  let layout: Record<string, unknown> = {};
  const traces = circles.flatMap(({ directions }, c) => {
    const panel = places[c]!;
    const hidden = {
      showgrid: false,
      showticklabels: false,
      ticks: "",
      showline: false,
      range: [-1.25, 1.25],
    };
    layout = {
      ...layout,
      [panel.keys.x]: { ...hidden, domain: panel.domain, anchor: panel.axes.yaxis },
      [panel.keys.y]: { ...hidden, anchor: panel.axes.xaxis, scaleanchor: panel.axes.xaxis },
    };
    const common = { type: "scatter", ...panel.axes, hoverinfo: "skip", showlegend: false };
    const dots = Array.from(directions);
    return [
      {
        ...{ ...common, mode: "markers", ...points(around, () => 1.12) },
        marker: { size: 9, color: around.map(pay), colorscale: bothSides, cmin: -1, cmax: 1 },
      },
      {
        ...{ ...common, mode: "lines", name: "the log", ...points(inArc, () => 0.97) },
        line: { color: palette.ink, width: 5 },
      },
      {
        // Dots in the same direction stand in rows towards the middle, so that many look like many.
        ...{ ...common, mode: "markers", name: "actions", ...points(dots, (i) => 0.88 - 0.05 * (i % 8)) },
        marker: { size: 6, color: series[c % series.length], opacity: 0.7 },
      },
    ];
  });
  const outside = circles.map(({ directions }) => shareOutsideArc(directions, arc));
  const story = circles.map(({ heading }, c) => `${heading} ${(100 * outside[c]!).toFixed(0)}%`);
  return styled(
    traces,
    {
      ...layout,
      annotations: circles.map(({ heading }, c) => ({
        ...{ text: heading, x: (places[c]!.domain[0] + places[c]!.domain[1]) / 2, y: 1.0 },
        ...{ xref: "paper", yref: "paper", xanchor: "center", yanchor: "bottom", showarrow: false },
        font: { size: 14 },
      })),
      margin: { t: 104, l: 12, r: 12, b: 12 },
    },
    {
      caption: `Share of directions off the logged arc: ${story.join(", ")}.`,
      height: 140 + Math.round(780 / circles.length),
      ...about,
    },
  );
}

/**
 * How many directions lie off an arc, as a share.
 * @example shareOutsideArc([0, 90, 359], [-10, 10]) // 1 / 3
 */
export function shareOutsideArc(directions: Numbers, [from, to]: readonly [number, number]): number {
  const off = Array.from(directions).filter((each) => (((each - from) % 360) + 360) % 360 > to - from);
  return off.length / directions.length;
}
