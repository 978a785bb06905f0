import { type Interval, interval, intervalOverSeeds } from "../math/bootstrap";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import { strataNames } from "../metrics/beyondAccuracy";
import { type MetricName, metricNames } from "../metrics/metrics";
import { type PeerRow, peerTable } from "../metrics/peers";
import type { CodeVersion } from "../runs/codeVersion";
import type { StartChoice } from "../runs/supervisedStart";
import { type ActorComparison, actorComparison } from "./actorComparison";
import type { Evaluated, EvaluatedRow, ListFigures } from "./evaluated";
import type { ExecutedStudy } from "./execute";
import { baselineLabels } from "./plan";

/** A metric over users and seeds, and its mean under each seed. */
export interface Figure extends Interval {
  readonly bySeed: readonly number[];
}

/** One row: plain numbers, the same for the same seeds. */
export interface StudyRow {
  readonly name: string;
  readonly type: string;
  readonly kind: EvaluatedRow["entry"]["kind"];
  readonly role: EvaluatedRow["role"];
  readonly seeds: readonly number[];
  /** By list length. */
  readonly at: Readonly<Record<string, Readonly<Record<MetricName, Figure>>>>;
  /** By list length: distinct items recommended / N, under each seed. It is no mean over users: no interval. */
  readonly coverage: Readonly<Record<string, { readonly mean: number; readonly bySeed: readonly number[] }>>;
  /** By list length: what lists are like apart from being right, mean over seeds. */
  readonly lists: Readonly<Record<string, ListFigures>>;
  /** NDCG@10 of the same method in another implementation, where known. */
  readonly reference?: number;
  /** Of actor–critics. */
  readonly actor?: ActorComparison;
  /** What the runs warn of, with the seeds. */
  readonly warnings: readonly string[];
  /** By seed: the supervised ranking that is served, and that actors start from. */
  readonly starts?: readonly StartChoice[];
}

/** Everything that is known of a study's outcome. */
export interface StudyTable {
  readonly format: 1;
  readonly name: string;
  readonly data: string;
  readonly protocol: string;
  readonly order: string;
  readonly validationRatio: number | null;
  readonly testRatio: number | null;
  readonly refit: boolean;
  readonly relevantAt: number | null;
  /** The file of test interactions, where one was given. */
  readonly test?: string;
  /** Present where validation users stand in for test users, to choose something. */
  readonly on?: "validation";
  readonly users: number;
  readonly seeds: readonly number[];
  readonly ks: readonly number[];
  /** The list length that rows are sorted by: 10 where it was asked for, else the longest. */
  readonly k: number;
  /** Best NDCG@k first. */
  readonly rows: readonly StudyRow[];
  readonly failed: ExecutedStudy["failed"];
  readonly code: readonly CodeVersion[];
  /** Whether runs without a critic and greedy reward were trained beside the actors. */
  readonly controls: boolean;
  /** What has to be known of these runs and this test. */
  readonly notices: readonly string[];
}

/** What the runs do not say of themselves. */
export interface StudyAbout extends Pick<StudyTable, "name" | "seeds" | "ks" | "controls" | "on"> {
  /** Where lists are not made as the split's protocol has it. */
  readonly protocol?: string;
  readonly test?: string;
  /** The data's own by default. */
  readonly relevantAt?: number | null;
  readonly notices?: readonly string[];
}

/**
 * The table of a study's runs: means with intervals over users and seeds, and for each actor–critic its paired
 * differences, seed by seed, from its own step 0 and from the same run with its critic off.
 */
export async function studyTable(runs: ExecutedStudy, about: StudyAbout): Promise<StudyTable> {
  const { data, users } = runs;
  const { ks, test, on, notices = [], protocol = data.split.protocol, relevantAt = data.relevantAt } = about;
  const k = ks.includes(10) ? 10 : Math.max(...ks);
  const own =
    test === undefined && on === undefined && protocol === data.split.protocol && relevantAt === null;
  const references = own ? referencesOf(runs) : [];
  const rows: StudyRow[] = [];
  for (const row of runs.rows)
    if (row.seeds.length > 0) rows.push(await rowOf(row, runs, { ks, k, references }));
  rows.sort((a, b) => b.at[k].ndcg.mean - a.at[k].ndcg.mean || (a.name < b.name ? -1 : 1));
  const temporal = data.split.protocol === "temporal";
  return {
    format: 1,
    name: about.name,
    data: data.dataset.label,
    protocol,
    order: data.dataset.interactions.order,
    validationRatio: temporal ? (data.ratios.validationRatio ?? 0.1) : null,
    testRatio: temporal ? (data.ratios.testRatio ?? 0.1) : null,
    refit: data.refit,
    relevantAt,
    ...(test !== undefined && { test }),
    ...(on && { on }),
    users,
    seeds: about.seeds,
    ks,
    k,
    rows,
    failed: runs.failed,
    code: runs.code,
    controls: about.controls,
    notices,
  };
}

interface Wanted {
  readonly ks: readonly number[];
  readonly k: number;
  readonly references: readonly PeerRow[];
}

async function rowOf(
  row: EvaluatedRow,
  runs: ExecutedStudy,
  { ks, k, references }: Wanted,
): Promise<StudyRow> {
  const evaluated: Evaluated[] = [];
  for (const run of row.seeds) evaluated.push(await run.evaluated());
  const actor =
    row.entry.kind === "actor-critic"
      ? await actorComparison(row, evaluated, { rows: runs.rows, k })
      : undefined;
  const reference = references.find(
    ({ method }) => method === (baselineLabels[row.entry.name] ?? row.name),
  )?.ndcg;
  const starts = row.seeds.flatMap(({ summary }) => summary?.start ?? []);
  const byLength = <T>(value: (length: number) => T): Record<string, T> =>
    Object.fromEntries(ks.map((length) => [length, value(length)]));
  return {
    name: row.name,
    type: row.entry.name,
    kind: row.entry.kind,
    role: row.role,
    seeds: row.seeds.map(({ seed }) => seed),
    at: byLength((length) => figures(evaluated, length)),
    coverage: byLength((length) => {
      const bySeed = evaluated.map((each) => each.lists(length).coverage);
      return { mean: meanOf(bySeed), bySeed };
    }),
    lists: byLength((length) => meanLists(evaluated.map((each) => each.lists(length)))),
    ...(reference === undefined ? {} : { reference }),
    ...(actor === undefined ? {} : { actor }),
    warnings: warningsOf(row),
    ...(starts.length === 0 ? {} : { starts }),
  };
}

/** Every metric over users, and over seeds where there are several. */
function figures(evaluated: readonly Evaluated[], k: number): Record<MetricName, Figure> {
  const made = {} as Record<MetricName, Figure>;
  for (const metric of metricNames) {
    const columns = evaluated.map((each) => each.column(metric, k));
    const draw = random(1).fork(`${metric} ${k}`);
    const value =
      columns.length > 1 ? intervalOverSeeds(columns, draw) : interval({ values: columns[0] }, draw);
    made[metric] = { ...value, bySeed: columns.map(meanOf) };
  }
  return made;
}

function meanLists(lists: readonly ListFigures[]): ListFigures {
  const mean = (of: (each: ListFigures) => number): number => meanOf(lists.map(of));
  const strata = {} as Record<keyof ListFigures["strata"], number>;
  for (const name of strataNames) strata[name] = mean((each) => each.strata[name]);
  return {
    coverage: mean(({ coverage }) => coverage),
    novelty: mean(({ novelty }) => novelty),
    gini: mean(({ gini }) => gini),
    strata,
  };
}

function warningsOf({ seeds }: EvaluatedRow): string[] {
  const bySeed = new Map<string, number[]>();
  for (const { seed, summary } of seeds)
    for (const warning of summary?.warnings ?? [])
      bySeed.set(warning, [...(bySeed.get(warning) ?? []), seed]);
  return [...bySeed].map(([warning, which]) =>
    which.length === seeds.length ? warning : `${warning} (seed ${which.join(", ")})`,
  );
}

/** Other implementations' figures, where they were taken on this very task. */
function referencesOf({ data, users }: ExecutedStudy): readonly PeerRow[] {
  const { dataset, split, refit } = data;
  const peers = peerTable(dataset.name, split.protocol, { refit });
  return peers !== undefined && peers.users === users ? peers.rows : [];
}
