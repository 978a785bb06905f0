import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeJsonAtomically } from "../data/writeAtomically";
import type { MethodKind } from "../figures/rankingPlot";
import { methodKindOf } from "./studyPlot";
import type { StudyTable } from "./table";

/** One method in the table that a run of the notebooks ends with. */
export interface ResultRow {
  readonly name: string;
  readonly kind: MethodKind;
  readonly ndcg: number;
  readonly lower: number;
  readonly upper: number;
  readonly recall: number;
  readonly hitRate: number;
  readonly mrr: number;
  readonly coverage: number;
  /** NDCG of the same method in another implementation, where known. */
  readonly reference?: number;
}

/** The table on test rows, and what it is about. */
export interface Results {
  readonly dataset: string;
  readonly users: number;
  readonly k: number;
  /** Whether the short training was used. */
  readonly fast: boolean;
  /** Best first. */
  readonly rows: readonly ResultRow[];
}

/**
 * A comparison as that table.
 *
 * @param options.fast whether the short training was used
 * @example await writeResults(resultsOf(await compare([run, model], data), { fast: FAST }))
 */
export function resultsOf(table: StudyTable, { fast }: { readonly fast: boolean }): Results {
  const { k } = table;
  const rows = table.rows.map((row): ResultRow => {
    const { ndcg, recall, hitRate, mrr } = row.at[k];
    return {
      ...{ name: row.name, kind: methodKindOf(row), ndcg: ndcg.mean, lower: ndcg.lower, upper: ndcg.upper },
      ...{ recall: recall.mean, hitRate: hitRate.mean, mrr: mrr.mean, coverage: row.coverage[k].mean },
      ...(row.reference === undefined ? {} : { reference: row.reference }),
    };
  });
  return { dataset: `${table.data}; ${table.protocol}`, users: table.users, k, fast, rows };
}

/** Where the notebook that compares all methods leaves its table and `npm start` finds it: results.json among the figures. */
export function resultsFile(
  folder = process.env.OFFSHELF_FIGURES ?? join(process.cwd(), "figures", "latest"),
): string {
  return join(folder, "results.json");
}

/** Writes the table, best first. @returns the file. */
export async function writeResults(results: Results, file = resultsFile()): Promise<string> {
  const rows = [...results.rows].sort((a, b) => b.ndcg - a.ndcg);
  await writeJsonAtomically(file, { ...results, rows });
  return file;
}

/** Reads what `writeResults` wrote; nothing where there is no such file. */
export async function readResults(file = resultsFile()): Promise<Results | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return undefined;
  }
  return JSON.parse(text) as Results;
}
