import { openDatabase } from "../data/duckdb";
import { idRows } from "../data/ids";
import { emptyLists } from "../retrieval/bestOf";
import type { Lists } from "../retrieval/lists";
import { type RankingMetrics, rankingMetrics } from "./metrics";
import { readRankings, readTruth } from "./readRankings";

export interface EvaluatedFiles {
  /** `{ users, at: { "10": { precision, recall, ... } } }`: what `metrics --json` writes. */
  readonly report: Pick<RankingMetrics, "users" | "at">;
  readonly metrics: RankingMetrics;
  /** Ids of the evaluated users, in the order of the per-user columns. */
  readonly userIds: readonly string[];
  /** How many of them had no recommendation at all, and so count as zero. */
  readonly withoutList: number;
}

/**
 * Judges anyone's recommendations, from any system: a truth file (`user_id,item_id[,relevance]`) and a file
 * of lists (`user_id,item_id` and `rank`, 1 the best, or `score`, the larger the better; where both are
 * there, the rank decides). With scores, ties are broken by item id: whole numbers by value, then the rest
 * by code unit. Rows may stand in any order. Users of the truth without recommendations count as zero.
 *
 * @throws InputError, with file and line, on missing columns, empty ids, bad numbers, an item that comes twice
 *   for a user, ranks that leave a hole or come twice, and users who are not in the truth.
 * @example (await evaluateFiles({ truth: "truth.csv", recommendations: "mine.csv", ks: [10] })).report.at[10].ndcg
 */
export async function evaluateFiles(files: {
  readonly truth: string;
  readonly recommendations: string;
  readonly ks: readonly number[];
}): Promise<EvaluatedFiles> {
  const database = await openDatabase();
  try {
    const truth = await readTruth(database, files.truth);
    const rankings = await readRankings(database, files.recommendations);
    const users = idRows([...new Set(truth.users)]);
    const items = idRows([...new Set(truth.items.concat(rankings.items))]);
    const relevant = grouped(truth.users, users);
    const listed = grouped(rankings.users, users);
    // A list has at most every item there is, however large k is.
    const places = Math.min(Math.max(...files.ks), items.ids.length);
    const metrics = rankingMetrics(
      listsOf(listed, Int32Array.from(rankings.items, items.rowOf), rankings.order, places),
      {
        relevantOffsets: relevant.offsets,
        relevantItems: relevant.rows.map((row) => items.rowOf(truth.items[row])),
        relevantGains: Float64Array.from(relevant.rows, (row) => truth.relevance[row]),
      },
      files.ks,
      { areWhole: true },
    );
    let withoutList = 0;
    for (let user = 0; user < users.ids.length; user++)
      if (listed.offsets[user] === listed.offsets[user + 1]) withoutList++;
    return { report: { users: metrics.users, at: metrics.at }, metrics, userIds: users.ids, withoutList };
  } finally {
    database.close();
  }
}

/** File rows by user: user u has rows[offsets[u]] .. rows[offsets[u + 1]], in file order. */
interface Grouped {
  readonly offsets: Int32Array;
  readonly rows: Int32Array;
}

function grouped(
  userIds: readonly string[],
  users: { readonly ids: readonly string[]; rowOf(id: string): number },
): Grouped {
  const userRows = Int32Array.from(userIds, users.rowOf);
  const offsets = new Int32Array(users.ids.length + 1);
  for (const user of userRows) offsets[user + 1]++;
  for (let user = 0; user < users.ids.length; user++) offsets[user + 1] += offsets[user];
  const next = offsets.slice();
  const rows = new Int32Array(userRows.length);
  userRows.forEach((user, row) => {
    rows[next[user]++] = row;
  });
  return { offsets, rows };
}

function listsOf(listed: Grouped, itemRows: Int32Array, order: Float64Array, k: number): Lists {
  const lists = emptyLists(listed.offsets.length - 1, k);
  for (let user = 0; user < lists.size; user++) {
    const rows = listed.rows.slice(listed.offsets[user], listed.offsets[user + 1]);
    // Item rows follow the ids' order, so the smaller row is the earlier id.
    rows.sort((a, b) => order[a] - order[b] || itemRows[a] - itemRows[b]);
    rows.subarray(0, k).forEach((row, place) => {
      lists.items[user * k + place] = itemRows[row];
      lists.scores[user * k + place] = -order[row];
    });
  }
  return lists;
}
