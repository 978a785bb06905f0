import { InputError } from "../data/inputError";
import { type Interval, interval } from "../math/bootstrap";
import { random } from "../math/random";
import { type RatedReplay, ratedReplay } from "../metrics/ratedReplay";
import type { Recommender } from "../retrieval/recommender";
import { openRun } from "../runs/openRun";
import { fittedBaselines } from "./evaluateBaselines";
import type { EvaluateRequest } from "./evaluateRuns";

/** One method under DRR's protocol. */
export interface ReplayRow {
  readonly name: string;
  readonly precision: Interval;
  readonly ndcg: Interval;
}

export interface ReplayComparison {
  readonly data: string;
  readonly users: number;
  /** T: items recommended one after the other. */
  readonly steps: number;
  /** Best NDCG first. */
  readonly rows: readonly ReplayRow[];
}

/**
 * Runs and baselines under DRR's protocol (`ratedReplay`): the order in which they would have given each user
 * what the user rated in the test period. To be set beside numbers made like this, and beside nothing else.
 *
 * @throws when nobody rated enough in the test period, or items may come again in a run.
 */
export async function replayRuns(
  { folders, root, onProgress }: Pick<EvaluateRequest, "folders" | "root" | "onProgress">,
  { steps }: { readonly steps: number },
): Promise<ReplayComparison> {
  const rows: ReplayRow[] = [];
  let users = 0;
  let data = "";
  for (const [i, folder] of folders.entries()) {
    const run = await openRun(folder);
    try {
      if (run.data.repeats)
        throw new InputError("lets items come again, and DRR's protocol takes each out once it was shown", {
          file: folder,
          expected: "a run without --set repeats=true",
        });
      const { interactions } = run.dataset;
      const evaluate = (recommender: Recommender, name = recommender.name): void => {
        const replay: RatedReplay = ratedReplay(recommender, interactions, run.data.split, { steps });
        const mean = (values: Float64Array): Interval => interval({ values }, random(1).fork(name));
        rows.push({ name, precision: mean(replay.precision), ndcg: mean(replay.ndcg) });
        users = replay.users.length;
      };
      evaluate(
        run.recommender,
        folders.length > 1 ? `${run.config.agent.name} (${folder})` : run.config.agent.name,
      );
      onProgress?.("replaying", i + 1, folders.length, folder);
      if (i > 0) continue;
      data = run.dataset.label;
      if (run.supervised) evaluate(run.supervised);
      for (const baseline of await fittedBaselines(run.data, { root, onProgress })) evaluate(baseline);
    } finally {
      run.dispose();
    }
  }
  rows.sort((a, b) => b.ndcg.mean - a.ndcg.mean || (a.name < b.name ? -1 : 1));
  return { data, users, steps, rows };
}
