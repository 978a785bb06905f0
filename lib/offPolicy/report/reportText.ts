import type { StatisticInterval } from "../../math/statisticIntervals";
import { terminalTable } from "../../metrics/terminalTable";
import type { PropensityModel } from "../files/estimatedLog";
import type { SensitivityBand } from "../propensities/sensitivity";
import type { Arms } from "./arms";
import type { Diagnostics } from "./diagnostics";
import type { FurtherCard } from "./furtherCards";
import type { Estimates, ReportCard } from "./reportCard";
import { rank } from "./verdict";

const titles: Readonly<Record<string, string>> = {
  ips: "IPS",
  snips: "SNIPS",
  dm: "direct method",
  dr: "DR",
  sndr: "SNDR",
  switchDr: "Switch-DR",
  dros: "DRos",
  sgIps: "sub-Gaussian IPS",
  sgDr: "sub-Gaussian DR",
  mips: "MIPS",
  snmips: "SNMIPS",
  sips: "SIPS",
  snsips: "SNSIPS",
  iips: "IIPS",
  sniips: "SNIIPS",
  rips: "RIPS",
  snrips: "SNRIPS",
  cascadeDr: "cascade-DR",
  tis: "trajectory-wise IS",
  wtis: "the same, weighted",
  pdis: "per-decision IS",
  wpdis: "the same, weighted, step by step",
};

/** An estimator's name as a reader knows it. */
export function estimatorTitle(name: string): string {
  return titles[name] ?? name;
}

/** A report card for the terminal: the verdict first, because the values mean nothing without it. */
export function reportText(card: ReportCard, drawn = "users"): string {
  const { verdict, reasons, rounds, units, propensities, headline, logged, gain, clip, unclipped } = card;
  const who = units === rounds ? "" : ` of ${count(units)} ${drawn}`;
  const head = estimatorTitle(headline);
  const lines = [
    `${count(rounds)} rounds${who}; propensities ${propensities}${clip === undefined ? "" : `; weights CLIPPED at ${clip}`}`,
    "",
    `verdict: ${verdict.toUpperCase()}`,
    ...reasons.map((reason) => `  - ${reason}`),
    "",
    `the log's own policy earned ${shown(logged)} a round; the target would earn ${shown(card.estimators[headline])} by ${head}`,
    `the difference is ${signed(gain.value)} (${signed(gain.lower)} to ${signed(gain.upper)}): ${answer(gain, logged.value)}${verdict === "ok" ? "" : `, if it is to be believed, which is ${verdict}`}`,
    "",
    estimateTable(card),
    "",
    ...ownReasons(card),
    `${"dm" in card.estimators ? "the direct method, Switch-DR, DRos and the sub-Gaussian pair lean" : "sub-Gaussian IPS leans"} on purpose, and the intervals do not show it`,
    "",
    diagnosticsText(card.diagnostics),
  ];
  if (unclipped)
    lines.push(
      "",
      "without clipping:",
      "",
      estimateTable({ estimators: unclipped.estimators }),
      "",
      diagnosticsText(unclipped.diagnostics),
    );
  return `${lines.join("\n")}\n`;
}

/** A part of the report for the terminal, under a title of its own. */
export function furtherText(
  title: string,
  { estimators, verdicts, diagnostics, verdict, reasons, logged, propensities }: FurtherCard,
): string {
  const lines = [
    "",
    `${title}${propensities === "known" ? "" : "; propensities ESTIMATED"}; verdict: ${verdict.toUpperCase()}`,
    ...reasons.map((reason) => `  - ${reason}`),
    "",
    `the log's own policy earned ${shown(logged)}`,
    "",
    estimateTable({ estimators, verdicts }),
    ...ownReasons({ verdict, verdicts }),
    "",
    `effective sample size ${diagnostics.effectiveSampleSize.toFixed(1)}, mean weight ${number(diagnostics.meanWeight)}, largest ${number(diagnostics.maxWeight)}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** What each of a log's policies has earned, for the terminal. */
export function armsText({ arms, differences, shared }: Arms): string {
  const lines = [
    "",
    terminalTable(
      ["arm", "slates", "readers", "mean reward a slate", "lower", "upper"],
      arms.map(({ policy, slates, readers, value, lower, upper }) => [
        ...[policy, count(slates), count(readers)],
        ...[value, lower, upper].map(number),
      ]),
    ),
    ...differences.map((each) => {
      const than = arms.find(({ policy }) => policy === each.than)!;
      return `${each.policy} less ${each.than}: ${signed(each.value)} (${signed(each.lower)} to ${signed(each.upper)}): ${answer(each, than.value, ["it earned more", "it earned less"])}`;
    }),
  ];
  if (shared > 0)
    lines.push(`${count(shared)} readers were served by several arms: intervals take them as different ones`);
  return `${lines.join("\n")}\n`;
}

/** What estimated propensities are worth, for the terminal. */
export function estimatedText(
  model: PropensityModel,
  { estimator, lowest, highest }: SensitivityBand,
): string {
  const { name, expectedCalibrationError, temperature } = model;
  const lines = [
    "",
    `propensities ESTIMATED by ${name} (the best of ${model.losses.length} on rounds not seen); calibration error ${(100 * expectedCalibrationError).toFixed(2)}%, fitted temperature ${temperature.toFixed(2)}`,
    `were they flatter or sharper by a factor of two, or the weights clipped, ${estimatorTitle(estimator)} would say ${number(lowest)} to ${number(highest)}; a conclusion has to hold over that band and over the interval, and what the policy looked at and the log does not hold is beyond both`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Values of estimators beside their intervals and, where they have one, their verdicts. */
export function estimateTable({
  estimators,
  verdicts,
}: Pick<Estimates, "estimators"> & { readonly verdicts?: ReportCard["verdicts"] }): string {
  return terminalTable(
    ["estimator", "value", "lower", "upper", "standard error", ...(verdicts ? ["verdict"] : [])],
    Object.entries(estimators).map(([name, { value, lower, upper, standardError }]) => [
      estimatorTitle(name),
      ...[value, lower, upper, standardError].map(number),
      ...(verdicts ? [verdicts[name].verdict] : []),
    ]),
  );
}

/** Why single estimators are worth less than the verdict on the weights says, a line each. */
function ownReasons({ verdict, verdicts }: Pick<ReportCard, "verdict" | "verdicts">): string[] {
  return Object.entries(verdicts)
    .filter(([, own]) => rank(own.verdict) > rank(verdict))
    .map(([name, own]) => `  - ${estimatorTitle(name)}, ${own.verdict}: ${own.reasons[0]}`);
}

function diagnosticsText(diagnostics: Diagnostics): string {
  const { effectiveSampleSize, maxWeight, meanWeight, topOnePercentShare, unsupportedMass } = diagnostics;
  return terminalTable(
    ["the weights", ""],
    [
      ["effective sample size", effectiveSampleSize.toFixed(1)],
      ["largest", number(maxWeight)],
      ["mean (should be near 1)", number(meanWeight)],
      ["share of the largest 1%", `${(100 * topOnePercentShare).toFixed(1)}%`],
      [
        "the target's mass on what the log never shows",
        unsupportedMass === undefined ? "unknown" : `${(100 * unsupportedMass).toFixed(2)}%`,
      ],
    ],
  );
}

function shown({ value, lower, upper }: StatisticInterval): string {
  return `${number(value)} (${number(lower)} to ${number(upper)})`;
}

function signed(value: number): string {
  return value > 0 ? `+${number(value)}` : number(value);
}

/** Whether a gain is one of single precision's rounding alone, as that of a policy on its own log. */
export function isRounding(
  { lower, upper }: { readonly lower: number; readonly upper: number },
  own: number,
): boolean {
  return Math.max(Math.abs(lower), Math.abs(upper)) <= 1e-6 * Math.abs(own);
}

/** Would the target earn more than the log's own policy? An interval that holds 0 does not say that it would not. */
function answer(
  { lower, upper }: StatisticInterval,
  own: number,
  [more, less] = ["it would earn more", "it would earn less"],
): string {
  if (isRounding({ lower, upper }, own)) return "none beyond rounding";
  if (lower > 0) return more;
  if (upper < 0) return less;
  if (!(Number.isFinite(lower) && Number.isFinite(upper))) return "no difference shown";
  const most = upper >= -lower ? upper : lower;
  const part =
    own > 0 ? `, ${most < 0 ? "" : "+"}${((100 * most) / own).toFixed(1)}% of what the log earned` : "";
  return `no difference shown; up to ${signed(most)} is left open${part}`;
}

function number(value: number): string {
  return Number.isFinite(value) ? value.toPrecision(4) : "none";
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
