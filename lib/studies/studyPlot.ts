import { type ExperimentMark, experimentPlot } from "../figures/experimentPlot";
import type { Figure } from "../figures/figure";
import type { MethodKind } from "../figures/rankingPlot";
import type { StudyRow, StudyTable } from "./table";
import { studyStamp } from "./text";

/**
 * A study as a picture: at the left where each method stands, at the right what learning by reinforcement changed.
 *
 * @example await show(studyPlot(await compare([run, model], data)));
 */
export function studyPlot(table: StudyTable, title = "Who stands where"): Figure {
  const { k, rows } = table;
  return experimentPlot({
    title,
    dataset: studyStamp(table),
    metric: `NDCG@${k}`,
    rows: rows.map((row): ExperimentMark => {
      const { name, at, reference, actor } = row;
      return {
        name,
        kind: methodKindOf(row),
        value: at[k].ndcg,
        ...(reference === undefined ? {} : { reference }),
        ...(actor && {
          fromStart: actor.fromStepZero.difference,
          ...(actor.fromCriticOff && { fromControl: actor.fromCriticOff.difference }),
        }),
      };
    }),
  });
}

/** What a row is in a figure. */
export function methodKindOf({ kind, role }: Pick<StudyRow, "kind" | "role">): MethodKind {
  if (kind === "supervised" || kind === "baseline") return kind;
  return role === "criticOff" ? "control" : "agent";
}
