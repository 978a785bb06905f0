import { terminalTable } from "../metrics/terminalTable";
import { estimatorName } from "../offPolicy/files/choosePolicies";
import type { ChoiceRow, PolicyChoice } from "../offPolicy/report/policyChoice";
import type { SelectedRuns } from "./selectRuns";

/** A ranking of runs for the terminal: the table, how sure its order is, and what to do. */
export function selectText(choice: SelectedRuns): string {
  const { rounds, units, estimator, discount, rows, logged, passedOver, same, level } = choice;
  const per = estimator.per === "user" ? `a reader, discount ${discount}` : "a round";
  const judged = rows.some(({ verdict }) => verdict !== "unreliable");
  const lines = [
    `${count(rounds)} rounds of ${count(units)} readers; propensities known; values ${per}, by ${estimatorName(estimator)} for all`,
    `  (${estimator.why})`,
    "",
    terminalTable(
      ["policy", "value", `${100 * level}%`, "beside the log's own", "", "comes first", "verdict"],
      [
        ...rows.map((row) => [
          row.name,
          number(row.value),
          range(row),
          ...besideOwn(row.gain),
          row.verdict === "unreliable" ? "" : `${(100 * row.first).toFixed(0)}%`,
          row.verdict,
        ]),
        ["the log's own", number(logged.value), range(logged), "", "", "", ""],
      ],
    ),
    "",
    `comes first: share of ${rows.length === 1 ? "the" : ""} resamples of readers; the intervals beside the log's own hold all at once`.replace(
      "  ",
      " ",
    ),
    ...rows
      .filter(({ verdict }) => verdict !== "ok")
      .map(({ name, verdict, reasons }) => `  - ${name}, ${verdict}: ${reasons[0]}`),
    ...same.map(({ name, as }) => `  - ${name} does in every round what ${as} does`),
    ...passedOver.map(({ name, reason }) => `  - ${name} is passed over: ${reason}`),
    ...learnedLines(choice),
    "",
    ...(judged ? orderLines(choice) : []),
    ...sendLines(choice),
    ...pickLines(choice),
  ];
  return `${lines.join("\n")}\n`;
}

/** What a policy earns beyond the log's own: nothing where it is the log's own. */
function besideOwn({ value, lower, upper }: ChoiceRow["gain"]): string[] {
  if (lower === 0 && upper === 0) return ["none", "beyond rounding"];
  return [signed(value), `${signed(lower)} to ${signed(upper)}`];
}

/** A policy knows what the rows said that it has learned from, and no interval knows of that. */
function learnedLines({ sources }: SelectedRuns): string[] {
  const told = sources.filter(({ learnedFrom = 0 }) => learnedFrom > 0.01);
  if (told.length === 0) return [];
  const most = Math.max(...told.map(({ learnedFrom }) => learnedFrom!));
  return [
    `  - beware: up to ${(100 * most).toFixed(0)}% of the log's rounds are rows that ${told.length === sources.length ? "the runs" : told.map(({ name }) => name).join(", ")} learned from: values of learned policies are flattered by them; a later log is not`,
  ];
}

/** How sure the order is. */
function orderLines({ rows, best, leftOpen, level }: PolicyChoice): string[] {
  const judged = rows.filter(({ verdict }) => verdict !== "unreliable");
  const rest = rows.length - judged.length;
  const beyond =
    rest === 0 ? "" : `; ${rest === 1 ? "one" : rest} more could not be judged and may be better or worse`;
  if (judged.length === 1) return [`only ${judged[0].name} can be judged on this log${beyond}`];
  if (best.length === 1)
    return [
      `the best of those that can be judged is ${best[0]}: shown (${100 * level}% sure, Hsu's comparisons with the best)${beyond}`,
    ];
  return [
    `cannot be told apart: ${best.join("; ")}; the best is among them (${100 * level}% sure, Hsu's comparisons with the best)${beyond}`,
    `  another of them may still be better than ${rows[0].name} by up to ${number(leftOpen)}${part(leftOpen, rows[0].value)}`,
  ];
}

function sendLines({ rows, send, logged, pick }: PolicyChoice): string[] {
  if (pick === undefined && send === undefined)
    return ["send to a test: none; no policy here can be judged on this log (reasons above)"];
  const row = rows.find(({ name }) => name === (send ?? pick!.name))!;
  const gain = `${signed(row.gain.value)} (${signed(row.gain.lower)} to ${signed(row.gain.upper)}${part(row.gain.value, logged.value)})`;
  if (send === undefined) {
    const most = [...rows].filter(judged).sort((a, b) => b.gain.upper - a.gain.upper)[0];
    const open =
      most.gain.upper > 0
        ? `up to ${signed(most.gain.upper)}${part(most.gain.upper, logged.value)} is left open (${most.name})`
        : "every one of them is shown to be no better";
    return [
      `better than what is served now: not shown of any; ${open}`,
      `send to a test: none on this log's word; keep what is served, or log more (the nearest is ${row.name}: ${gain})`,
    ];
  }
  return [
    `better than what is served now: shown of ${send}: ${gain}`,
    `send to a test: ${send}, whose gain is the surest${row.verdict === "weak" ? `; its verdict is weak: ${row.reasons[0]}` : ""}`,
  ];
}

/** The winner's curse: what is left of the pick when it does not choose itself. */
function pickLines({ pick, logged, units }: PolicyChoice): string[] {
  if (pick === undefined) return [];
  return [
    `${pick.name} was picked because it looks good here, and that flatters it: picked by half of the ${count(units)} readers and judged by the other half it comes to ${number(pick.corrected)} (${signed(pick.correctedGain)}${part(pick.correctedGain, logged.value)}) in place of ${number(pick.value)}; ${(100 * pick.again).toFixed(0)}% of the halves pick it`,
  ];
}

function judged({ verdict }: ChoiceRow): boolean {
  return verdict !== "unreliable";
}

function part(value: number, whole: number): string {
  return whole > 0 && Number.isFinite(value)
    ? `, ${signedText((100 * value) / whole, 1)}% of ${number(whole)}`
    : "";
}

function signedText(value: number, digits: number): string {
  return `${value > 0 ? "+" : ""}${value.toFixed(digits)}`;
}

function range({ lower, upper }: { readonly lower: number; readonly upper: number }): string {
  return `${number(lower)} to ${number(upper)}`;
}

function signed(value: number): string {
  return value > 0 ? `+${number(value)}` : number(value);
}

function number(value: number): string {
  return Number.isFinite(value) ? value.toPrecision(4) : "none";
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
