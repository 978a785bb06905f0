import { type Interval, pairedDifference } from "../math/bootstrap";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import { stepZeroVerdict } from "../runs/runRecord";
import type { Evaluated, EvaluatedRow } from "./evaluated";

/** A difference of two rows, paired over users and seeds. */
export interface RowDifference {
  readonly difference: Interval;
  readonly verdict: string;
}

/** What an actor–critic's row is compared with. */
export interface ActorComparison {
  readonly fromStepZero: RowDifference & {
    /** Share of users whose list is another than at step 0, mean over seeds. */
    readonly changedLists: number;
  };
  /** Against the same run with its critic off; absent where there is no such run. */
  readonly fromCriticOff?: RowDifference & { readonly row: string };
  /** Weight of imitation in the actor's loss; null where the algorithm has no such term. */
  readonly imitationWeight: number | null;
  /** Weight of the critic in the actor's loss; 0: imitation alone. */
  readonly criticWeight: number | null;
  readonly chosenSteps: readonly number[];
}

/** The paired differences of one actor–critic, seed by seed where there are several. */
export async function actorComparison(
  row: EvaluatedRow,
  evaluated: readonly Evaluated[],
  { rows, k }: { readonly rows: readonly EvaluatedRow[]; readonly k: number },
): Promise<ActorComparison> {
  const { config, seeds } = row;
  const own = evaluated.map((each) => each.column("ndcg", k));
  const starts = evaluated.map(({ stepZero }) => stepZero!.column("ndcg", k));
  const difference = pairedDifference(own, starts, random(1).fork(`step 0 of ${row.name}`));
  const off = rows.find(({ name }) => name === row.criticOff);
  const both = seeds.flatMap((run, i) => {
    const same = off?.seeds.find(({ seed }) => seed === run.seed);
    return same === undefined ? [] : [{ own: own[i], same }];
  });
  const others: Float64Array[] = [];
  for (const { same } of both) others.push((await same.evaluated()).column("ndcg", k));
  const fromOff =
    both.length === 0
      ? undefined
      : pairedDifference(
          both.map((each) => each.own),
          others,
          random(1).fork(`${row.name} without its critic`),
        );
  const weight = (name: string): number | null => {
    const value = (config.agent as Record<string, unknown>)[name];
    return typeof value === "number" ? value : null;
  };
  return {
    fromStepZero: {
      difference,
      verdict: stepZeroVerdict(difference),
      changedLists: meanOf(evaluated.map(({ stepZero }) => stepZero!.changedLists(k))),
    },
    ...(fromOff && {
      fromCriticOff: { row: off!.name, difference: fromOff, verdict: criticVerdict(fromOff) },
    }),
    imitationWeight: weight("behaviourWeight"),
    criticWeight: weight("criticWeight"),
    chosenSteps: seeds.map(({ summary }) => summary?.record?.chosenStep ?? 0),
  };
}

function criticVerdict({ lower, upper }: Interval): string {
  if (lower > 0) return "the critic helped";
  return upper < 0 ? "the critic did harm" : "no difference from critic off shown";
}
