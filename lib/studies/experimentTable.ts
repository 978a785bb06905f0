import { type Interval, interval, intervalOverSeeds } from "../math/bootstrap";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import { type PeerRow, peerTable } from "../metrics/peers";
import type { CodeVersion } from "../runs/codeVersion";
import type { StartChoice } from "../runs/supervisedStart";
import type { ExperimentConfig } from "../settings/experimentConfig";
import { type ActorComparison, actorComparison } from "./actorComparison";
import { baselineLabels } from "./experimentRows";
import { type Judged, type JudgedMetric, judgedMetrics } from "./judged";
import type { JudgedRow, ManyRuns } from "./runMany";

/** One row: plain numbers, the same for the same seeds. */
export interface ExperimentRow {
  readonly name: string;
  readonly type: string;
  readonly kind: "actor-critic" | "classic" | "supervised" | "baseline";
  readonly role: "model" | "control" | "compulsory";
  readonly seeds: readonly number[];
  /** By list length: each metric's mean and interval over users and seeds, and the mean under each seed. */
  readonly at: Readonly<
    Record<string, Readonly<Record<string, Interval & { readonly bySeed: readonly number[] }>>>
  >;
  /** By list length: distinct items recommended / N, under each seed. It is no mean over users: no interval. */
  readonly coverage: Readonly<Record<string, { readonly mean: number; readonly bySeed: readonly number[] }>>;
  /** NDCG@10 of the same method in another implementation, where known. */
  readonly reference?: number;
  /** Of actor–critics. */
  readonly actor?: ActorComparison;
  /** What the runs warn of, with the seeds. */
  readonly warnings: readonly string[];
  /** By seed: the supervised ranking that is served, and that actors start from. */
  readonly starts?: readonly StartChoice[];
}

/** Everything that is known of an experiment's outcome. */
export interface ExperimentTable {
  readonly format: 1;
  readonly name: string;
  readonly data: string;
  readonly protocol: string;
  readonly order: string;
  readonly validationRatio: number | null;
  readonly testRatio: number | null;
  readonly refit: boolean;
  readonly relevantAt: number | null;
  readonly users: number;
  readonly seeds: readonly number[];
  readonly ks: readonly number[];
  /** The list length that rows are sorted by: 10 where it was asked for, else the longest. */
  readonly k: number;
  /** Best NDCG@k first. */
  readonly rows: readonly ExperimentRow[];
  readonly failed: ManyRuns["failed"];
  readonly code: readonly CodeVersion[];
}

/**
 * The table of an experiment's runs: means with intervals over users and seeds, and for each actor–critic its
 * paired differences, seed by seed, from its own step 0 and from the same run without its critic.
 */
export async function experimentTable(
  experiment: ExperimentConfig,
  runs: ManyRuns,
): Promise<ExperimentTable> {
  const { ks, seeds, name } = experiment;
  const { data, users } = runs;
  const k = ks.includes(10) ? 10 : Math.max(...ks);
  const references = referencesOf(runs);
  const rows: ExperimentRow[] = [];
  for (const row of runs.rows)
    if (row.seeds.length > 0) rows.push(await rowOf(row, runs, { ks, k, references }));
  rows.sort((a, b) => b.at[k]!.ndcg!.mean - a.at[k]!.ndcg!.mean || (a.name < b.name ? -1 : 1));
  const temporal = data.split.protocol === "temporal";
  return {
    format: 1,
    name,
    data: data.dataset.label,
    protocol: data.split.protocol,
    order: data.dataset.interactions.order,
    validationRatio: temporal ? (data.ratios.validationRatio ?? 0.1) : null,
    testRatio: temporal ? (data.ratios.testRatio ?? 0.1) : null,
    refit: data.refit,
    relevantAt: data.relevantAt,
    users,
    seeds,
    ks,
    k,
    rows,
    failed: runs.failed,
    code: runs.code,
  };
}

interface Wanted {
  readonly ks: readonly number[];
  readonly k: number;
  readonly references: readonly PeerRow[];
}

async function rowOf(row: JudgedRow, runs: ManyRuns, { ks, k, references }: Wanted): Promise<ExperimentRow> {
  const judged: Judged[] = [];
  for (const run of row.seeds) judged.push(await run.judged());
  const summaries = row.seeds.flatMap(({ summary }) => (summary === undefined ? [] : [summary]));
  const actor =
    row.entry.kind === "actor-critic"
      ? await actorComparison(row, judged, { rows: runs.rows, k })
      : undefined;
  const reference = references.find(({ method }) => method === baselineLabels[row.entry.name])?.ndcg;
  const starts = summaries.flatMap(({ start }) => (start === undefined ? [] : [start]));
  return {
    name: row.name,
    type: row.entry.name,
    kind: row.entry.kind,
    role: row.role,
    seeds: row.seeds.map(({ seed }) => seed),
    at: Object.fromEntries(
      ks.map((length) => [
        length,
        Object.fromEntries(judgedMetrics.map((metric) => [metric, figure(judged, metric, length)])),
      ]),
    ),
    coverage: Object.fromEntries(
      ks.map((length) => {
        const bySeed = judged.map((each) => each.coverage(length));
        return [length, { mean: meanOf(bySeed), bySeed }];
      }),
    ),
    ...(reference === undefined ? {} : { reference }),
    ...(actor === undefined ? {} : { actor }),
    warnings: warningsOf(row),
    ...(starts.length === 0 ? {} : { starts }),
  };
}

/** A metric over users, and over seeds where there are several. */
function figure(
  judged: readonly Judged[],
  metric: JudgedMetric,
  k: number,
): Interval & { readonly bySeed: readonly number[] } {
  const columns = judged.map((each) => each.column(metric, k));
  const draw = random(1).fork(`${metric} ${k}`);
  const value =
    columns.length > 1 ? intervalOverSeeds(columns, draw) : interval({ values: columns[0]! }, draw);
  return { ...value, bySeed: columns.map(meanOf) };
}

function warningsOf({ seeds }: JudgedRow): string[] {
  const bySeed = new Map<string, number[]>();
  for (const { seed, summary } of seeds)
    for (const warning of summary?.warnings ?? [])
      bySeed.set(warning, [...(bySeed.get(warning) ?? []), seed]);
  return [...bySeed].map(([warning, which]) =>
    which.length === seeds.length ? warning : `${warning} (seed ${which.join(", ")})`,
  );
}

/** Other implementations' figures, where they were taken on this very task. */
function referencesOf({ data, users }: ManyRuns): readonly PeerRow[] {
  const { dataset, split, refit, relevantAt } = data;
  const peers = peerTable(dataset.name, split.protocol, { refit });
  return peers !== undefined && peers.users === users && relevantAt === null ? peers.rows : [];
}
