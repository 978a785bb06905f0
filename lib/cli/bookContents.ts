import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..", "..");

/** A notebook as the book's first page names it. */
export interface Chapter {
  /** Such as "01-what-people-rated"; absent while it has no file. */
  readonly name?: string;
  /** Such as "1 · What did people rate?". */
  readonly title: string;
  /** What it answers, in a line. */
  readonly line: string;
  /** Minutes on two quiet cores, in the short form and at full length. */
  readonly minutes: { readonly short: number; readonly full: number };
}

/** The first page of the book, where chapters and their minutes are written down. */
export const bookFile = join(root, "notebooks", "README.md");

const row = /^\| (?:\[([^\]]+)\]\(([^)]+)\.ipynb\)|(\d+ · [^|]+?)) \| ([^|]+) \| ([\d.]+) \| ([\d.]+) \|$/gm;

/** The table of notebooks of a first page, in its order. */
export function chaptersOf(markdown: string): Chapter[] {
  return [...markdown.matchAll(row)].map(([, linked, name, plain, line, short, full]) => ({
    ...(name === undefined ? {} : { name }),
    title: linked ?? plain,
    line,
    minutes: { short: Number(short), full: Number(full) },
  }));
}

/** The chapters of the book; none where its first page is missing. */
export function bookContents(file = bookFile): Chapter[] {
  return existsSync(file) ? chaptersOf(readFileSync(file, "utf8")) : [];
}

/**
 * The first page with the minutes that a run has measured, in halves.
 *
 * @param column which length was run
 */
export function withMinutes(
  markdown: string,
  measured: readonly { readonly name: string; readonly seconds: number }[],
  column: "short" | "full",
): string {
  return markdown.replace(row, (whole, _linked, name: string | undefined, ...rest: string[]) => {
    const found = measured.find((each) => each.name === name);
    if (found === undefined) return whole;
    const minutes = String(Math.max(1, Math.round(found.seconds / 30)) / 2);
    const [short, full] = [rest[2], rest[3]];
    const now = column === "short" ? `${minutes} | ${full}` : `${short} | ${minutes}`;
    return whole.replace(/[\d.]+ \| [\d.]+ \|$/, `${now} |`);
  });
}

/**
 * What is about to run, a line a notebook with its minutes.
 *
 * @param names the notebooks to run, in order
 */
export function whatIsComing(
  names: readonly string[],
  chapters: readonly Chapter[],
  length: "short" | "full",
): string {
  const lines = names.map((name) => {
    const chapter = chapters.find((each) => each.name === name);
    return { title: chapter?.title ?? name, minutes: chapter?.minutes[length] };
  });
  const width = Math.max(...lines.map(({ title }) => title.length));
  const total = lines.reduce((sum, { minutes = 0 }) => sum + minutes, 0);
  return [
    `${names.length} notebooks, about ${Math.ceil(total)} minutes on two quiet cores:`,
    ...lines.map(({ title, minutes }) =>
      minutes === undefined ? `  ${title}` : `  ${title.padEnd(width)}  ${String(minutes).padStart(4)} min`,
    ),
  ].join("\n");
}
