/**
 * Rows as aligned text: the first column to the left, the others (figures) to the right, a rule under the head.
 *
 * @example textTable(["method", "NDCG@10"], [["ease", "0.051"]])
 * // method  NDCG@10\n------  -------\nease      0.051\n
 */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? "")].map((text) => [...text].length)),
  );
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, column) => {
        const text = cells[column] ?? "";
        const gap = " ".repeat(width - [...text].length);
        return column === 0 ? text + gap : gap + text;
      })
      .join("  ")
      .trimEnd();
  return [head, widths.map((width) => "-".repeat(width)), ...rows].map((row) => `${line(row)}\n`).join("");
}
