import { errorsFromOne } from "../math/effectiveSize";
import type { About, Figure } from "./figure";
import { type Gauge, gauges, verdictColours } from "./gauges";
import { wrapText } from "./layout";
import { type IntervalMark, intervals, robustRange } from "./marks/intervals";
import { short, transparent } from "./marks/mark";
import { band, rule } from "./marks/rules";
import { plot } from "./plot";
import type { Axis } from "./scales";
import { palette } from "./theme";

/** What the weights say: `Diagnostics` of off-policy evaluation has these fields. */
export interface CardDiagnostics {
  readonly effectiveSampleSize: number;
  readonly maxWeight: number;
  readonly meanWeight: number;
  readonly unsupportedMass?: number;
}

/** A report card as off-policy evaluation makes it. */
export interface CardToDraw {
  readonly rounds: number;
  readonly units: number;
  /** Where rounds are users': so many of equal weight would weigh the same. */
  readonly effectiveUsers?: number;
  /** Of all weight, by the user with most of it; and standard errors of the mean weight from 1, over users. */
  readonly largestShare?: number;
  readonly meanWeightErrors?: number;
  readonly propensities: string;
  readonly logged: IntervalMark;
  readonly headline: string;
  readonly estimators: Readonly<Record<string, IntervalMark>>;
  readonly diagnostics: CardDiagnostics;
  readonly verdict: "ok" | "weak" | "unreliable";
  readonly reasons: readonly string[];
  readonly clip?: number;
  readonly unclipped?: { readonly diagnostics: CardDiagnostics };
}

interface Limits {
  readonly weak: number;
  readonly unreliable: number;
}

/** `verdictThresholds` of off-policy evaluation. */
export interface CardThresholds {
  readonly effectiveSampleSize: Limits;
  readonly users: Limits;
  readonly largestShare: Limits;
  readonly meanWeightErrors: Limits;
  readonly unsupportedMass: Limits;
  readonly clippedShare: Limits;
}

/**
 * A report card as a picture: the verdict and its first reason, at the left what the estimators say beside what the
 * log's own policy earned, at the right what the verdict rests on, each number on a gauge with its thresholds.
 *
 * @param input.names of estimators as a reader knows them, by their keys
 * @param input.truth what the policy really earns, where a world tells it: a line, and the intervals that miss it in red
 * @throws when the card has no estimator.
 */
export function reportCardFigure(
  input: {
    readonly card: CardToDraw;
    readonly thresholds: CardThresholds;
    /** What is estimated, with its unit: "clicks a round"; "reward a round" by default. */
    readonly metric?: string;
    readonly names?: Readonly<Record<string, string>>;
    readonly range?: readonly [number, number];
    readonly truth?: number;
  } & About,
): Figure {
  const { card, thresholds, metric = "reward a round", names = {}, range: given, truth, ...about } = input;
  const { logged, headline, verdict, reasons, clip } = card;
  const entries = Object.entries(card.estimators);
  if (entries.length === 0)
    throw new Error("reportCardFigure requires a card with at least one estimator, got none");
  const { value, lower, upper } = logged;
  const known = truth === undefined ? [] : [truth];
  const range = given ?? robustRange(Object.values(card.estimators), [lower, value, upper, ...known]);
  const level = gaugesOf(card, thresholds);
  const nameOf = (key: string): string => names[key] ?? key;
  const rows = entries.map(([key, mark]) => ({
    ...mark,
    key,
    name: key === headline ? `<b>${nameOf(key)}</b>` : nameOf(key),
  }));
  const misses = (mark: IntervalMark): boolean =>
    truth !== undefined && !(mark.lower <= truth && truth <= mark.upper);
  const main = rows.filter(({ key }) => key === headline);
  const others = rows.filter(({ key, ...mark }) => key !== headline && !misses(mark));
  const missing = rows.filter(({ key, ...mark }) => key !== headline && misses(mark));
  const earned = `the log's own policy earned ${short(value)}`;
  const heading = `<b><span style="color:${verdictColours[verdict]};font-size:20px">${verdict.toUpperCase()}</span></b>`;
  const reason = wrapText(`${sentence(reasons[0] ?? "")}${more(reasons.length - 1)}`, 138);
  const who = card.units === card.rounds ? "" : ` of ${count(card.units)} users`;
  const says = main.length === 0 ? "The" : `${nameOf(headline)} says ${interval(main[0])}; the`;
  return plot({
    panels: [
      {
        heading: `<b>What the estimators say</b>${clip === undefined ? "" : `, weights CLIPPED at ${clip}`}`,
        marks: [
          band({ x: [lower, upper] }, { colour: transparent(palette.grey, 0.13) }),
          rule({ x: value }, { name: earned, colour: palette.ink, width: 2 }),
          ...known.map((x) =>
            rule({ x }, { name: `the truth, ${short(x)}`, colour: palette.green, dash: "solid", width: 2.5 }),
          ),
          intervals(others, main.length === 0 ? {} : { colour: "#8A9BA8" }),
          ...(missing.length === 0
            ? []
            : [intervals(missing, { name: "misses the truth", colour: palette.red, symbol: "square" })]),
          ...(main.length === 0
            ? []
            : [
                intervals(main, {
                  name: `${nameOf(headline)}: read this one first${main.some(misses) ? ", though it misses the truth" : ""}`,
                  colour: palette.blue,
                }),
              ]),
        ],
        x: { title: `${metric}: estimate and 95% interval`, range },
        y: { order: rows.map(({ name }) => name) },
      },
      { heading: "<b>Why to believe it or not</b>", marks: [gauges(level)], x: hidden, y: hidden },
    ],
    ...{ rows: "plain", legend: "bottom", share: { x: false, y: false }, gap: 0.06 },
    lead: [heading, ...reason],
    title: "What the log says of the policy, and whether to believe it",
    caption: `${verdict.toUpperCase()}: ${reasons[0] ?? "no reason given"}. ${says} log's own policy earned ${interval(logged)}.${truthSaid(truth, missing.length + main.filter(misses).length, rows.length)}`,
    ...{ width: 1000, height: 260 + Math.max(34 * entries.length, 66 * level.length) },
    ...about,
    dataset: `${about.dataset}; ${count(card.rounds)} rounds${who}, propensities ${card.propensities}`,
  });
}

const hidden: Axis = { plotly: { visible: false, fixedrange: true } };

/** The numbers behind the verdict, before clipping: what clipping hides is still missing. */
function gaugesOf(card: CardToDraw, thresholds: CardThresholds): Gauge[] {
  const { rounds, units, effectiveUsers } = card;
  const {
    effectiveSampleSize: few,
    maxWeight,
    meanWeight,
    unsupportedMass,
  } = (card.unclipped ?? card).diagnostics;
  // By user where users are known, as the verdict counts.
  const share = card.largestShare ?? (meanWeight === 0 ? 0 : maxWeight / (rounds * meanWeight));
  const errors = card.meanWeightErrors ?? errorsFromOne(rounds, meanWeight, few);
  const holder = card.largestShare === undefined ? "round" : "user";
  const atLeast = ({ weak, unreliable }: Limits, most: number): Gauge["ends"] => [
    ...([0, unreliable, weak, Math.max(most, 2 * weak)] as const),
  ];
  const atMost = ({ weak, unreliable }: Limits, worst: number): Gauge["ends"] => [worst, unreliable, weak, 0];
  const whole = (value: number): string => count(Math.round(value));
  const usual: Gauge[] = [
    {
      label: `effective sample size: <b>${few < 100 ? few.toFixed(1) : whole(few)}</b> of ${count(rounds)} rounds`,
      ...{ value: few, ends: atLeast(thresholds.effectiveSampleSize, rounds), format: whole },
    },
    {
      label: `weight of the heaviest ${holder}: <b>${percent(share)}</b> of all`,
      ...{ value: share, ends: atMost(thresholds.largestShare, 1), format: percent },
    },
    {
      label: `mean weight: <b>${meanWeight.toFixed(3)}</b>, ${errors === Number.POSITIVE_INFINITY ? "far" : `${errors.toFixed(1)} standard errors`} from 1`,
      // A hundredth is near enough, however small its standard error.
      value: Math.abs(meanWeight - 1) <= 0.01 ? Math.min(errors, thresholds.meanWeightErrors.weak) : errors,
      ends: atMost(thresholds.meanWeightErrors, 2 * thresholds.meanWeightErrors.unreliable),
      format: String,
    },
    {
      label: `choices the log never shows: <b>${unsupportedMass === undefined ? "unknown" : percent(unsupportedMass)}</b>`,
      ...{ value: unsupportedMass, ends: atMost(thresholds.unsupportedMass, 1), format: percent },
    },
    ...(effectiveUsers === undefined
      ? []
      : [
          {
            label: `users of equal weight: <b>${effectiveUsers < 100 ? effectiveUsers.toFixed(1) : whole(effectiveUsers)}</b> of ${count(units)}`,
            ...{ value: effectiveUsers, ends: atLeast(thresholds.users, units), format: whole },
          },
        ]),
  ];
  if (card.unclipped === undefined) return usual;
  const lost = meanWeight === 0 ? 0 : 1 - card.diagnostics.meanWeight / meanWeight;
  return [
    ...usual,
    {
      label: `weight that clipping took away: <b>${percent(lost)}</b>`,
      ...{ value: lost, ends: atMost(thresholds.clippedShare, 1), format: percent },
    },
  ];
}

const truthSaid = (truth: number | undefined, missing: number, all: number): string =>
  truth === undefined ? "" : ` The truth is ${short(truth)}; ${missing} of ${all} intervals miss it.`;
const sentence = (text: string): string =>
  text === "" ? "" : `${text[0].toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
const more = (others: number): string => (others <= 0 ? "" : ` (+${others} more)`);
const interval = ({ value, lower, upper }: IntervalMark): string =>
  `${short(value)} (${short(lower)} to ${short(upper)})`;
const count = (value: number): string => value.toLocaleString("en-US");
const percent = (share: number): string => `${Number((100 * share).toPrecision(2))}%`;
