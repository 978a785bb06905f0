/**
 * A table for the terminal, without colours or rules between rows: first column to the left, numbers to the
 * right. The only file that names cli-table3.
 *
 * @example terminalTable(["method", "NDCG@10"], [["Random", ".002"]])
 */
export function terminalTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const Table = require("cli-table3") as typeof import("cli-table3");
  const none = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };
  const edges = { left: "", right: "", top: "", "top-left": "", "top-mid": "", "top-right": "" };
  const below = { bottom: "", "bottom-left": "", "bottom-mid": "", "bottom-right": "", middle: " " };
  const table = new Table({
    head: [...head],
    chars: { ...none, ...edges, ...below },
    colAligns: head.map((_, column) => (column === 0 ? "left" : "right")),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 1 },
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
