import { decimals, signedText } from "../runs/signedText";
import type { CarryOver } from "./carryOver";
import type { TextTable } from "./text";

/** One line a log: the model, the best other method there, and the difference. */
export function carryOverTable({ rows, model, k }: CarryOver): TextTable {
  return {
    head: ["log", "users", "best baseline", `NDCG@${k}`, model, "difference", "from step 0"],
    lines: rows.map((row) => [
      row.log,
      row.users.toLocaleString("en-US"),
      row.best.name,
      decimals(row.best.ndcg),
      decimals(row.model),
      `${signedText(row.difference, decimals)}${row.adjusted < 0.05 ? " *" : ""}`,
      row.fromStepZero === undefined ? "" : signedText(row.fromStepZero, decimals),
    ]),
  };
}

export function carryOverNotes({ rows, mean, meanShare, model, left }: CarryOver): string[] {
  const behind = rows.filter(({ difference }) => difference.upper < 0).map(({ log }) => log);
  const counts = [...new Set(rows.map((row) => row.seeds))];
  const over = counts.join() === "1" ? "users alone (one seed)" : `users and ${counts.join(" or ")} seeds`;
  return [
    `${rows.length} differences, 95% intervals over ${over}; * where p < .05 after Holm's correction for that many. The best baseline is picked after seeing the test users, which flatters it.`,
    `Mean over the logs: ${mean < 0 ? "−" : "+"}${decimals(Math.abs(mean))} (${(100 * meanShare).toFixed(1)}% of the best baseline).`,
    ...(left.length === 0 ? [] : [`Left out, since its runs diverged: ${left.join("; ")}.`]),
    behind.length === 0
      ? `On no log is ${model} shown to be behind the best baseline.`
      : `${model} is behind the best baseline on ${behind.join("; ")}.`,
  ];
}

/** The same as Markdown. */
export function carryOverPage(table: CarryOver): string {
  const { head, lines } = carryOverTable(table);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(head),
    line(head.map(() => "---")),
    ...lines.map(line),
    "",
    ...carryOverNotes(table).map((note) => `- ${note}`),
    "",
  ].join("\n");
}
