import { basename } from "node:path";
import type { Interval } from "../math/bootstrap";
import { markdownTable } from "../metrics/markdownTable";
import { type MarkedDifferences, markedDifferences } from "../metrics/markedDifferences";
import { seedsForAClaim } from "../metrics/overSeeds";
import { peerSource } from "../metrics/peers";
import { terminalTable } from "../metrics/terminalTable";
import { decimals, signedText, stepZeroWords, verdictText } from "../runs/signedText";
import { isPlain, type StartChoice } from "../runs/supervisedStart";
import type { ActorComparison } from "./actorComparison";
import type { StudyRow, StudyTable } from "./table";

/** A table as texts: the head, then one line a row. */
export interface TextTable {
  readonly head: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

/** What a table is about, in one line: figures of two such lines never share a column. */
export function studyStamp(table: StudyTable): string {
  const {
    data,
    protocol,
    order,
    refit,
    users,
    relevantAt,
    seeds,
    testRatio,
    validationRatio,
    test,
    on = "test",
  } = table;
  const usual = testRatio === null || (testRatio === 0.1 && validationRatio === 0.1);
  const parts = [
    data,
    `${protocol}${order === "row order" ? " by row order" : ""}${usual ? "" : ` (test ${testRatio}, validation ${validationRatio})`}`,
    refit ? "REFITTED on train and validation rows" : "fitted on train rows",
    `${users.toLocaleString("en-US")} ${test === undefined ? `${on} users` : `users of ${basename(test)}`}${relevantAt === null ? "" : `, relevant from ${relevantAt}`}, ${
      protocol === "ncf-99neg"
        ? "1 + 99 SAMPLED candidates (leave-one-out): not comparable with full rankings"
        : "full catalogue"
    }`,
    `seed${seeds.length > 1 ? "s" : ""} ${seeds.join(", ")}`,
  ];
  return parts.join("; ");
}

/** Who stands where: accuracy with intervals over users and seeds (±: half the interval), and coverage. */
export function rankingTable({ rows, k }: StudyTable): TextTable {
  const withReference = rows.some(({ reference }) => reference !== undefined);
  return {
    head: [
      ...["method", "seeds", `NDCG@${k}`, "95%", `Recall@${k}`, `HR@${k}`, `MRR@${k}`, `coverage@${k}`],
      ...(withReference ? ["reference"] : []),
    ],
    lines: rows.map(({ name, seeds, at, coverage, reference, kind }) => {
      const { ndcg, recall, hitRate, mrr } = at[k];
      const around = ({ mean, lower, upper }: Interval): string =>
        `${decimals(mean)} ±${((upper - lower) / 2).toFixed(3).replace(/^0/, "")}`;
      return [
        name,
        kind === "baseline" ? "" : String(seeds.length),
        decimals(ndcg.mean),
        `${decimals(ndcg.lower)} to ${decimals(ndcg.upper)}`,
        ...[recall, hitRate, mrr].map(around),
        decimals(coverage[k].mean),
        ...(withReference ? [reference === undefined ? "" : String(reference).replace(/^0/, "")] : []),
      ];
    }),
  };
}

const fromStepZeroByImitation = {
  ...{ better: "imitation helped", worse: "imitation did harm" },
  from: "step 0",
};
const criticWords = { better: "the critic helped", worse: "the critic did harm", from: "critic off" };

/**
 * What learning by reinforcement added: each actor–critic against its own step 0 and against itself without a critic.
 * What stands after correction for all differences in the table is marked (`markedDifferences`).
 */
export function actorTable(table: StudyTable): TextTable {
  const { rows, k } = table;
  const { markOf } = differencesOf(table);
  const shown = (difference: Interval): string => signedText(difference, decimals) + markOf(difference);
  const againstCriticOff = (
    mean: number,
    { fromCriticOff, criticWeight, imitationWeight }: ActorComparison,
  ): string[] => {
    if (fromCriticOff !== undefined) {
      const { difference } = fromCriticOff;
      return [shown(difference), verdictText(difference, criticWords, mean - difference.mean)];
    }
    if (criticWeight === 0) return ["", "(has none)"];
    // With nothing left to learn from, step 0 is what remains of an agent without its critic.
    return (imitationWeight ?? 0) > 0 ? ["", "(no such run)"] : ["as from step 0", ""];
  };
  return {
    head: [
      "actor–critic",
      "from step 0",
      "",
      "lists changed",
      "from critic off",
      "",
      "imitation",
      "kept step",
    ],
    lines: rows.flatMap(({ name, actor, at }) => {
      if (actor === undefined) return [];
      const { imitationWeight, chosenSteps } = actor;
      const { difference, changedLists } = actor.fromStepZero;
      const { mean } = at[k].ndcg;
      const words = actor.criticWeight === 0 ? fromStepZeroByImitation : stepZeroWords;
      return [
        [
          name,
          shown(difference),
          verdictText(difference, words, mean - difference.mean),
          `${Math.round(100 * changedLists)}%`,
          ...againstCriticOff(mean, actor),
          imitationWeight === null ? "–" : String(imitationWeight),
          chosenSteps.join(" "),
        ],
      ];
    }),
  };
}

/** All paired differences of a table, counted together. */
export function differencesOf({
  rows,
}: StudyTable): Pick<MarkedDifferences, "notes"> & { markOf(difference: Interval): string } {
  const all = rows.flatMap(({ actor }) =>
    actor === undefined
      ? []
      : [actor.fromStepZero, actor.fromCriticOff].flatMap((each) => (each ? [each.difference] : [])),
  );
  const { marks, notes } = markedDifferences(all);
  return { notes, markOf: (difference) => marks[all.indexOf(difference)] ?? "" };
}

/** What a reader has to know beside the numbers. */
export function studyNotes(table: StudyTable): string[] {
  const { rows, seeds, failed, code, k, controls, notices } = table;
  const best = rows.find(({ kind }) => kind === "baseline");
  const first = rows[0];
  const notes = [
    `Intervals: 95% bootstrap over users; of learned models over several seeds Student's t of users and seeds together; ± is half of one. Differences are paired over users and seeds, of NDCG@${k}.`,
    ...differencesOf(table).notes,
  ];
  if (best !== undefined && first !== best)
    notes.push(
      `${first.name} stands highest; the best method in closed form is ${best.name} (${decimals(best.at[k].ndcg.mean)})${overlap(first, best, k) ? ", and their intervals overlap" : ""}.`,
    );
  if (seeds.length < seedsForAClaim && rows.some(({ kind }) => kind !== "baseline"))
    notes.push(
      `${seeds.length} seed${seeds.length > 1 ? "s" : ", so that intervals are over users alone"}: a claim about a learned model should rest on ${seedsForAClaim}.`,
    );
  if (!controls && rows.some(({ actor }) => actor !== undefined))
    notes.push("Without controls: the same runs without their critic and greedy reward were not trained.");
  if (rows.some(({ reference }) => reference !== undefined)) notes.push(`Reference: NDCG@10 ${peerSource}.`);
  notes.push(...notices, ...startNotes(rows));
  notes.push(...warningNotes(rows));
  for (const { name, seed, reason } of failed) notes.push(`${name}, seed ${seed} is missing: ${reason}.`);
  const versions = code.map(
    ({ version, commit }) => `${version}${commit === null ? "" : ` (${commit.slice(0, 12)})`}`,
  );
  if (versions.length > 0) notes.push(`Made with offshelf ${[...new Set(versions)].join(", ")}.`);
  return notes;
}

function startNotes(rows: readonly StudyRow[]): string[] {
  const beside = rows.filter(({ starts = [] }) => starts.some((start) => !isPlain(start)));
  if (beside.length === 0) return [];
  const all = beside.flatMap(({ starts }) => starts!);
  const range = (values: readonly number[]): string => {
    const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(2));
    return low === high ? low : `${low} to ${high}`;
  };
  const power = ({ biases }: StartChoice): number =>
    biases.reduce((sum, { share, strength }) => sum + share * strength, 0);
  return [
    `At retrieval recent popularity counts with a mean power of ${range(all.map(power))}, and linear item–item models with weights that sum to ${range(all.map(({ companion }) => Object.values(companion).reduce((sum, { weight }) => sum + weight, 0)))} (chosen on validation for each seed), in ${beside.map(({ name }) => name).join("; ")}, and in their step 0.`,
  ];
}

/** What several rows warn of is said once. */
function warningNotes(rows: readonly StudyRow[]): string[] {
  const learned = rows.filter(({ kind }) => kind !== "baseline");
  const names = new Map<string, string[]>();
  for (const { name, warnings } of learned)
    for (const warning of warnings) names.set(warning, [...(names.get(warning) ?? []), name]);
  return [...names].map(([warning, who]) =>
    who.length === learned.length ? `Everything learned: ${warning}.` : `${who.join("; ")}: ${warning}.`,
  );
}

function overlap(a: StudyRow, b: StudyRow, k: number): boolean {
  return a.at[k].ndcg.lower <= b.at[k].ndcg.upper;
}

/** The whole outcome for a terminal. */
export function studyText(table: StudyTable): string {
  const shown = ({ head, lines }: TextTable): string[] =>
    lines.length === 0 ? [] : [terminalTable(head, lines), ""];
  return [
    studyStamp(table),
    "",
    ...shown(rankingTable(table)),
    ...shown(actorTable(table)),
    ...studyNotes(table),
    "",
  ].join("\n");
}

/** The whole outcome as a page in Markdown. */
export function studyPage(table: StudyTable): string {
  const own = new Set(table.rows.filter(({ role }) => role === "model").map(({ name }) => name));
  const markdown = ({ head, lines }: TextTable): string =>
    markdownTable(
      head,
      lines.map(([name, ...cells]) => [own.has(name) ? `**${name}**` : name, ...cells]),
    );
  const actors = actorTable(table);
  return [
    `# ${table.name}`,
    `${studyStamp(table)}.`,
    markdown(rankingTable(table)),
    ...(actors.lines.length > 0 ? [markdown(actors)] : []),
    studyNotes(table)
      .map((note) => `- ${note}`)
      .join("\n"),
    "",
  ]
    .join("\n\n")
    .trimEnd()
    .concat("\n");
}
