import { showInCell } from "./cell";

/** Anything with columns and rows: a danfojs DataFrame, or a plain object. */
export interface Rows {
  readonly columns: readonly string[];
  /** Row by row, each with one text or number a column. */
  readonly values: readonly unknown[];
  /** Names of the rows; row numbers are not shown. */
  readonly index?: readonly (string | number)[];
}

const escaped = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** Whole numbers as they are, others with three digits after the point. */
const shown = (value: string | number): string =>
  typeof value === "string" ? value : Number.isInteger(value) ? value.toLocaleString("en") : value.toFixed(3);

/** The table with the names of its rows as a first column, if they have names, as those of `describe()` do. */
function withRowNames({ columns, values, index = [] }: Rows): {
  columns: readonly string[];
  values: readonly (readonly (string | number)[])[];
} {
  const rows = values as readonly (readonly (string | number)[])[];
  if (!index.some((name) => typeof name === "string")) return { columns, values: rows };
  return { columns: ["", ...columns], values: rows.map((row, i) => [String(index[i]), ...row]) };
}

/**
 * Shows a table below the running cell: numbers to the right, text to the left, row names but no row numbers. In a terminal
 * it is printed.
 *
 * @example showTable(table({ title: ["Emma", "Dune"], rating: [5, 4] }))
 */
export function showTable(rows: Rows): void {
  const { columns, values } = withRowNames(rows);
  const numeric = columns.map((_, c) => values.every((row) => typeof row[c] === "number"));
  const cell = (tag: string, text: string, c: number): string =>
    `<${tag} style="text-align:${numeric[c] ? "right" : "left"}">${escaped(text)}</${tag}>`;
  const head = columns.map((name, c) => cell("th", name, c)).join("");
  const body = values.map((row) => `<tr>${row.map((value, c) => cell("td", shown(value), c)).join("")}</tr>`);
  const html = `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join("\n")}\n</tbody>\n</table>`;
  const plain = tableText(rows);
  if (!showInCell({ "text/html": html, "text/plain": plain }, {})) console.log(plain);
}

/** The table as lines of text, columns padded to their widest entry. */
export function tableText(rows: Rows): string {
  const { columns, values } = withRowNames(rows);
  const lines = [columns, ...values.map((row) => row.map(shown))];
  const widths = columns.map((_, c) => Math.max(...lines.map((line) => String(line[c]).length)));
  const numeric = columns.map((_, c) => values.every((row) => typeof row[c] === "number"));
  return lines
    .map((line) =>
      line
        .map((text, c) => (numeric[c] ? String(text).padStart(widths[c]) : String(text).padEnd(widths[c])))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
