import type { StatisticInterval } from "../../math/statisticIntervals";
import { percent, rank, type Verdict, type VerdictName } from "./verdict";

/**
 * Which estimator shows how far another one leans: a model alone beside the same model corrected by what was seen, changed
 * weights beside the weights as they are.
 */
const upright: Readonly<Record<string, string>> = {
  dm: "dr",
  switchDr: "dr",
  dros: "dr",
  sgDr: "dr",
  sgIps: "ips",
  sdm: "sdr",
};

/** Whose intervals are over users or rounds only, and know nothing of how far the model is off. */
const modelAlone: ReadonlySet<string> = new Set(["dm", "sdm"]);

/** Where "weak" and "unreliable" begin for single estimators; set in a world whose truth is known (`opeTrial`). */
export const estimatorThresholds = {
  /** Away from the estimator that does not lean by more than this share of half its own interval. */
  lean: { weak: 0.25, unreliable: 1 },
  /** Its interval narrower than this share of that estimator's: what was saved was paid for by a lean nobody knows. */
  narrow: 0.9,
  /** So many of the target's own trajectories would tell as much as the estimate, below. */
  ownSize: { weak: 200, unreliable: 30 },
} as const;

export interface EstimatorEvidence {
  /** By estimator: of the weights that it uses. */
  readonly base: (name: string) => Verdict;
  readonly estimators: Readonly<Record<string, StatisticInterval>>;
  /** Variance of what the target's own units earn, where it can be told. */
  readonly targetVariance?: number;
}

/**
 * A verdict for each estimator: that of its weights, made worse by what is wrong with it alone. A model alone is never
 * better than "weak": its interval does not hold its model's error. An estimator that leans on purpose is held against one
 * that does not, and, where it is known how much the target's own units differ, a value that so few of them would have told
 * as well is too unsteady to rank policies by, however right its interval.
 */
export function estimatorVerdicts({
  base,
  estimators,
  targetVariance,
}: EstimatorEvidence): Readonly<Record<string, Verdict>> {
  return Object.fromEntries(
    Object.entries(estimators).map(([name, interval]) => {
      const weights = base(name);
      const own = [
        ...modelFindings(name, interval, estimators),
        ...leanFindings(name, interval, estimators),
        ...sizeFindings(interval, targetVariance),
      ].sort((a, b) => rank(b.verdict) - rank(a.verdict));
      if (own.length === 0) return [name, weights];
      const verdict = rank(own[0].verdict) > rank(weights.verdict) ? own[0].verdict : weights.verdict;
      // What is said of good weights is no reason for less.
      const inherited = weights.verdict === "ok" ? [] : weights.reasons;
      return [name, { verdict, reasons: [...own.map(({ reason }) => reason), ...inherited] }];
    }),
  );
}

interface Finding {
  readonly verdict: VerdictName;
  readonly reason: string;
}

type Intervals = EstimatorEvidence["estimators"];

function modelFindings(
  name: string,
  { value }: StatisticInterval,
  estimators: Intervals,
): readonly Finding[] {
  if (!modelAlone.has(name)) return [];
  const other = estimators[upright[name]];
  const outside = other !== undefined && (value < other.lower || value > other.upper);
  return [
    {
      verdict: outside ? "unreliable" : "weak",
      reason: outside
        ? `it lies outside the interval of ${upright[name]}, which corrects the same model by what was seen`
        : "its interval knows nothing of its model's own error",
    },
  ];
}

function leanFindings(
  name: string,
  { value, lower, upper }: StatisticInterval,
  estimators: Intervals,
): readonly Finding[] {
  const other = estimators[upright[name]];
  if (other === undefined || modelAlone.has(name)) return [];
  const [lean, half] = [Math.abs(value - other.value), (upper - lower) / 2];
  const { lean: limits, narrow } = estimatorThresholds;
  if (lean > limits.weak * half)
    return [
      {
        verdict: lean > limits.unreliable * half ? "unreliable" : "weak",
        reason: `it lies ${half === 0 ? "away" : `${percent(lean / half)} of half its interval away`} from ${upright[name]}, which does not lean`,
      },
    ];
  const share = (upper - lower) / (other.upper - other.lower);
  if (!(share < narrow)) return [];
  return [
    {
      verdict: "weak",
      reason: `its interval is ${percent(share)} of that of ${upright[name]}: what it saves is paid for by a lean that it does not know`,
    },
  ];
}

function sizeFindings(
  { standardError }: StatisticInterval,
  targetVariance: number | undefined,
): readonly Finding[] {
  if (targetVariance === undefined || !(standardError > 0)) return [];
  const size = targetVariance / standardError ** 2;
  const { weak, unreliable } = estimatorThresholds.ownSize;
  if (!(size < weak)) return [];
  return [
    {
      verdict: size < unreliable ? "unreliable" : "weak",
      reason: `${size.toFixed(1)} trajectories of the target's own would tell as much (under ${size < unreliable ? unreliable : weak}): too unsteady to rank policies by`,
    },
  ];
}
