import { random } from "../math/random";
import { statisticIntervals } from "../math/statisticIntervals";
import { banditEstimators } from "../offPolicy/bandit/banditEstimators";
import { importanceWeights } from "../offPolicy/bandit/importanceWeights";
import { loggedRounds } from "../offPolicy/bandit/loggedRounds";
import { type BenchRow, median, millisecondsOf } from "./measure";

const rounds = 1_000_000;
const resamples = 1000;

/**
 * 1,000 resamples of nine estimators over a million rounds, beside drawing every round of IPS alone one by one, which is
 * measured on five resamples and counted up.
 */
export async function bootstrapMillion(): Promise<BenchRow> {
  const draw = random(5);
  const column = (value: () => number): Float64Array => Float64Array.from({ length: rounds }, value);
  const log = loggedRounds({
    rewards: column(() => (draw.next() < 0.3 ? 1 : 0)),
    propensities: column(() => 0.1 + 0.9 * draw.next()),
    targetProbabilities: column(() => draw.next()),
    model: { logged: column(() => draw.next()), expected: column(() => draw.next()) },
  });
  const weights = importanceWeights(log);
  const statistics = banditEstimators(log).map((each) => each.on(log, weights));
  const ours: number[] = [];
  const single: number[] = [];
  const values = statistics[0].terms[0];
  for (let repeat = 0; repeat < 5; repeat++) {
    ours.push(await millisecondsOf(() => void statisticIntervals(statistics, draw, { resamples })));
    single.push(
      await millisecondsOf(() => {
        let sum = 0;
        for (let i = 0; i < rounds; i++) sum += values[draw.integer(rounds)];
        if (!Number.isFinite(sum)) throw new Error("bootstrapMillion requires finite sums");
      }),
    );
  }
  const [value, other] = [median(ours), resamples * median(single)];
  return {
    name: "ope.bootstrap",
    value,
    unit: "ms",
    comparedWith: `IPS alone, every round drawn, ${(other / 1000).toFixed(0)} s`,
    ratio: other / value,
  };
}
