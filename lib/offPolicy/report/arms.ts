import { random } from "../../math/random";
import { type StatisticInterval, statisticIntervals } from "../../math/statisticIntervals";
import { tQuantile } from "../../math/studentT";
import type { LogColumns } from "../files/readLog";

/** What one of the policies that made a log has earned. */
export interface Arm extends StatisticInterval {
  readonly policy: string;
  /** Rounds, where the log has no slates. */
  readonly slates: number;
  /** Slates, where the log does not say whose they are. */
  readonly readers: number;
}

/** By how much one arm earned more than another. */
export interface ArmDifference extends StatisticInterval {
  readonly policy: string;
  readonly than: string;
}

export interface Arms {
  /** The one with most slates first. */
  readonly arms: readonly Arm[];
  /** Each further arm less the first. */
  readonly differences: readonly ArmDifference[];
  /** Readers who were served by several arms; intervals take them as different ones. */
  readonly shared: number;
}

/**
 * Mean reward of a slate by the policy that served it, with Student's t over readers (a ratio: readers have more slates or
 * fewer), and differences of two independent samples of readers, with the degrees of freedom of Welch 1947. Nothing is
 * weighted: each arm is what it earned itself.
 *
 * @returns nothing where the log does not name its policies
 */
export function armsOf({ policies, rewards, slates, users, rounds }: LogColumns): Arms | undefined {
  if (policies === undefined) return undefined;
  interface Sums {
    readonly slates: Set<string>;
    readonly readers: Map<string, { slates: number; reward: number }>;
  }
  const found = new Map<string, Sums>();
  policies.forEach((policy, row) => {
    const own = found.get(policy) ?? { slates: new Set<string>(), readers: new Map() };
    found.set(policy, own);
    const slate = slates?.[row] ?? rounds[row];
    const reader = users?.[row] ?? slate;
    const sums = own.readers.get(reader) ?? { slates: 0, reward: 0 };
    own.readers.set(reader, sums);
    if (!own.slates.has(slate)) sums.slates++;
    own.slates.add(slate);
    sums.reward += rewards[row];
  });
  const arms = [...found]
    .map(([policy, { slates: shown, readers }]): Arm => {
      const ofReaders = [...readers.values()];
      const terms = [
        Float64Array.from(ofReaders, ({ reward }) => reward),
        Float64Array.from(ofReaders, (sums) => sums.slates),
      ];
      const [interval] = statisticIntervals(
        [{ terms, of: ([reward, count]) => reward / count }],
        random(1), // "t" draws nothing
        { method: "t", most: Number.POSITIVE_INFINITY },
      );
      return { policy, slates: shown.size, readers: readers.size, ...interval };
    })
    .sort((a, b) => b.slates - a.slates || (a.policy < b.policy ? -1 : 1));
  const readers = [...found.values()].flatMap((own) => [...own.readers.keys()]);
  const times = new Map<string, number>();
  for (const reader of readers) times.set(reader, (times.get(reader) ?? 0) + 1);
  return {
    arms,
    differences: arms.slice(1).map((arm) => differenceOf(arm, arms[0])),
    shared: [...times.values()].filter((count) => count > 1).length,
  };
}

function differenceOf(arm: Arm, first: Arm): ArmDifference {
  const value = arm.value - first.value;
  const parts = [arm, first].map(({ standardError, readers }) => ({
    variance: standardError ** 2,
    degrees: readers - 1,
  }));
  const variance = parts.reduce((sum, part) => sum + part.variance, 0);
  const standardError = Math.sqrt(variance);
  const names = { policy: arm.policy, than: first.policy };
  if (Number.isNaN(variance)) return { ...names, value, lower: Number.NaN, upper: Number.NaN, standardError };
  const degrees = variance ** 2 / parts.reduce((sum, part) => sum + part.variance ** 2 / part.degrees, 0);
  const reach = variance === 0 ? 0 : tQuantile(0.975, degrees) * standardError;
  return { ...names, value, lower: value - reach, upper: value + reach, standardError };
}
