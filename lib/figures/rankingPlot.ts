import type { About, Figure } from "./figure";
import { dots } from "./marks/dots";
import { intervals } from "./marks/intervals";
import type { Mark } from "./marks/mark";
import { rule } from "./marks/rules";
import { plot } from "./plot";
import { palette } from "./theme";

/** One method: its mean over users and the interval around it. */
export interface RankingRow {
  readonly name: string;
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  readonly kind?: MethodKind;
  /** What another implementation of the same method reaches, drawn as an open diamond. */
  readonly reference?: number;
}

/** What methods are, and how every figure of methods draws them. "control": an agent whose critic is switched off. */
export const methodKinds = {
  agent: { name: "trained by reinforcement", colour: palette.blue, symbol: "circle" },
  control: { name: "critic off", colour: palette.sky, symbol: "circle-open" },
  supervised: { name: "supervised", colour: palette.orange, symbol: "square" },
  baseline: { name: "baseline", colour: palette.grey, symbol: "circle" },
} as const;
export type MethodKind = keyof typeof methodKinds;
export const kindNames: readonly MethodKind[] = ["agent", "control", "supervised", "baseline"];

/** A ranking table as a picture: dots are means over users, whiskers their 95% intervals, best at the top. */
export function rankingPlot(
  input: {
    readonly rows: readonly RankingRow[];
    /** e.g. "NDCG@10" */
    readonly metric: string;
    /** a value worth beating, drawn from top to bottom */
    readonly best?: { readonly value: number; readonly name: string };
  } & About,
): Figure {
  const { rows, metric, best, ...about } = input;
  if (rows.length === 0) throw new Error("rankingPlot requires at least one row, got none");
  const sorted = [...rows].sort((a, b) => b.mean - a.mean);
  const [top] = sorted as [RankingRow];
  const known = sorted.filter((row) => row.reference !== undefined);
  const furthest = Math.max(
    best?.value ?? 0,
    ...sorted.map((row) => Math.max(row.upper, row.reference ?? 0)),
  );
  return plot({
    marks: [
      ...kindNames.flatMap((kind) => {
        const members = sorted.filter((row) => (row.kind ?? "baseline") === kind);
        return members.length === 0 ? [] : [intervals(members, { ...methodKinds[kind], digits: 3 })];
      }),
      ...(known.length === 0 ? [] : [references(known)]),
      ...(best === undefined ? [] : [rule({ x: best.value }, { label: best.name, colour: palette.red })]),
    ],
    x: {
      title: `${metric}, mean over users and 95% interval`,
      range: [-0.03 * furthest, 1.06 * furthest],
    },
    y: { order: sorted.map(({ name }) => name), grid: true },
    rows: "plain",
    title: `Ranking: ${metric}`,
    caption: `${metric} of ${rows.length} methods; ${top.name} is highest with ${top.mean.toFixed(4)} [${top.lower.toFixed(4)}, ${top.upper.toFixed(4)}].`,
    rowHeight: 34,
    ...about,
  });
}

/** What other implementations of the same methods reach: open diamonds in their rows. */
export function references(rows: readonly { readonly name: string; readonly reference?: number }[]): Mark {
  const known = rows.filter(({ reference }) => reference !== undefined);
  return dots({
    ...{
      name: "another implementation",
      colour: palette.ink,
      symbol: "diamond-open",
      size: 12,
      edgeWidth: 2,
    },
    ...{ x: known.map(({ reference }) => reference!), y: known.map(({ name }) => name) },
  });
}
