import type { NextItemModel } from "../encoders/nextItemModel";
import { progressBar } from "../figures/progressBar";
import type { MethodKind } from "../figures/rankingPlot";
import type { Recommender } from "../retrieval/recommender";
import type { PreparedData } from "../runs/preparedData";
import { queryRecommender } from "../runs/queryRecommender";
import { stepZeroWords, verdictText } from "../runs/signedText";
import type { TrainedRun } from "../runs/train";
import { differencesFrom, type RowAgainst } from "./against";
import { type EvaluatedRow, type EvaluatedSeed, evaluate } from "./evaluated";
import { evaluationTask } from "./execute";
import { methodKindOf } from "./studyPlot";
import { type StudyTable, studyTable } from "./table";
import { differencesOf, rankingTable, studyNotes } from "./text";

/**
 * Whatever `compare` can put into a table: anything that recommends, a trained run, a next-item model (under a name of its
 * own where there are several).
 */
export type Comparable = Recommender | TrainedRun | (NextItemModel & { readonly name?: string });

/** A study's table that `showTable` shows, too; `studyPlot` draws it. */
export interface ComparisonTable extends StudyTable {
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number)[])[];
  /** What must be said with the table. */
  readonly notes: readonly string[];
  /** Where a row was named to compare with: how far all others are from it, user by user, best first. */
  readonly against?: {
    readonly name: string;
    readonly rows: readonly (RowAgainst & { readonly kind: MethodKind })[];
  };
}

export interface CompareOptions {
  /** Length of the lists; 10 by default. */
  readonly k?: number;
  /** Whose rows are evaluated on; "test" by default. Choices are made on "validation". */
  readonly on?: "test" | "validation";
  /** The row that all others are also compared with, user by user; none by default. */
  readonly against?: string;
}

/**
 * Evaluates methods on the same users: NDCG with intervals, and for trained runs the paired difference from what they
 * started as, marked where it stands after Holm's correction for all differences of the table. Runs of one name under
 * several seeds share a row, whose interval is over users and seeds. A run whose critic has no weight is a control; where
 * it is called as another one with ", critic off" behind, the two are compared as well.
 *
 * @throws when no users can be asked, two methods have one name and one seed, or one name and other settings.
 * @example
 * const table = await compare([run, model, ...(await baselines(data))], data);
 * showTable(table); await show(studyPlot(table));
 * @example await compare([model, { ...model, itemBias: tuned.bias, name: "with the moment" }], data);
 */
export async function compare(
  methods: readonly Comparable[],
  data: PreparedData,
  { k = 10, on = "test", against }: CompareOptions = {},
): Promise<ComparisonTable> {
  const task = on === "test" ? data.test() : data.validation;
  if (task === undefined) throw new Error("compare requires validation users, got none");
  const asked = evaluationTask(data, task, [k]);
  const progress = progressBar("comparing");
  const rows = new Map<string, EvaluatedRow & { readonly seeds: EvaluatedSeed[] }>();
  for (const [i, method] of methods.entries()) {
    const { recommender, kind, seed, run, settings, free } = comparable(method);
    const { name } = recommender;
    progress.update(i, methods.length, name);
    const role = (settings.agent as Record<string, unknown>).criticWeight === 0 ? "criticOff" : "model";
    const row = rows.get(name) ?? { name, role, entry: { name, kind }, config: settings, seeds: [] };
    if (row.seeds.some((other) => other.seed === seed))
      throw new Error(
        `compare requires one method a name and seed, got "${name}" twice under seed ${seed}: give runs a name`,
      );
    const others = differingSettings(row.config.agent, settings.agent);
    if (others.length > 0)
      throw new Error(
        `compare requires one set of settings a name, got two of "${name}" (${others.join(", ")}): give runs a name`,
      );
    const figures = await evaluate(recommender, asked, run && { stepZero: run.start });
    row.seeds.push({
      seed,
      ...(run && { summary: { warnings: run.warnings, record: run } }),
      evaluated: async () => figures,
    });
    rows.set(name, row);
    free();
    await new Promise(setImmediate); // lets progress reach the screen
  }
  progress.update(methods.length, methods.length);
  progress.end();
  const evaluated = [...rows.values()].map((row): EvaluatedRow => {
    const control = rows.get(`${row.name}, critic off`);
    return control?.role === "criticOff" ? { ...row, criticOff: control.name } : row;
  });
  const seeds = [...new Set(evaluated.flatMap((row) => row.seeds.map(({ seed }) => seed)))];
  const study = { data, users: task.histories.size, rows: evaluated, failed: [], code: [] };
  const table = await studyTable(study, {
    ...{
      name: "comparison",
      seeds,
      ks: [k],
      controls: evaluated.some(({ criticOff }) => criticOff !== undefined),
    },
    ...(on === "validation" && { on }),
  });
  const shown = { ...table, ...shownTable(table), notes: studyNotes(table) };
  if (against === undefined) return shown;
  const apart = await differencesFrom(against, evaluated, k);
  const differences = table.rows.flatMap((row) =>
    apart.filter(({ name }) => name === row.name).map((each) => ({ ...each, kind: methodKindOf(row) })),
  );
  return { ...shown, against: { name: against, rows: differences } };
}

/** Names of settings that are not the same in both. */
function differingSettings(one: object, other: object): string[] {
  const [a, b] = [one as Record<string, unknown>, other as Record<string, unknown>];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}

/** The ranking with what learning added as its last column. */
function shownTable(table: StudyTable): Pick<ComparisonTable, "columns" | "values"> {
  const { rows, k } = table;
  const { head, lines } = rankingTable(table);
  const { markOf } = differencesOf(table);
  if (rows.every(({ actor }) => actor === undefined)) return { columns: head, values: lines };
  const added = rows.map(({ actor, at }) => {
    if (actor === undefined) return "";
    if (actor.chosenSteps.every((step) => step === 0)) return "step 0 was kept";
    const { difference } = actor.fromStepZero;
    const words = verdictText(difference, stepZeroWords, at[k].ndcg.mean - difference.mean);
    return `${words} ${markOf(difference)}`.trimEnd();
  });
  return { columns: [...head, "from step 0"], values: lines.map((line, i) => [...line, added[i]]) };
}

/** One method as a row's run: how it recommends, what it started as, under which seed. */
function comparable(method: Comparable): {
  readonly recommender: Recommender;
  readonly kind: EvaluatedRow["entry"]["kind"];
  readonly seed: number;
  readonly run?: TrainedRun;
  readonly settings: EvaluatedRow["config"];
  free(): void;
} {
  const free = (): void => {};
  if ("start" in method && "recommend" in method) {
    const { seed, config: agent } = method;
    return { recommender: method, kind: "actor-critic", seed, run: method, settings: { agent }, free };
  }
  if ("recommend" in method)
    return { recommender: method, kind: "baseline", seed: 1, settings: { agent: {} }, free };
  const { name } = method;
  const recommender = queryRecommender(method, undefined, name === undefined ? {} : { name });
  const { config } = method;
  return {
    ...{
      recommender,
      kind: "supervised",
      seed: config.seed,
      settings: { agent: { ...config, seed: undefined } },
    },
    free: () => recommender.dispose(),
  };
}
