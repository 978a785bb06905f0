import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";

/** One of a notebook's "Try this": an edit in one cell, and what it must lead to. */
const exerciseSchema = z.strictObject({
  /** First words of the heading under which the cell stands. */
  cell: z.string().min(1),
  /** Text that stands exactly once in the code cells under that heading. */
  from: z.string().min(1),
  to: z.string(),
  /** Regular expression that the edited cell, or the cells below it, must print. */
  expect: z.string().optional(),
  /** Regular expression that they must not print up to there. */
  unlike: z.string().optional(),
  /** Whether the cell of claims must complain. */
  trips: z.boolean().optional(),
  /** Seconds up to the cell that decides, as `npm run notebooks -- --exercises --save` measured them on a quiet machine. */
  seconds: z.number().optional(),
});

export type Exercise = z.infer<typeof exerciseSchema>;

/** What exercises need of a notebook's cell. */
export interface SourceCell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
}

/** The text of a cell, however the file holds it. */
export const textOf = ({ source }: SourceCell): string =>
  typeof source === "string" ? source : source.join("");

/** Where the exercises of a notebook stand: notebooks/05-ddpg.ipynb has notebooks/exercises/05.json. */
export function exercisesFile(notebook: string): string {
  return join(dirname(notebook), "exercises", `${basename(notebook).slice(0, 2)}.json`);
}

/**
 * The exercises of a notebook, in the order of its "Try this"; none where nobody wrote them down.
 *
 * @throws naming the file, the entry and the field that is wrong.
 */
export function exercisesOf(notebook: string): Exercise[] {
  const file = exercisesFile(notebook);
  if (!existsSync(file)) return [];
  const read = z.array(exerciseSchema).safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!read.success) {
    const [{ path, message }] = read.error.issues;
    throw new Error(
      `${basename(file)}: exercise ${Number(path[0]) + 1}, ${path.slice(1).join(".")}: ${message}`,
    );
  }
  for (const [i, { expect, trips = false }] of read.data.entries())
    if (expect === undefined && !trips)
      throw new Error(`${basename(file)}: exercise ${i + 1} requires expect or trips, got neither`);
  return read.data;
}

/** The cells of a notebook file. */
export function cellsOf(notebook: string): SourceCell[] {
  return (JSON.parse(readFileSync(notebook, "utf8")) as { cells: SourceCell[] }).cells;
}

/** The code of a notebook with one edit in it. */
export interface EditedCode {
  /** The code cells, in order. */
  readonly sources: readonly string[];
  /** Which of them was edited. */
  readonly edited: number;
}

/**
 * Applies one edit to one code cell.
 *
 * @throws unless its heading is there and `from` stands exactly once in the code cells below it.
 */
export function applyExercise(cells: readonly SourceCell[], { cell, from, to }: Exercise): EditedCode {
  const sources: string[] = [];
  const found: number[] = [];
  const headings: string[] = [];
  let heading = "";
  for (const each of cells) {
    const text = textOf(each);
    if (each.cell_type !== "code") {
      for (const [, words] of text.matchAll(/^#+ +(.+)$/gm)) headings.push(words);
      heading = headings.at(-1) ?? "";
      continue;
    }
    if (heading.startsWith(cell))
      for (let at = text.indexOf(from); at >= 0; at = text.indexOf(from, at + 1)) found.push(sources.length);
    sources.push(text);
  }
  if (!headings.some((words) => words.startsWith(cell)))
    throw new Error(`an exercise requires a heading that begins with "${cell}", got ${headings.join("; ")}`);
  const [edited] = found;
  if (found.length !== 1 || edited === undefined)
    throw new Error(
      `an exercise requires its text once below "${cell}", got it ${found.length} times: ${from}`,
    );
  sources[edited] = sources[edited].replace(from, () => to);
  return { sources, edited };
}

/** The items below "Try this", as the reader sees them. */
export function tryThis(cells: readonly SourceCell[]): string[] {
  const text = cells.map(textOf).find((each) => /^#+ Try this/m.test(each)) ?? "";
  const section = text.slice(text.search(/^#+ Try this/m)).replace(/^.*\n/, "");
  const until = section.search(/^(#+ |\*\*)/m);
  return (until < 0 ? section : section.slice(0, until))
    .split("\n")
    .filter((line) => /^(\d+\.|-) /.test(line));
}
