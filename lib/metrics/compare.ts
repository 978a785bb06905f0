import { type Interval, pairedInterval } from "../math/bootstrap";
import type { Random } from "../math/random";
import type { Lists } from "../retrieval/lists";
import type { Evaluation } from "./evaluate";
import { markedDifferences } from "./markedDifferences";
import type { MetricName } from "./metrics";
import { type PeerTable, peerSource } from "./peers";
import { terminalTable } from "./terminalTable";

export interface ComparedRow {
  readonly name: string;
  readonly evaluation: Evaluation;
  /** The sorting metric with its interval over users. */
  readonly value: Interval;
  /** Paired difference from the reference; absent in the reference's own row. */
  readonly difference?: Interval;
  /** Share of users whose list (as a set of k items) is another than the reference's; absent there too. */
  readonly changedLists?: number;
}

export interface Comparison {
  readonly metric: MetricName;
  readonly k: number;
  readonly users: number;
  readonly reference: string;
  /** Best first. */
  readonly rows: readonly ComparedRow[];
}

/**
 * Puts evaluations of one task beside each other, best first, each with its paired difference from a named
 * reference: users are resampled in pairs, so a difference can be sure where the two intervals overlap.
 *
 * @throws when a name comes twice, the reference is missing, or the evaluations are not of the same users.
 */
export function compareRecommenders(
  evaluations: readonly Evaluation[],
  random: Random,
  options: {
    readonly reference: string;
    readonly metric?: MetricName;
    readonly k?: number;
    readonly resamples?: number;
  },
): Comparison {
  const { reference: name, metric = "ndcg", k = 10, resamples } = options;
  const reference = evaluations.find((evaluation) => evaluation.name === name);
  if (reference === undefined)
    throw new Error(`compareRecommenders requires "${name}" among the evaluations, got none of that name`);
  const names = new Set(evaluations.map((evaluation) => evaluation.name));
  if (names.size !== evaluations.length)
    throw new Error("compareRecommenders requires distinct names, got one twice");
  const rows = evaluations.map((evaluation): ComparedRow => {
    if (evaluation.users !== reference.users)
      throw new Error(`compareRecommenders requires ${reference.users} users, got ${evaluation.users}`);
    const column = evaluation.perUser[k]?.[metric];
    const base = reference.perUser[k]?.[metric];
    if (column === undefined || base === undefined)
      throw new Error(`compareRecommenders requires metrics at ${k}, got [${evaluation.ks}]`);
    const row = { name: evaluation.name, evaluation, value: evaluation.intervals[k]![metric] };
    if (evaluation === reference) return row;
    return {
      ...row,
      difference: pairedInterval(column, base, random.fork(`difference of ${evaluation.name}`), {
        resamples,
      }),
      changedLists: changedLists(evaluation.lists, reference.lists, k),
    };
  });
  rows.sort((a, b) => b.value.mean - a.value.mean || (a.name < b.name ? -1 : 1));
  return { metric, k, users: reference.users, reference: name, rows };
}

/**
 * Share of users whose first k items differ as a set: how much a recommender really does, whatever its scores.
 *
 * @example changedLists(a, a, 10) // 0
 */
export function changedLists(a: Lists, b: Lists, k: number): number {
  if (a.size !== b.size || a.k < k || b.k < k)
    throw new Error(
      `changedLists requires lists of ${k} for the same users, got ${a.size}×${a.k} and ${b.size}×${b.k}`,
    );
  let changed = 0;
  for (let user = 0; user < a.size; user++) {
    const one = a.items.slice(user * a.k, user * a.k + k).sort();
    const other = b.items.slice(user * b.k, user * b.k + k).sort();
    if (one.some((item, place) => item !== other[place])) changed++;
  }
  return a.size === 0 ? 0 : changed / a.size;
}

/**
 * The comparison as lines for a terminal.
 *
 * @param options.peers what other implementations reach on this task, as one more column of NDCG
 */
export function toTerminal(comparison: Comparison, options: { readonly peers?: PeerTable } = {}): string {
  const { k, metric, reference } = comparison;
  const peers = options.peers?.k === k ? options.peers : undefined;
  const head = [
    "method",
    `NDCG@${k}`,
    `Recall@${k}`,
    `HR@${k}`,
    `MRR@${k}`,
    `coverage@${k}`,
    `${metric} 95%`,
    `− ${reference}`,
    "lists changed",
    ...(peers ? ["NDCG elsewhere"] : []),
  ];
  const differences = comparison.rows.flatMap(({ difference }) => (difference ? [difference] : []));
  const { marks, notes: looked } = markedDifferences(differences);
  const rows = comparison.rows.map(({ name, evaluation, value, difference, changedLists: changed }) => {
    const at = evaluation.at[k]!;
    const accuracy = [at.ndcg, at.recall, at.hitRate, at.mrr, at.coverage].map((part) => part.toFixed(3));
    const between = `${value.lower.toFixed(3)} to ${value.upper.toFixed(3)}`;
    const apart = difference
      ? `${signed(difference.mean)} (${signed(difference.lower)} to ${signed(difference.upper)})${marks[differences.indexOf(difference)]}`
      : "";
    const cells = [
      name,
      ...accuracy,
      between,
      apart,
      changed === undefined ? "" : `${Math.round(100 * changed)}%`,
    ];
    if (peers) cells.push(peers.rows.find((row) => row.method === name)?.ndcg.toFixed(3) ?? "");
    return cells;
  });
  const notes = [...looked, `${comparison.users} users`, ...(peers ? [`NDCG elsewhere: ${peerSource}`] : [])];
  return `${terminalTable(head, rows)}\n${notes.join("\n")}`;
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}

/** The comparison as plain numbers, without per-user columns: for a JSON file, a figure or a run record. */
export function toJson(comparison: Comparison) {
  const { metric, k, users, reference, rows } = comparison;
  return {
    metric,
    k,
    users,
    reference,
    rows: rows.map(({ name, evaluation, value, difference, changedLists: changed }) => ({
      name,
      at: evaluation.at,
      intervals: evaluation.intervals,
      value,
      difference: difference ?? null,
      changedLists: changed ?? null,
      seconds: evaluation.seconds,
    })),
  };
}
