import { settingRows } from "../data/settings";
import type { Interval } from "../math/bootstrap";
import { agentEntry } from "../settings/agents";
import type { Settings } from "../settings/readConfig";
import { type RunConfig, runSettings } from "../settings/runConfig";
import { refreshLines } from "./refresh/record";
import type { RunSummary } from "./runFolder";
import { evaluatedOn, isMoved, keptText } from "./runRecord";
import { isPlain, startText } from "./supervisedStart";

/** A page about a run in Markdown: what it learned from, how, how well it did where it was chosen, and what to beware of. */
export function modelCard(summary: RunSummary, config: RunConfig): string {
  const { data, split, record } = summary;
  const count = (value: number): string => value.toLocaleString("en-US");
  const learned = split.refit ? "train and validation rows (refitted)" : "train rows only";
  return [
    `# ${summary.agent} on ${data.name}`,
    `Data: ${data.label}. ${count(data.users)} users, ${count(data.items)} items, ${count(data.interactions)} interactions; order: ${data.order}.`,
    data.skippedRows > 0 ? `${count(data.skippedRows)} bad rows were left out.` : "",
    `Split: ${split.protocol}; ${count(split.train)} train, ${count(split.validation)} validation, ${count(split.test)} test rows. Fitted on ${learned}.`,
    "Recommending uses and masks each user's whole file; only evaluating cuts.",
    ...(summary.refresh === undefined ? [] : refreshLines(summary.refresh)),
    "## On the validation users",
    summary.validation === null
      ? "There were none."
      : `NDCG@10 ${intervalText(summary.validation.ndcg)} over ${count(summary.validation.users)} users. This is where choices were made: it flatters. Figures to believe come from \`npm run evaluate\`.`,
    ...stepZeroLines(summary),
    "## Beware",
    ...(summary.warnings.length > 0
      ? summary.warnings.map((warning) => `- ${warning}`)
      : ["Nothing was noticed."]),
    "Ratings logs hold no exposure and no propensities: a better ranking of what people chose is not proof of better recommendations.",
    "## Settings",
    ...(record === undefined
      ? []
      : [
          `${count(record.transitions)} transitions, ${count(record.steps)} updates. Kept: ${keptText(record)}.`,
        ]),
    ...(summary.start === undefined || isPlain(summary.start) ? [] : [startText(summary.start)]),
    ...(summary.features === undefined ? [] : [featuresText(summary.features)]),
    settingsTable(config),
    "## Made with",
    `offshelf ${summary.code.version}${summary.code.commit === null ? "" : ` (${summary.code.commit.slice(0, 12)})`}, Node ${summary.code.node}, seed ${summary.seed}; ${Object.entries(
      summary.code.threads,
    )
      .map(([name, value]) => `${name} ${value}`)
      .join(", ")}.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

/** Which further columns states know, and why, in a sentence or two. */
export function featuresText({ columns, choice }: NonNullable<RunSummary["features"]>): string {
  const known = columns.length === 0 ? "no further column" : columns.join(", ");
  if (choice === undefined) return `States know ${known}.`;
  if (choice.columns.length === 0) return "States know no further column: the log has none that would do.";
  if (choice.difference === undefined)
    return "States know no further column: there are no validation users to choose by.";
  const { mean, standardError } = choice.difference;
  const sign = mean < 0 ? "" : "+";
  const found = `on validation NDCG@10 ${sign}${mean.toFixed(4)}, standard error ${standardError.toFixed(4)}`;
  return choice.taken
    ? `States know ${known}: ${found}.`
    : `States know no further column: with ${choice.columns.join(", ")}, ${found}, not better by more than one.`;
}

/** Every setting of the run: its value, what it means and what it may be. */
function settingsTable(config: RunConfig): string {
  const rows = settingRows(runSettings(agentEntry(config.agent.name)));
  const valueAt = (path: string): unknown =>
    path.split(".").reduce<unknown>((inner, key) => (inner as Settings)[key], config);
  const lines = rows.map(({ name, meaning, expected }) => [
    `\`${name}\``,
    `\`${JSON.stringify(valueAt(name))}\``,
    `${meaning}; ${expected}`.replaceAll("|", "\\|"),
  ]);
  return [["setting", "value", "meaning; what it may be"], ["---", "---", "---"], ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function stepZeroLines({ record }: RunSummary): string[] {
  const compared = record?.stepZero;
  if (compared === undefined) return [];
  const { start, chosen, difference, changedLists, verdict } = compared;
  const against = "Against the same actor before its first update (step 0)";
  if (!isMoved(compared)) return [`${against}: **${verdict}.**`];
  return [
    `${against}, on ${evaluatedOn(record!)}: NDCG@10 ${start.toFixed(4)} → ${chosen.toFixed(4)}, difference ${intervalText(difference)}; at the kept step ${Math.round(100 * changedLists)}% of the lists are changed. **${verdict}.**`,
  ];
}

/** "0.0512 (0.0470 to 0.0555)" */
export function intervalText({ mean, lower, upper }: Interval): string {
  return `${mean.toFixed(4)} (${lower.toFixed(4)} to ${upper.toFixed(4)})`;
}
