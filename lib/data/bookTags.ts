import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Catalog } from "./catalog";
import { type Database, openDatabase, sqlText } from "./duckdb";

const tagsKept = 10;

/**
 * Adds what lies beside books.csv to the catalogue: `genres` from book_genres.csv (by book_id) and `tags`, the
 * ten most used a book, from book_tags.csv and tags.csv. The ids in book_tags.csv are goodreads ids under
 * whichever name; tags are left out with a notice when most of them are not.
 */
export async function withBookTags(
  catalog: Catalog,
  folder: string,
): Promise<{ readonly catalog: Catalog; readonly notices: readonly string[] }> {
  const files = { genres: "book_genres.csv", bookTags: "book_tags.csv", tags: "tags.csv" };
  const has = (name: string): boolean => existsSync(join(folder, name));
  if (!has(files.genres) && !has(files.bookTags)) return { catalog, notices: [] };
  const database = await openDatabase();
  try {
    const text: Record<string, readonly string[]> = { ...catalog.text };
    const notices: string[] = [];
    if (has(files.genres)) text.genres = await genresOf(database, catalog, join(folder, files.genres));
    if (has(files.bookTags) && has(files.tags)) {
      const tags = await tagsOf(database, catalog, join(folder, files.bookTags), join(folder, files.tags));
      if (tags === undefined)
        notices.push("book_tags.csv is left out: its ids are not books.csv's goodreads ids");
      else text.tags = tags;
    }
    return { catalog: { ...catalog, text }, notices };
  } finally {
    database.close();
  }
}

async function genresOf(database: Database, catalog: Catalog, file: string): Promise<string[]> {
  const [ids, lists] = (await database.columns(
    `SELECT book_id, coalesce(replace(genres, ',', ', '), '') FROM read_csv(${sqlText(file)}, header = true, all_varchar = true)`,
  )) as [string[], string[]];
  const genres = new Array<string>(catalog.size).fill("");
  ids.forEach((id, i) => {
    const row = catalog.rowOf(id);
    if (row >= 0) genres[row] = lists[i];
  });
  return genres;
}

async function tagsOf(
  database: Database,
  catalog: Catalog,
  bookTags: string,
  tags: string,
): Promise<string[] | undefined> {
  const goodreads = catalog.numbers.goodreads_book_id;
  if (goodreads === undefined) return undefined;
  const rowOf = new Map(Array.from(goodreads, (id, row) => [String(id), row]));
  const read = (file: string): string => `read_csv(${sqlText(file)}, header = true, all_varchar = true)`;
  await database.run(`CREATE TABLE tagged AS SELECT * FROM ${read(bookTags)}`);
  // The first column is the book, called goodreads_book_id upstream and book_id in some copies.
  const [ids, lists] = (await database.columns(`
    SELECT book, string_agg(tag_name, ', ' ORDER BY place) FROM (
      SELECT book, tag_name, row_number() OVER (PARTITION BY book ORDER BY uses DESC, tag_name) AS place
      FROM (SELECT #1 AS book, tag_id, TRY_CAST(count AS INTEGER) AS uses FROM tagged)
      JOIN ${read(tags)} USING (tag_id))
    WHERE place <= ${tagsKept} GROUP BY book`)) as [string[], string[]];
  const texts = new Array<string>(catalog.size).fill("");
  let known = 0;
  ids.forEach((id, i) => {
    const row = rowOf.get(id);
    if (row === undefined) return;
    known++;
    texts[row] = lists[i];
  });
  return known * 2 >= ids.length && known > 0 ? texts : undefined;
}
