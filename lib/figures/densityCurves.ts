import type { About, Figure, Numbers } from "./figure";
import { lines } from "./marks/lines";
import { type Mark, short } from "./marks/mark";
import { note, rule } from "./marks/rules";
import { plot } from "./plot";

/** A density over values, as `kernelDensity` gives it. */
export interface DensityCurve {
  readonly name: string;
  readonly x: Numbers;
  readonly y: Numbers;
  /** Instead of the one that its name gets. */
  readonly colour?: string;
}

/**
 * Densities on one axis. A narrow pile is a spike that presses all other curves flat: where the highest is more than
 * twice the middle one, the axis ends at twice the middle one. There a dashed line says that it was cut, and an arrow over
 * each spike says how high it goes; a spike is not drawn beyond the cut, and no plateau is drawn in its place.
 *
 * @param input.x title of the level axis
 * @param input.cutAt where to cut, instead
 * @throws without curves.
 * @example densityCurves({ curves: [{ name: "titles", ...kernelDensity(values, grid) }], x: "1 − cosine", ... })
 */
export function densityCurves(
  input: {
    readonly curves: readonly DensityCurve[];
    readonly x: string;
    readonly cutAt?: number;
  } & Required<About>,
): Figure {
  const { curves, x, cutAt, caption, ...about } = input;
  if (curves.length === 0) throw new Error("densityCurves requires at least one curve, got none");
  const peaks = curves.map(peakOf);
  const limit = cutAt ?? 2 * middle(peaks.map(({ height }) => height));
  const highest = Math.max(...peaks.map(({ height }) => height));
  const tall = peaks.filter(({ height }) => height > limit);
  const shown = curves.map((curve) => ({ ...curve, ...below(curve, limit) }));
  const cut = tall.length === 0 ? [] : [rule({ y: limit }, { label: "cut here", side: "end" })];
  const told = tall.map(({ name, height }) => `${name} (up to ${short(height)})`).join(", ");
  return plot({
    marks: [...cut, lines(shown), ...tall.map((peak, place) => arrowUp(peak, place, limit))],
    x,
    y: {
      title: "density",
      range: [0, tall.length === 0 ? 1.06 * highest : (1.1 + 0.07 * tall.length) * limit],
    },
    legend: "top",
    ...about,
    caption: tall.length === 0 ? caption : `${caption} Cut at ${short(limit)}: ${told}.`,
  });
}

/** A curve as far as it is below the limit: it ends just there, and goes on behind a gap. */
function below({ x, y }: DensityCurve, limit: number): { readonly x: number[]; readonly y: number[] } {
  const drawn: { x: number[]; y: number[] } = { x: [], y: [] };
  const add = (place: number, height: number): void => {
    drawn.x.push(place);
    drawn.y.push(height);
  };
  for (let i = 0; i < y.length; i++) {
    const crossed = i > 0 && y[i] > limit !== y[i - 1] > limit;
    if (crossed) add(x[i - 1] + ((x[i] - x[i - 1]) * (limit - y[i - 1])) / (y[i] - y[i - 1]), limit);
    add(x[i], y[i] > limit ? Number.NaN : y[i]);
  }
  return drawn;
}

interface Peak {
  readonly name: string;
  readonly at: number;
  readonly height: number;
  readonly colour: string | undefined;
}

function peakOf({ name, x, y, colour }: DensityCurve): Peak {
  let top = 0;
  for (let i = 1; i < y.length; i++) if (y[i] > y[top]) top = i;
  return { name, at: x[top], height: y[top], colour };
}

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** What a spike that was cut would have shown, in its line's colour; each stands a line above the one before. */
function arrowUp({ name, at, height, colour }: Peak, place: number, limit: number): Mark {
  return {
    draw: (frame) =>
      note(`▲ ${name}: up to ${short(height)}`, {
        ...{ x: at, y: limit, colour: colour ?? frame.look(name).colour, shift: [0, 2 + 17 * place] },
        anchor: { x: "center", y: "bottom" },
      }).draw(frame),
  };
}
