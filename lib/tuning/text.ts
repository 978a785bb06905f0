import { markedDifferences } from "../metrics/markedDifferences";
import { terminalTable } from "../metrics/terminalTable";
import { decimals, signedText, verdictText } from "../runs/signedText";
import type { Tried } from "../settings/searchSpace";
import type { Confirmed } from "./confirm";
import type { Trial } from "./driver";
import { ranked, type TuneResults } from "./results";

/** A search's outcome as texts: what it was, the best trials, what they are worth under fresh seeds, what mattered. */
export function tuneText(results: TuneResults, shown = 8): string {
  const { trials, confirmation } = results;
  const parts = [stampOf(results), "", trialsTable(results, shown)];
  const complete = ranked(trials);
  if (complete.length > 1)
    parts.push(
      `The best of ${complete.length} trials looks better than it is: it was chosen for its luck too.${noiseText(results)}`,
    );
  if (confirmation !== undefined) parts.push("", ...confirmedText(results));
  const influence = influenceTable(results);
  parts.push("", ...(influence === undefined ? [tooFew] : [influence, influenceNote]));
  return `${parts.join("\n")}\n`;
}

const tooFew = "What mattered is not told: it takes 8 complete trials with at least three different values.";
const influenceNote =
  "influence: share of PED-ANOVA (Watanabe and others 2023), what tells the best trials from all; ρ: Spearman's, whether more of it went with a higher value. Of few trials both are rough.";

/** What the figures are of, in one line. */
export function stampOf({ study, agent, trials, data, protocol, users, seeds }: TuneResults): string {
  const count = (state: Trial["state"]): number => trials.filter((trial) => trial.state === state).length;
  const pruned = count("pruned");
  const lost = trials.filter(({ retries }) => retries.length > 0).length;
  const states = [
    `${count("complete")} complete`,
    ...(pruned > 0 ? [`${pruned} pruned`] : []),
    ...(lost > 0 ? [`${lost} tried again after its worker was lost`] : []),
  ];
  return `${study}: ${agent}, ${states.join(", ")}; NDCG@10 of ${users.toLocaleString("en-US")} VALIDATION users, ${protocol}; ${data}; seed${seeds.length > 1 ? "s" : ""} ${seeds.join(", ")} in each trial`;
}

function trialsTable({ trials, searched }: TuneResults, shown: number): string {
  const order = ranked(trials);
  const start = order.find(({ about }) => about.default === true);
  const listed = order.slice(0, shown);
  if (start !== undefined && !listed.includes(start)) listed.push(start);
  return terminalTable(
    ["trial", "NDCG@10", "from default", "kept step", ...searched],
    listed.map(({ number, value, about, params }) => [
      `${number}${about.default === true ? " (default)" : ""}`,
      decimals(value!),
      start === undefined || about.default === true ? "" : signed(value! - start.value!),
      (about.kept ?? []).join(" "),
      ...searched.map((name) => written(params[name])),
    ]),
  );
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${decimals(Math.abs(value))}`;
}

/** A value that was tried, in three digits. */
export function written(value: Tried | undefined): string {
  if (typeof value !== "number" || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(3)));
}

function noiseText({ trialNoise, confirmation }: TuneResults): string {
  const noise = trialNoise ?? confirmation?.seedNoise;
  return noise === undefined
    ? ""
    : ` With the same settings one seed differs from another by ${decimals(noise)} (standard deviation).`;
}

function confirmedText({ confirmation, trials }: TuneResults): string[] {
  const { rows, users, failed } = confirmation!;
  const differences = rows.flatMap(({ difference }) => difference ?? []);
  const { marks, notes } = markedDifferences(differences);
  const start = rows.find(({ trial }) => trial === undefined);
  const seeds = start?.seeds ?? rows[0]?.seeds ?? [];
  const table = terminalTable(
    ["trained again", "NDCG@10", "95%", "in its trial", "from default", ""],
    rows.map((row) => [
      row.trial === undefined ? "default settings" : `trial ${row.trial}`,
      decimals(row.ndcg.mean),
      `${decimals(row.ndcg.lower)} to ${decimals(row.ndcg.upper)}`,
      row.trial === undefined ? "" : decimals(trials.find(({ number }) => number === row.trial)!.value!),
      row.difference === undefined
        ? ""
        : `${signedText(row.difference, decimals)}${marks[differences.indexOf(row.difference)]}`,
      row.difference === undefined ? "" : verdictOf(row, start),
    ]),
  );
  return [
    `The same settings under fresh seeds ${seeds.join(", ")}, the same ${users.toLocaleString("en-US")} validation users:`,
    table,
    ...notes,
    ...(failed.length > 0 ? [`learning ran away: ${failed.join("; ")}`] : []),
    "These users chose the trials: on others expect less. Test rows were not looked at; experiment.yaml compares on them.",
  ];
}

const words = {
  better: "better than the default settings",
  worse: "worse than the default settings",
  from: "the default settings",
};

/** What the interval of a difference from the default settings allows to say. */
export function verdictOf({ difference }: Confirmed, start: Confirmed | undefined): string {
  return difference === undefined ? "" : verdictText(difference, words, start?.ndcg.mean);
}

function influenceTable({ importances, directions }: TuneResults): string | undefined {
  if (importances === null) return undefined;
  const rows = Object.entries(importances).sort(([, a], [, b]) => b - a);
  return terminalTable(
    ["setting", "influence", "ρ"],
    rows.map(([name, share]) => {
      const direction = directions[name] ?? null;
      return [name, share.toFixed(2), direction === null ? "" : signedTwo(direction)];
    }),
  );
}

function signedTwo(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}
