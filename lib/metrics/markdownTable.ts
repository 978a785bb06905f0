/**
 * A table as Markdown; bars within cells are escaped.
 *
 * @example markdownTable(["method", "NDCG@10"], [["Random", ".002"]])
 */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}
