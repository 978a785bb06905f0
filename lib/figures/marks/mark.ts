import type { Numbers } from "../figure";

/** A Plotly trace, shape or annotation. */
export type Part = Record<string, unknown>;

/** One axis of a panel, once its range is known. */
export interface Scale {
  /** Least and greatest value, in the units of the data. */
  readonly range: readonly [number, number];
  readonly log: boolean;
  /** Length in pixels, as far as it is known before the figure is drawn. */
  readonly pixels: number;
  /** Place of a value on the axis as Plotly's annotations count it: the logarithm on a logarithmic axis. */
  at(value: number): number;
}

/** How a series looks in all panels: by the order in which names are first met. */
export interface Look {
  readonly colour: string;
  readonly dash: string;
  readonly symbol: string;
}

/** The panel that a mark is drawn in. */
export interface Frame {
  readonly x: Scale;
  readonly y: Scale;
  /** Height of a row, place of a column, by name. */
  row(name: string): number;
  column(name: string): number;
  look(name: string): Look;
  /** `name` and `showlegend` of a trace: a name stands in the legend once, whatever the number of panels. */
  legend(name: string): { readonly name: string; readonly legendgroup: string; readonly showlegend: boolean };
}

/** Where a series ends: its name can be written beside this point. */
export interface End {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly colour: string;
  readonly glyph: string;
}

/** What a mark draws; references to axes are filled in by `plot`: "x" and "y" mean those of the panel. */
export interface Drawn {
  readonly traces?: readonly Part[];
  readonly shapes?: readonly Part[];
  readonly annotations?: readonly Part[];
  readonly ends?: readonly End[];
}

/** A mark: data in, traces out. `plot` asks what it needs to see, decides on axes and looks, and lets it draw. */
export interface Mark {
  /** Values that the axes have to show. */
  readonly x?: Numbers;
  readonly y?: Numbers;
  /** Rows from the top down and columns from the left, by name. */
  readonly rows?: readonly string[];
  readonly columns?: readonly string[];
  /** Series, in the order in which they take colours. */
  readonly names?: readonly string[];
  /** Names of the legend that have a look of their own. */
  readonly keys?: readonly string[];
  /** The axes end where the values end: no room is left. */
  readonly tight?: boolean;
  /** Words stand above or below its points: the axis leaves room for them. */
  readonly labelled?: boolean;
  /** The axis on which bars stand: it begins at 0. */
  readonly base?: "x" | "y";
  /** Intervals on the level axis; where a few are many times wider than most, the axis cuts these. */
  readonly intervals?: readonly { readonly value: number; readonly lower: number; readonly upper: number }[];
  /** Heights at which its series end at the right, where their names can stand instead of in a legend. */
  readonly ends?: readonly number[];
  /** Every other row has a grey ground. */
  readonly striped?: boolean;
  draw(frame: Frame): Drawn;
}

/** Colour as rgba: `transparent("#0072B2", 0.2)` is "rgba(0,114,178,0.2)". */
export function transparent(hex: string, opacity: number): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `rgba(${channels.join(",")},${opacity})`;
}

/** Three significant digits and a minus sign that is one: `short(-0.12345)` is "−0.123". */
export const short = (value: number): string => String(Number(value.toPrecision(3))).replace("-", "−");
