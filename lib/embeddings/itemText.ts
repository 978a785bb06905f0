import type { Catalog } from "../data/catalog";

/** The columns of an items file that say what an item is, in the order in which they are told. */
const describing = ["category", "genres", "tags", "description"] as const;

/**
 * One text an item, for a sentence model: its title, who made it, and whatever else the items file says in words:
 * `title`, `authors`, `category`, `genres`, `tags`, `description`. Columns that the file lacks and empty fields are
 * left out; an item without any of them has its title (or id) alone.
 *
 * @returns [N]
 * @example itemTexts(catalog)[0] // "The Hobbit by J.R.R. Tolkien. fantasy, classics"
 */
export function itemTexts(catalog: Pick<Catalog, "titles" | "text">): string[] {
  return catalog.titles.map((_, row) => itemText(catalog, row));
}

/** The text of one item. */
export function itemText({ titles, text }: Pick<Catalog, "titles" | "text">, row: number): string {
  const authors = text.authors?.[row] ?? "";
  const first = authors === "" ? titles[row]! : `${titles[row]} by ${authors}`;
  const others = describing.map((column) => text[column]?.[row] ?? "").filter((part) => part !== "");
  return [first, ...others].join(". ");
}
