import {
  comparisonsWithBest,
  comparisonsWithControl,
  type FromControl,
} from "../../math/comparisonsWithBest";
import { type JointResamples, jointResamples, valuesOn } from "../../math/jointResamples";
import { meanOf } from "../../math/mean";
import { quantile } from "../../math/quantile";
import { type Random, shuffle } from "../../math/random";
import type { SumStatistic } from "../../math/sumStatistic";
import { type SumUnits, sumUnits } from "../../math/sumUnits";
import { isRounding } from "./reportText";
import type { Verdict } from "./verdict";

/** A policy under test, by one estimator that serves all. */
export interface JudgedPolicy extends Verdict {
  readonly name: string;
  readonly statistic: SumStatistic;
}

interface Value {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** One policy beside the others. */
export interface ChoiceRow extends Verdict, Value {
  readonly name: string;
  /** Less what the log's own policy earned; the intervals of all policies hold at once. */
  readonly gain: Value;
  /** Less the best of the others, where it is one that can be judged; the intervals of all hold at once. */
  readonly fromBest?: { readonly lower: number; readonly upper: number };
  /** Whether it may be the best of those that can be judged. */
  readonly mayBeBest: boolean;
  /** Share of resamples in which it comes first of those that can be judged. */
  readonly first: number;
}

/** What the pick is worth when it has not chosen itself. */
export interface CorrectedPick {
  readonly name: string;
  /** As it looks in the log that chose it. */
  readonly value: number;
  readonly gain: number;
  /** Picked by one half of the units and judged by the other, both ways, in the mean over halvings. */
  readonly corrected: number;
  readonly correctedGain: number;
  /** In how many of the picks by halves it was picked again. */
  readonly again: number;
}

/** Policies by value, how sure that order is, and what to do. */
export interface PolicyChoice {
  readonly units: number;
  readonly level: number;
  /** What the log's own policy earned. */
  readonly logged: Value;
  /** The highest value first; those that cannot be judged last. */
  readonly rows: readonly ChoiceRow[];
  /** Names of those that may be the best: of one alone it is shown that it is. */
  readonly best: readonly string[];
  /** By what another of them may be better than the first; 0 where there is no other. */
  readonly leftOpen: number;
  /** The policy to send to a test; absent where none is shown to be better than the log's own. */
  readonly send?: string;
  /** The pick that its own luck flatters, and what is left of it; absent where nothing can be judged. */
  readonly pick?: CorrectedPick;
}

export interface PolicyChoiceOptions {
  /** [n] whose row it is: what is drawn again. */
  readonly units?: Int32Array;
  readonly resamples?: number;
  readonly level?: number;
  /** Halvings behind the pick's corrected value; 20 by default. */
  readonly halvings?: number;
}

/** Share of the resamples in which a policy must have a value. */
const mostlyThere = 0.95;
const hardlyThere = "many resamples have no round that it would have made: its value hangs on a few";

/** Numbers that a resample adds up: more are put into groups of units by lot. */
const mostNumbers = 4_000_000;

/**
 * Ranks policies that one log judges, all from the same resamples.
 *
 * The pick is the policy whose gain over the log's own has the highest lower end: a value that few rounds tell must lie
 * further above. It is picked because it looks good, so its value flatters it (the winner's curse): what it would come to is
 * told by policies that halves of the units pick, each judged by the other half. They pick a little worse than all units
 * do, so that this leans to the careful side.
 *
 * Unreliable policies stand in the table and nowhere else: their values are not to be believed, and neither are comparisons with them.
 *
 * @param logged what the log's own policy earned, of the same rows
 * @example choosePolicy(judged, meanStatistic(rounds.rewards), random(1), { units: rounds.users }).send // "td3"
 */
export function choosePolicy(
  policies: readonly JudgedPolicy[],
  logged: SumStatistic,
  random: Random,
  { units: owners, resamples = 1000, level = 0.95, halvings = 20 }: PolicyChoiceOptions = {},
): PolicyChoice {
  const statistics = [...policies.map(({ statistic }) => statistic), logged];
  const width = 1 + new Set(statistics.flatMap(({ terms }) => terms)).size;
  const most = Math.min(20_000, Math.max(1000, Math.floor(mostNumbers / width)));
  const all = sumUnits(statistics, { units: owners, most });
  const own = all.size;
  const part = (rows: readonly number[]): JointResamples =>
    jointResamples(
      rows.map((row) => statistics[row]),
      { ...all, columns: rows.map((row) => all.columns[row]) },
      random.fork("resamples"),
      { resamples },
    );
  const control = policies.length;
  const goodOf = (all: readonly JudgedPolicy[]): number[] =>
    all.flatMap(({ verdict }, row) => (verdict === "unreliable" ? [] : [row]));
  let judged = policies;
  let good = goodOf(judged);
  let joint = part([...good, control]);
  if (joint.replicates[0].length < mostlyThere * resamples) {
    // One that many resamples have no weight for would take them from all others.
    judged = policies.map((policy, row) =>
      part([row]).replicates[0].length < mostlyThere * resamples
        ? { ...policy, verdict: "unreliable", reasons: [hardlyThere, ...policy.reasons] }
        : policy,
    );
    good = goodOf(judged);
    joint = part([...good, control]);
  }
  const ownValue = intervalOf(joint, good.length, level);
  const beyondRounding = (found: readonly FromControl[]): FromControl[] =>
    found.map((gain) =>
      isRounding(gain, ownValue.value) ? { ...gain, difference: 0, lower: 0, upper: 0 } : gain,
    );
  const gains = beyondRounding(comparisonsWithControl(joint, good.length, { level }));
  const ranked = good.length > 0 ? comparisonsWithBest(without(joint, good.length), { level }) : [];
  const rows = judged.map(({ name, verdict, reasons }, row): ChoiceRow => {
    const place = good.indexOf(row);
    const alone = place < 0 ? part([row, control]) : undefined;
    const gain = alone ? beyondRounding(comparisonsWithControl(alone, 1, { level }))[0] : gains[place];
    const best = ranked[place];
    return {
      name,
      ...(alone ? intervalOf(alone, 0, level) : intervalOf(joint, place, level)),
      gain: { value: gain.difference, lower: gain.lower, upper: gain.upper },
      ...(best && { fromBest: { lower: best.lower, upper: best.upper } }),
      mayBeBest: best?.mayBeBest ?? false,
      first: best?.first ?? 0,
      ...{ verdict, reasons },
    };
  });
  const order = (row: ChoiceRow): number => (row.verdict === "unreliable" ? 1 : 0);
  rows.sort((a, b) => order(a) - order(b) || b.value - a.value);
  const best = rows.filter(({ mayBeBest }) => mayBeBest).map(({ name }) => name);
  const picked = good.length > 0 ? highest(gains.slice(0, -1).map(({ lower }) => lower)) : undefined;
  const sent = picked !== undefined && gains[picked].lower > 0 ? policies[good[picked]].name : undefined;
  return {
    ...{ units: own, level, logged: ownValue, rows, best },
    leftOpen: best.length > 1 ? -(rows[0].fromBest?.lower ?? 0) : 0,
    ...(sent !== undefined && { send: sent }),
    ...(picked !== undefined &&
      own >= 4 && {
        pick: correctedPick(
          good.map((row) => policies[row]),
          {
            picked,
            logged,
            gains,
            units: { ...all, columns: [...good, control].map((row) => all.columns[row]) },
          },
          random.fork("halves"),
          halvings,
        ),
      }),
  };
}

function correctedPick(
  policies: readonly JudgedPolicy[],
  {
    picked,
    logged,
    gains,
    units,
  }: {
    readonly picked: number;
    readonly logged: SumStatistic;
    readonly gains: readonly FromControl[];
    readonly units: SumUnits;
  },
  random: Random,
  halvings: number,
): CorrectedPick {
  const statistics = [...policies.map(({ statistic }) => statistic), logged];
  const control = policies.length;
  const whole = valuesOn(statistics, units, numbers(units.size));
  const criticals = gains
    .slice(0, -1)
    .map((gain, row) => (gain.difference - gain.lower) / whole.errorOf(row, control));
  const critical = Math.max(0, ...criticals.filter(Number.isFinite));
  const pickOf = ({ values, errorOf }: ReturnType<typeof valuesOn>): number =>
    highest(policies.map((_, row) => values[row] - values[control] - critical * errorOf(row, control)));
  const [values, found]: [number[], number[]] = [[], []];
  let again = 0;
  for (let halving = 0; halving < halvings; halving++) {
    const dealt = shuffle(numbers(units.size), random);
    const middle = dealt.length >> 1;
    const halves = [dealt.subarray(0, middle), dealt.subarray(middle)].map((half) =>
      valuesOn(statistics, units, half),
    );
    for (const [chooser, judge] of [halves, [halves[1], halves[0]]]) {
      const row = pickOf(chooser);
      if (row === picked) again++;
      if (!Number.isFinite(judge.values[row])) continue;
      values.push(judge.values[row]);
      found.push(judge.values[row] - judge.values[control]);
    }
  }
  return {
    name: policies[picked].name,
    value: whole.values[picked],
    gain: whole.values[picked] - whole.values[control],
    corrected: values.length > 0 ? meanOf(values) : Number.NaN,
    correctedGain: found.length > 0 ? meanOf(found) : Number.NaN,
    again: again / (2 * halvings),
  };
}

/** Row of the highest number, the first of equals; what is no number is passed over. */
function highest(values: readonly number[]): number {
  let best = 0;
  values.forEach((value, row) => {
    if (value > values[best] || Number.isNaN(values[best])) best = row;
  });
  return best;
}

function numbers(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}

function without({ values, replicates, units }: JointResamples, last: number): JointResamples {
  return { units, values: values.subarray(0, last), replicates: replicates.slice(0, last) };
}

/** The middle of the resampled values (percentile). */
function intervalOf({ values, replicates }: JointResamples, row: number, level: number): Value {
  const sorted = replicates[row].slice().sort();
  const at = (tail: number): number => (sorted.length < 2 ? Number.NaN : quantile(sorted, tail));
  return { value: values[row], lower: at((1 - level) / 2), upper: at((1 + level) / 2) };
}
