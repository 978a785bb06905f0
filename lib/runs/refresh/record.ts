import type { Interval } from "../../math/bootstrap";
import { terminalTable } from "../../metrics/terminalTable";
import type { NewItemStarts } from "./grownModel";
import type { JoinCounts } from "./joinLogs";

/** Where a refreshed run comes from: in run.json, in the model card and, for `--resume`, in the run folder. */
export interface Lineage {
  /** The run that it goes on from: where it stood, and the start of the SHA-256 of its run.json and its log. */
  readonly from: string;
  readonly fingerprint: string;
  readonly agent: string;
  /** The step whose agent is gone on from, of agents that learn by updates. */
  readonly step?: number;
  readonly rows: JoinCounts;
  /** The newest rows: no part of the run has learned from them. `share` is that of the newer rows. */
  readonly heldOut: { readonly rows: number; readonly share: number };
  readonly notes: readonly string[];
}

/** What refreshing gained, on readers of the newest rows. */
export interface RefreshGain {
  readonly k: number;
  readonly readers: number;
  /** Held-out rows that are relevant and new to their readers, and how many of them are items the old run does not know. */
  readonly relevant: number;
  readonly relevantNew: number;
  readonly methods: readonly GainRow[];
}

export interface GainRow {
  readonly name: "refreshed" | "old run, as it is" | "trained anew";
  readonly ndcg: Interval;
  /** Paired over readers: refreshed − this one. */
  readonly difference?: Interval;
  /** Of training, by the clock and of all cores; null where it was not done in one go. */
  readonly time?: TrainingTime | null;
}

/** Seconds that training took. The clock's depend on what else the machine does. */
export interface TrainingTime {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Starts a clock; it says how long it has run. */
export function trainingClock(): () => TrainingTime {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { seconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6 };
  };
}

export interface RefreshRecord extends Lineage {
  /** How new items came by their first vectors. */
  readonly newItems?: NewItemStarts;
  readonly gain?: RefreshGain;
}

const count = (value: number): string => value.toLocaleString("en-US");
const number = (value: number): string => value.toFixed(4);
const within = ({ mean, lower, upper }: Interval): string =>
  `${number(mean)} (${number(lower)} to ${number(upper)})`;

/** What was new, in a sentence or two. */
export function rowsText({ rows, heldOut, newItems }: RefreshRecord): string {
  const { fileRows, knownRows, newRows, newUsers, newItems: items } = rows;
  const starts = newItems
    ? Object.entries({ texts: newItems.text, neighbours: newItems.neighbours, "the mean": newItems.mean })
        .filter(([, of]) => of > 0)
        .map(([way, of]) => `${count(of)} from ${way}`)
    : [];
  return [
    `${count(newRows)} new rows (of ${count(fileRows)}; ${count(knownRows)} were known already),`,
    `${count(newUsers)} new users, ${count(items)} new items${starts.length > 0 ? ` (first vectors: ${starts.join(", ")})` : ""}.`,
    `Held out: the newest ${count(heldOut.rows)} rows, ${Math.round(100 * heldOut.share)}% of the new ones.`,
  ].join(" ");
}

/** On whom the gain was measured. */
export function readersText({ k, readers, relevant, relevantNew }: RefreshGain): string {
  return `NDCG@${k} of ${count(readers)} readers of the newest rows; ${count(relevantNew)} of their ${count(relevant)} relevant rows are items the old run does not know`;
}

/** The methods side by side, as cells. */
export function gainCells({ methods }: RefreshGain): { readonly head: string[]; readonly rows: string[][] } {
  return {
    head: ["method", "NDCG@10", "refreshed − it", "training"],
    rows: methods.map(({ name, ndcg, difference, time }) => [
      name,
      within(ndcg),
      difference ? within(difference) : "",
      time ? `${Math.ceil(time.seconds)} s (${Math.ceil(time.cpuSeconds)} s of CPU)` : "",
    ]),
  };
}

/** The same for a terminal. */
export function gainTable(gain: RefreshGain): string {
  const { head, rows } = gainCells(gain);
  return `${readersText(gain)}\n${terminalTable(head, rows)}`;
}

/** The part of a model card that says where a refreshed run comes from. */
export function refreshLines(record: RefreshRecord): string[] {
  const { from, fingerprint, agent, step, notes, gain } = record;
  const of = step === undefined ? agent : `${agent}, its step ${count(step)}`;
  const lines = [
    "## Refreshed",
    `Goes on from \`${from}\` (${of}; fingerprint ${fingerprint}). ${rowsText(record)}`,
    ...notes.map((note) => `- ${note}`),
  ];
  if (gain === undefined) return lines;
  const { head, rows } = gainCells(gain);
  const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return [...lines, `${readersText(gain)}. Paired intervals over readers.`, table];
}
