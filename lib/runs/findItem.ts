import type { Catalog } from "../data/catalog";

/** What a text may mean: one row when it is clear, several when it is not, none when nothing is near. */
export interface Found {
  readonly rows: readonly number[];
  /** False when the text had a slip: the nearest title was taken. */
  readonly exact: boolean;
}

/** How alike two titles must be, in shared pairs of letters, before one is taken for the other. */
const likeness = 0.6;
/** Titles this close to the best one are candidates as well. */
const margin = 0.08;

/**
 * Finds the item somebody means by an id or a title: an id as it stands (`id:1984` says so where a title reads
 * the same), else a title without regard to case, accents, punctuation and what stands in brackets, else titles
 * that begin with the text, else titles that hold all its words, else the nearest spelling (Dice's coefficient
 * over pairs of letters).
 *
 * @example findItem(catalog, "the hobit").rows // the row of "The Hobbit"
 */
export function findItem(catalog: Catalog, text: string): Found {
  const asked = text.trim();
  if (asked.startsWith("id:")) return exactly([catalog.rowOf(asked.slice(3).trim())]);
  const titles = catalog.titles;
  const wanted = plain(asked);
  const byId = catalog.rowOf(asked);
  const equal = rowsWhere(titles, (title) => plain(title) === wanted);
  const bare =
    equal.length > 0 ? equal : rowsWhere(titles, (title) => plain(withoutBrackets(title)) === wanted);
  if (byId >= 0 || bare.length > 0) return exactly([...new Set([byId, ...bare])]);
  if (wanted === "") return { rows: [], exact: true };
  const beginning = rowsWhere(titles, (title) => plain(title).startsWith(`${wanted} `));
  if (beginning.length > 0) return exactly(beginning);
  const words = wanted.split(" ");
  const holding = rowsWhere(titles, (title) => {
    const own = new Set(plain(title).split(" "));
    return words.every((word) => own.has(word));
  });
  return holding.length > 0 ? exactly(holding) : nearest(titles, wanted);
}

function exactly(rows: readonly number[]): Found {
  return { rows: rows.filter((row) => row >= 0), exact: true };
}

function nearest(titles: readonly string[], wanted: string): Found {
  const pairs = pairsOf(wanted);
  const scores = titles.map((title) =>
    Math.max(dice(pairs, pairsOf(plain(title))), dice(pairs, pairsOf(plain(withoutBrackets(title))))),
  );
  const best = scores.reduce((top, score) => Math.max(top, score), 0);
  if (best < likeness) return { rows: [], exact: false };
  const rows = rowsWhere(titles, (_, row) => scores[row]! >= best - margin);
  return { rows: rows.sort((a, b) => scores[b]! - scores[a]! || a - b), exact: false };
}

function rowsWhere(titles: readonly string[], holds: (title: string, row: number) => boolean): number[] {
  const rows: number[] = [];
  for (let row = 0; row < titles.length; row++) if (holds(titles[row]!, row)) rows.push(row);
  return rows;
}

/** Small letters without accents; everything that is neither letter nor digit becomes one space. */
function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** "The Hunger Games (The Hunger Games, #1)" → "The Hunger Games" */
function withoutBrackets(title: string): string {
  return title.replace(/\s*[([].*$/, "");
}

function pairsOf(text: string): Map<string, number> {
  const pairs = new Map<string, number>();
  for (let i = 0; i + 1 < text.length; i++) {
    const pair = text.slice(i, i + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

/** 2·|shared pairs| / (|pairs of a| + |pairs of b|), in [0, 1]. */
function dice(a: Map<string, number>, b: Map<string, number>): number {
  let [shared, total] = [0, 0];
  for (const [pair, count] of a) {
    shared += Math.min(count, b.get(pair) ?? 0);
    total += count;
  }
  for (const count of b.values()) total += count;
  return total === 0 ? 0 : (2 * shared) / total;
}
