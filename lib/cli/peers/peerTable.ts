import { terminalTable } from "../../metrics/terminalTable";
import type { BenchRow } from "../measure";
import type { Duel } from "./duel";

/** A case measured with some threads a side. Its value is our median in ms, its ratio is of medians. */
export interface PeerRow extends BenchRow {
  /** What the piece of work is. */
  readonly title: string;
  /** The peer and its version. */
  readonly peer: string;
  readonly threads: number;
  /** Milliseconds of our best block, and the peer's median and best. */
  readonly minimum: number;
  readonly peerMedian: number;
  readonly peerMinimum: number;
}

/** A measured duel as a row. */
export function peerRow(
  { name, title }: { readonly name: string; readonly title: string },
  peer: string,
  threads: number,
  { ours, peer: other, ratio }: Duel,
): PeerRow {
  const comparedWith = `${peer} ${rounded(other.median)} ms`;
  const own = { name, title, value: ours.median, unit: "ms", comparedWith, ratio, minimum: ours.minimum };
  return { ...own, peer, threads, peerMedian: other.median, peerMinimum: other.minimum };
}

/** One line a case and number of threads: medians, in brackets the best blocks. */
export function peerTable(rows: readonly PeerRow[]): string {
  const lines = rows.map((row) => [
    row.name,
    String(row.threads),
    figure(row.value, row.minimum),
    row.peer,
    figure(row.peerMedian, row.peerMinimum),
    row.ratio.toFixed(2),
  ]);
  return terminalTable(["", "threads", "offshelf ms", "", "peer ms", "times as fast"], lines);
}

/** One line a case, as README shows it; each number of threads has its three columns. */
export function peerMarkdown(rows: readonly PeerRow[]): string {
  const threads = [...new Set(rows.map((row) => row.threads))].sort((a, b) => a - b);
  const head = threads.flatMap((count) => [
    `offshelf, ${count} thread${count === 1 ? "" : "s"}`,
    "peer",
    "times as fast",
  ]);
  const lines = [...new Set(rows.map(({ name }) => name))].map((name) => {
    const own = rows.filter((row) => row.name === name);
    const cells = threads.flatMap((count) => {
      const row = own.find((each) => each.threads === count);
      if (row === undefined) return ["", "", ""];
      const [ours, other] = [figure(row.value, row.minimum), figure(row.peerMedian, row.peerMinimum)];
      return [ours, other, row.ratio.toFixed(2)];
    });
    return [own[0].title, own[0].peer, ...cells];
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const all = ["ms, median (best block)", "peer", ...head];
  return `${[line(all), `|${"---|".repeat(all.length)}`, ...lines.map(line)].join("\n")}\n`;
}

function figure(median: number, minimum: number): string {
  return `${rounded(median)} (${rounded(minimum)})`;
}

/** Three significant figures. */
export function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
