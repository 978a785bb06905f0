import type { About, Figure } from "./figure";
import { palette, series, styled } from "./theme";

/** An item in the plane: its direction, and its bias in units of T. */
export interface CircleItem {
  readonly name: string;
  /** degrees, counted from the right, anticlockwise */
  readonly angle: number;
  /** b, in logits */
  readonly bias: number;
}

/**
 * Items of length 1 on a circle, twice: which of them a query in each direction would find, with equal biases
 * and with their own. The ring is coloured by the winner of q·v/T + b; an item far from a query may win by its
 * bias, and some items may win nowhere.
 *
 * @param input.query degrees; drawn as an arrow
 * @throws when there is no item or the temperature is not positive.
 */
export function itemCircle(
  input: {
    readonly items: readonly CircleItem[];
    readonly query: number;
    readonly temperature: number;
  } & About,
): Figure {
  const { items, query, temperature, ...about } = input;
  if (items.length === 0) throw new Error("itemCircle requires at least one item, got none");
  if (!(temperature > 0)) throw new Error(`itemCircle requires a positive temperature, got ${temperature}`);
  const headings = ["nearest by direction alone", "with the bias coordinate"];
  const traces: Record<string, unknown>[] = [];
  const annotations: Record<string, unknown>[] = [];
  const reach: number[] = [];
  for (const [panel, heading] of headings.entries()) {
    const axes = panel === 0 ? {} : { xaxis: "x2", yaxis: "y2" };
    const [xref, yref] = panel === 0 ? ["x", "y"] : ["x2", "y2"];
    const winners = Array.from({ length: 360 }, (_, degrees) =>
      winnerAt(items, degrees, temperature, panel === 1),
    );
    reach.push(winners[((query % 360) + 360) % 360]!);
    items.forEach((item, i) => {
      const won = Array.from(winners.keys()).filter((degrees) => winners[degrees] === i);
      const points = won.flatMap((degrees) => [
        at(degrees, 1.06),
        at(degrees + 1, 1.06),
        { x: null, y: null },
      ]);
      const colour = series[i % series.length]!;
      const line = { color: colour, width: 11 };
      const shown = { type: "scatter", mode: "lines", showlegend: false, hoverinfo: "skip", ...axes };
      traces.push({ ...shown, x: points.map(({ x }) => x), y: points.map(({ y }) => y), line });
      const end = at(item.angle, 0.9);
      traces.push({ ...shown, x: [0, end.x], y: [0, end.y], line: { color: colour, width: 2.5 } });
      const place = at(item.angle, 1.16);
      annotations.push({
        x: place.x,
        y: place.y,
        xref,
        yref,
        text: panel === 1 ? `${item.name}<br>b = ${item.bias}` : item.name,
        showarrow: false,
        ...anchorsOf(item.angle),
        font: { size: 13, color: colour },
      });
    });
    const tip = at(query, 0.78);
    annotations.push({
      ...{ x: tip.x, y: tip.y, ax: 0, ay: 0, xref, yref, axref: xref, ayref: yref },
      ...{ text: "", showarrow: true, arrowhead: 2, arrowsize: 1.2, arrowwidth: 3, arrowcolor: palette.ink },
    });
    annotations.push({
      ...{ x: panel === 0 ? 0.24 : 0.76, y: 1.02, xref: "paper", yref: "paper", text: heading },
      ...{ showarrow: false, xanchor: "center", yanchor: "bottom", font: { size: 14 } },
    });
  }
  const hidden = { showgrid: false, showticklabels: false, ticks: "", showline: false, range: [-1.6, 1.6] };
  const [alone, biased] = reach.map((i) => items[i]!.name);
  return styled(
    traces,
    {
      xaxis: { ...hidden, domain: [0, 0.48] },
      yaxis: { ...hidden, scaleanchor: "x" },
      xaxis2: { ...hidden, domain: [0.52, 1], anchor: "y2" },
      yaxis2: { ...hidden, scaleanchor: "x2", anchor: "x2" },
      annotations,
      margin: { t: 100, l: 20, r: 20, b: 16 },
    },
    {
      title: "Which item does a query find?",
      caption: `The black query finds ${alone} by direction alone, and ${biased} with the bias coordinate.`,
      height: 480,
      ...about,
    },
  );
}

const at = (degrees: number, radius: number): { x: number; y: number } => ({
  x: radius * Math.cos((degrees * Math.PI) / 180),
  y: radius * Math.sin((degrees * Math.PI) / 180),
});

/** Names stand outside the ring: they begin, end or are centred where the ring is nearest. */
function anchorsOf(degrees: number): { xanchor: string; yanchor: string } {
  const { x, y } = at(degrees, 1);
  return {
    xanchor: x > 0.35 ? "left" : x < -0.35 ? "right" : "center",
    yanchor: y > 0.35 ? "bottom" : y < -0.35 ? "top" : "middle",
  };
}

/** The item with the largest logit for a query in this direction; the first of equals. */
export function winnerAt(
  items: readonly CircleItem[],
  degrees: number,
  temperature: number,
  biased: boolean,
): number {
  let [best, bestLogit] = [-1, Number.NEGATIVE_INFINITY];
  items.forEach((item, i) => {
    const cosine = Math.cos(((degrees - item.angle) * Math.PI) / 180);
    const logit = cosine / temperature + (biased ? item.bias : 0);
    if (logit > bestLogit) [best, bestLogit] = [i, logit];
  });
  return best;
}
