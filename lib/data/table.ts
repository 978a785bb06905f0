import type { DataFrame } from "danfojs-node";
import { tf } from "../tensors/tf";

export type { DataFrame } from "danfojs-node";

/*
 * Tables to explore in cells, by danfojs-node (pandas for JavaScript). The log itself stays in typed arrays; a table is
 * made of them where somebody wants to look.
 *
 * What it takes (danfojs-node 1.2.0; 298,176 rows of three numbers: user, item, rating; one core):
 *
 *   make the table                                    0.15 s  (1.4 s with a column of text)
 *   column(...).mean(), .nUnique(), .valueCounts()    0.1 s
 *   query(column.ge(4))                               0.4 s
 *   groupby([one]).agg({ rating: ["count", "mean"] }) 0.2 s for 2,672 users, 0.5 s for 9,990 items
 *   merge with 10,000 titles                          0.7 s  (the result stands in order of the key)
 *   sortValues                                        10,000 rows 0.05 s, 30,000 0.4 s, 60,000 1.4 s, all 24 s
 *   describe                                          10,000 rows 0.1 s to 0.8 s, 30,000 0.3 s, all 21 s
 *   groupby([two]).col([...]).count()                 112 s for 63,490 pairs
 *
 * So: group by one key or query first; sort, describe and join what is grouped. (The index of valueCounts holds the
 * value 0 as text: `.index.map(Number)`.)
 */

/** A column of a table: text, or numbers of any kind. */
export type TableColumn = readonly string[] | ArrayLike<number>;

/**
 * danfojs itself, loaded on the first call. This is the only file that names it.
 *
 * @example const { merge } = danfo(); // merge({ left, right, on: ["item"], how: "inner" })
 */
export function danfo(): typeof import("danfojs-node") {
  // danfojs loads TensorFlow itself: through the door first, so that it is silenced and patched.
  tf();
  return require("danfojs-node") as typeof import("danfojs-node");
}

/**
 * A danfojs table of named columns: what `new DataFrame(...)` makes, but of typed arrays as well.
 *
 * @throws when there are no columns, no rows, or columns of different lengths.
 * @example table({ title: ["Emma", "Dune"], rating: [5, 4] }).sortValues("rating").values // [["Dune", 4], ["Emma", 5]]
 * @example
 * const log = table({ item: interactions.items, rating: interactions.weights });
 * const books = log.groupby(["item"]).agg({ rating: ["count", "mean"] }); // item, rating_count, rating_mean
 */
export function table(columns: Readonly<Record<string, TableColumn>>): DataFrame {
  const names = Object.keys(columns);
  const size = columns[names[0] ?? ""]?.length ?? 0;
  if (names.length === 0 || size === 0)
    throw new Error("table requires a column with at least one row, got none");
  for (const name of names)
    if (columns[name].length !== size)
      throw new Error(
        `table requires columns of one length, got ${size} and ${columns[name].length} ("${name}")`,
      );
  const { DataFrame } = danfo();
  const plain: Record<string, (string | number)[]> = {};
  for (const name of names) plain[name] = Array.from(columns[name] as ArrayLike<string | number>);
  return new DataFrame(plain);
}
