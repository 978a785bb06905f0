import { type Interval, pairedInterval, pairedIntervalOverSeeds } from "../math/bootstrap";
import { meanOf } from "../math/mean";
import { type Random, random } from "../math/random";
import { stepZeroVerdict } from "../runs/runRecord";
import type { Judged } from "./judged";
import type { JudgedRow } from "./runMany";

/** A difference of two rows, paired over users and seeds. */
export interface RowDifference {
  readonly difference: Interval;
  readonly verdict: string;
}

/** What an actor–critic's row is held against. */
export interface ActorComparison {
  readonly fromStepZero: RowDifference & {
    /** Share of users whose list is another than at step 0, mean over seeds. */
    readonly changedLists: number;
  };
  /** Against the same run with its critic off; absent where there is no such run (then step 0 stands for it). */
  readonly fromWithoutCritic?: RowDifference & { readonly row: string };
  /** Weight of imitation in the actor's loss; null where the algorithm has no such term. */
  readonly imitationWeight: number | null;
  /** Weight of the critic in the actor's loss; 0: imitation alone. */
  readonly criticWeight: number | null;
  readonly chosenSteps: readonly number[];
}

/** The paired differences of one actor–critic, seed by seed where there are several. */
export async function actorComparison(
  row: JudgedRow,
  judged: readonly Judged[],
  { rows, k }: { readonly rows: readonly JudgedRow[]; readonly k: number },
): Promise<ActorComparison> {
  const { config, seeds } = row;
  const own = judged.map((each) => each.column("ndcg", k));
  const starts = judged.map(({ stepZero }) => stepZero!.column("ndcg", k));
  const difference = paired(own, starts, random(1).fork(`step 0 of ${row.name}`));
  const control = rows.find(({ name }) => name === row.withoutCritic);
  const both = seeds.flatMap((run, i) => {
    const twin = control?.seeds.find(({ seed }) => seed === run.seed);
    return twin === undefined ? [] : [{ own: own[i]!, twin }];
  });
  const others: Float64Array[] = [];
  for (const { twin } of both) others.push((await twin.judged()).column("ndcg", k));
  const without =
    both.length === 0
      ? undefined
      : paired(
          both.map((each) => each.own),
          others,
          random(1).fork(`${row.name} without its critic`),
        );
  const weight = (value: unknown): number | null => (typeof value === "number" ? value : null);
  return {
    fromStepZero: {
      difference,
      verdict: stepZeroVerdict(difference),
      changedLists: meanOf(judged.map(({ stepZero }) => stepZero!.changedLists(k))),
    },
    ...(without && {
      fromWithoutCritic: { row: control!.name, difference: without, verdict: criticVerdict(without) },
    }),
    imitationWeight: weight(config.agent.behaviourWeight),
    criticWeight: weight(config.agent.criticWeight),
    chosenSteps: seeds.map(({ summary }) => summary?.record?.chosenStep ?? 0),
  };
}

function criticVerdict({ lower, upper }: Interval): string {
  if (lower > 0) return "the critic helped";
  return upper < 0 ? "the critic did harm" : "no difference from critic off shown";
}

function paired(a: readonly Float64Array[], b: readonly Float64Array[], draw: Random): Interval {
  return a.length > 1 ? pairedIntervalOverSeeds(a, b, draw) : pairedInterval(a[0]!, b[0]!, draw);
}
