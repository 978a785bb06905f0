import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeJsonAtomically } from "../data/writeAtomically";

/** One method in the table that a run of the notebooks ends with. */
export interface ResultRow {
  readonly name: string;
  readonly kind: "baseline" | "supervised" | "agent";
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

/** Where the notebook on lists leaves its table and `npm start` finds it: results.json among the figures. */
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
