/** Widths of letters in pixels, for room that has to be left before anything is drawn. */
const letterOfLegend = 6;
const besideName = 43;

/**
 * How many lines a level legend takes, to leave room for it before it is drawn: one where all names fit beside each
 * other, else columns as wide as the longest name. Letters are counted, not measured.
 *
 * @param pixels width there is
 * @example legendRows(["men", "women"], 800) // 1
 */
export function legendRows(names: readonly string[], pixels: number): number {
  const widths = names.map((name) => besideName + letterOfLegend * name.replace(/<[^>]*>/g, "").length);
  if (widths.reduce((sum, width) => sum + width, 0) <= pixels) return 1;
  return Math.ceil(names.length / Math.max(1, Math.floor(pixels / Math.max(...widths))));
}

/**
 * Breaks a text between words into lines of at most so many letters, for places where Plotly does not break by itself.
 * A word longer than a line keeps a line of its own.
 *
 * @example wrapText("far from the log", 8) // ["far from", "the log"]
 */
export function wrapText(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((each) => each !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A panel's place in the figure. */
export interface Cell {
  /** What a trace of this panel refers to. */
  readonly axes: { readonly xaxis: string; readonly yaxis: string };
  /** Layout keys of this panel's axes. */
  readonly keys: { readonly x: string; readonly y: string };
  /** Shares of the drawn width and height. */
  readonly across: readonly [number, number];
  readonly upwards: readonly [number, number];
  /** Whether it stands in the first column, and in the last row. */
  readonly first: boolean;
  readonly last: boolean;
}

/**
 * Splits a figure into panels, in rows from the top and columns from the left.
 *
 * @param gaps shares of the width and height between two panels; axis labels need about 0.12
 * @example grid(2, { columns: 2, gaps: [0.2, 0] }).map((cell) => cell.across) // [[0, 0.4], [0.6, 1]]
 */
export function grid(
  count: number,
  { columns, gaps: [beside, below] }: { readonly columns: number; readonly gaps: readonly [number, number] },
): Cell[] {
  const rows = Math.ceil(count / columns);
  const width = (1 - beside * (columns - 1)) / columns;
  const height = (1 - below * (rows - 1)) / rows;
  const round = (value: number): number => Math.round(value * 1e6) / 1e6;
  return Array.from({ length: count }, (_, i) => {
    const suffix = i === 0 ? "" : String(i + 1);
    const [row, column] = [Math.floor(i / columns), i % columns];
    const [left, bottom] = [column * (width + beside), (rows - 1 - row) * (height + below)];
    return {
      axes: { xaxis: `x${suffix}`, yaxis: `y${suffix}` },
      keys: { x: `xaxis${suffix}`, y: `yaxis${suffix}` },
      across: [round(left), round(left + width)] as const,
      upwards: [round(bottom), round(bottom + height)] as const,
      first: column === 0,
      last: i + columns >= count,
    };
  });
}
