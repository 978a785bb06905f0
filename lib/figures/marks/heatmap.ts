import type { Numbers } from "../figure";
import { bothSides, lightToDark, palette } from "../theme";
import type { Mark } from "./mark";

export interface HeatmapOptions {
  readonly rows?: readonly string[];
  readonly columns?: readonly string[];
  /** Least and greatest value of the colours; by default 0 (or as far below as above) to the largest. */
  readonly range?: readonly [number, number];
  /** Writes the numbers into the cells, or what is said of a value and its place. */
  readonly written?: boolean | ((value: number, row: number, column: number) => string);
  readonly textSize?: number;
  /** White between the cells, in pixels. */
  readonly gap?: number;
  /** Title of the colour bar; none: no bar. */
  readonly key?: string;
  /** Red frames around squares on the diagonal, each from its first to its last row. */
  readonly frames?: readonly (readonly [number, number])[];
}

/**
 * A matrix as colours, its first row at the top. Values on both sides of 0 run from orange over white to blue, others
 * from light to dark.
 *
 * @param values [rows][columns]
 * @throws when a row has another length than the others, or the names are not as many as the rows and columns.
 * @example heatmap([[1, 0], [0.4, 1]], { rows: ["Ann", "Bob"], columns: ["Emma", "Dune"], written: true })
 */
export function heatmap(values: readonly Numbers[], options: HeatmapOptions = {}): Mark {
  const { rows, columns, gap = 0, key, textSize = 15, frames = [] } = options;
  const [high, wide] = [rows?.length ?? values.length, columns?.length ?? values[0]?.length ?? 0];
  if (values.length !== high || values.some((row) => row.length !== wide))
    throw new Error(
      `heatmap requires ${high} rows of ${wide} values, got ${values.length} of ${values.map((row) => row.length)}`,
    );
  const flat = values.flatMap((row) => Array.from(row));
  const largest = Math.max(...flat.map(Math.abs));
  const [zmin, zmax] = options.range ?? [flat.some((value) => value < 0) ? -largest : 0, largest];
  const write = options.written === true ? written : options.written || undefined;
  const names = rows ?? values.map((_, r) => String(r));
  const across = columns ?? Array.from({ length: wide }, (_, c) => String(c));
  return {
    ...(rows === undefined ? { y: [-0.5, high - 0.5] } : { rows }),
    ...(columns === undefined ? { x: [-0.5, wide - 0.5] } : { columns }),
    tight: true,
    draw: (frame) => {
      const y = rows === undefined ? names.map((_, r) => high - 1 - r) : names.map((name) => frame.row(name));
      const x = columns === undefined ? across.map((_, c) => c) : across.map((name) => frame.column(name));
      return {
        traces: [
          {
            ...{ type: "heatmap", z: values.map((row) => Array.from(row)), x, y, zmin, zmax },
            ...{
              colorscale: zmin < 0 ? bothSides : lightToDark,
              xgap: gap,
              ygap: gap,
              showscale: key !== undefined,
            },
            ...(key === undefined
              ? {}
              : { colorbar: { title: { text: key }, thickness: 12, outlinewidth: 0, nticks: 5 } }),
            ...(write === undefined
              ? {}
              : {
                  text: values.map((row, r) => Array.from(row, (value, c) => write(value, r, c))),
                  texttemplate: "%{text}",
                }),
            textfont: { size: textSize },
            ...(rows === undefined
              ? {}
              : { customdata: names.map((row) => across.map((column) => `${row} · ${column}`)) }),
            hovertemplate: `${rows === undefined ? "" : "%{customdata}: "}%{z:.2f}<extra></extra>`,
          },
        ],
        shapes: frames.map(([first, last]) => ({
          ...{
            type: "rect",
            x0: first - 0.5,
            x1: last + 0.5,
            y0: high - 1 - last - 0.5,
            y1: high - 1 - first + 0.5,
          },
          line: { color: palette.red, width: 2.5 },
        })),
      };
    },
  };
}

/** Two digits where they are needed; what rounds to a whole number is written as one. */
function written(value: number): string {
  const hundredths = Math.round(100 * value);
  return hundredths % 100 === 0 ? String(hundredths / 100 || 0) : (hundredths / 100).toFixed(2);
}

/**
 * A square matrix of similarities as rows, in an order in which likes stand together: from the most typical row always
 * on to the most similar one not yet visited. The values keep two digits, which keeps pages small.
 *
 * @param cosines [n × n]
 * @throws when their number is no square.
 * @example sortedByLikeness([1, 0, 0.9, 0, 1, 0, 0.9, 0, 1]) // rows and columns 0, 2, 1
 */
export function sortedByLikeness(cosines: Numbers): number[][] {
  const n = Math.sqrt(cosines.length);
  if (!Number.isInteger(n) || n < 1)
    throw new Error(`sortedByLikeness requires a square matrix, got ${cosines.length} numbers`);
  const at = (i: number, j: number): number => cosines[i * n + j];
  const left = new Set(Array.from({ length: n }, (_, i) => i));
  const sums = [...left].map((i) => [...left].reduce((sum, j) => sum + at(i, j), 0));
  let here = sums.indexOf(Math.max(...sums));
  const order: number[] = [];
  for (;;) {
    order.push(here);
    left.delete(here);
    if (left.size === 0) break;
    let best = -1;
    for (const row of left) if (best === -1 || at(here, row) > at(here, best)) best = row;
    here = best;
  }
  return order.map((i) => order.map((j) => Math.round(100 * at(i, j)) / 100));
}
