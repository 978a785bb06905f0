import type { Catalog } from "../../data/catalog";
import { findItem, plainTitle } from "../../runs/findItem";

/**
 * Items whose titles somebody may be typing, the likeliest first: the title itself, the item of that id, titles that
 * begin with the text, then those in which all its words begin one, then those that hold it; and where no title does, the
 * nearest spelling (`findItem`).
 *
 * @example searchTitles(catalog, "harry p", 5)
 */
export function searchTitles(catalog: Catalog, query: string, k: number): number[] {
  const wanted = plainTitle(query);
  if (wanted === "") return [];
  const parts = wanted.split(" ");
  const id = catalog.rowOf(query.trim());
  const [same, byId, begin, words, hold]: number[][] = [[], id < 0 ? [] : [id], [], [], []];
  for (const [row, title] of plainTitles(catalog).entries()) {
    if (title === wanted) same.push(row);
    else if (title.startsWith(wanted)) begin.push(row);
    else if (parts.every((part) => ` ${title}`.includes(` ${part}`))) words.push(row);
    else if (title.includes(wanted)) hold.push(row);
  }
  const found = [same, byId, begin, words, hold].flat();
  const rows = found.length > 0 || wanted.length < 4 ? found : findItem(catalog, query).rows;
  return [...new Set(rows)].slice(0, k);
}

const known = new WeakMap<Catalog, readonly string[]>();

/** Titles without case, accents and signs, made once for each catalogue. */
function plainTitles(catalog: Catalog): readonly string[] {
  const made = known.get(catalog) ?? catalog.titles.map(plainTitle);
  known.set(catalog, made);
  return made;
}
