import { openDatabase } from "./duckdb";
import { feedbackOf } from "./feedback";
import type { FileHead } from "./fileHead";
import { noId } from "./ids";
import { InputError } from "./inputError";
import type { Interactions } from "./interactions";
import { type LogOptions, readInteractions, understandLog } from "./readInteractions";
import { readItems } from "./readItems";
import { openSource } from "./sourceFile";
import { unavailableItems } from "./unavailableItems";

/** What a log's file is understood to be. */
export interface LogInspection {
  readonly file: string;
  readonly megabytes: number;
  /** "CSV, separated by commas", "JSON lines", "Parquet"; and "from gzip" and the like. */
  readonly format: string;
  readonly encoding: string;
  readonly header: string;
  /** Each column with what it is taken for. */
  readonly columns: readonly { readonly name: string; readonly role: string; readonly example: string }[];
  readonly rows: number;
  readonly badRows: number;
  readonly users: number;
  readonly items: number;
  readonly ids: string;
  readonly time: string;
  readonly weights: string;
  /** Rows whose user and item stand in an earlier row. */
  readonly repeatedPairs: number;
  /** Of an items file that was named: how many it lists, what is known of them. */
  readonly itemsFile?: string;
  /** What was guessed, as `train` says it. */
  readonly notices: readonly string[];
  readonly suspicious: readonly string[];
}

/**
 * Looks at a log without training on it: how the file is read, what is guessed, and what looks odd. Bad rows are
 * counted, the first ones named.
 *
 * @throws InputError on a file that cannot be read as a log.
 */
export async function inspectLog(
  file: string,
  { items: itemsFile, ...options }: LogOptions & { readonly items?: string } = {},
): Promise<LogInspection> {
  const database = await openDatabase();
  try {
    const items =
      itemsFile === undefined ? undefined : await readItems(database, itemsFile, { skipBadRows: true });
    const { head, roles } = await understandLog(database, file, options);
    const suspicious: string[] = [];
    const read = await readInteractions(database, file, options).catch((error) => {
      if (!(error instanceof InputError) || !error.message.includes("--skip-bad-rows")) throw error;
      suspicious.push(error.message);
      return readInteractions(database, file, { ...options, skipBadRows: true });
    });
    const { interactions } = read;
    const catalogue = items && itemsOf(items, interactions);
    if (catalogue) suspicious.push(...catalogue.suspicious);
    const repeatedPairs = pairsAgain(interactions);
    suspicious.push(...oddIds(interactions.userIds, "user"), ...oddIds(interactions.itemIds, "item"));
    suspicious.push(...oddShares(interactions));
    const { bytes } = await openSource(database, file);
    const roleOf = (c: number): string => {
      const role = Object.entries(roles).find(([, column]) => column === c)?.[0];
      if (role !== undefined) return role;
      if (interactions.texts?.[head.columns[c]] !== undefined) return "kinds";
      return interactions.extra[head.columns[c]] === undefined ? "left out" : "number";
    };
    return {
      file,
      megabytes: bytes / 1e6,
      ...formatOf(head),
      columns: head.columns.map((name, c) => ({
        name: name === "" ? "(no name)" : name,
        role: roleOf(c),
        example: head.sample[0]?.[c] ?? "",
      })),
      rows: interactions.size,
      badRows: read.skippedRows,
      users: interactions.userIds.length,
      items: interactions.itemIds.length,
      ids: `users ${idsAre(interactions.userIds)}, items ${idsAre(interactions.itemIds)}`,
      time: timeOfLog(interactions),
      weights: weightsOf(interactions),
      repeatedPairs,
      ...(catalogue && { itemsFile: catalogue.text }),
      notices: [...(items?.notices ?? []), ...read.notices],
      suspicious,
    };
  } finally {
    database.close();
  }
}

function itemsOf(
  { catalog, skippedRows }: Awaited<ReturnType<typeof readItems>>,
  { itemIds }: Interactions,
): { readonly text: string; readonly suspicious: readonly string[] } {
  const whole = (count: number): string => count.toLocaleString("en-US");
  const known = new Set(catalog.ids);
  const lost = itemIds.filter((id) => !known.has(id));
  const gone = unavailableItems(catalog)?.size ?? 0;
  const columns = [...Object.keys(catalog.text), ...Object.keys(catalog.numbers)];
  const parts = [
    `${whole(catalog.size)} items`,
    ...(skippedRows > 0 ? [`${whole(skippedRows)} bad rows`] : []),
    ...(gone > 0 ? [`${whole(gone)} unavailable`] : []),
    columns.length > 0 ? `columns ${columns.join(", ")}` : "no further columns",
  ];
  const example = JSON.stringify(lost[0]);
  return {
    text: parts.join("; "),
    suspicious:
      lost.length > 0
        ? [`${whole(lost.length)} items of the log are not in the items file, ${example} for one`]
        : [],
  };
}

const separatorWords: Readonly<Record<string, string>> = { ",": "commas", "\t": "tabs" };

function formatOf(head: FileHead): Pick<LogInspection, "format" | "encoding" | "header"> {
  const from = head.from.length === 0 ? "" : `, from ${head.from.join(" and ")}`;
  const encoding = head.from.includes("UTF-16") ? "UTF-16" : "UTF-8";
  if (head.kind !== "csv") return { format: `${head.kind}${from}`, encoding, header: "names in the file" };
  const by = separatorWords[head.separator] ?? `"${head.separator}"`;
  const way = head.plain === undefined ? "" : ", plain";
  return {
    format: `text separated by ${by}${way}${from}`,
    encoding: head.encoding === "UTF-8" ? encoding : head.encoding,
    header: head.headerLine === 0 ? "none" : `line ${head.headerLine}`,
  };
}

function idsAre(ids: readonly string[]): string {
  const whole = ids.filter((id) => /^\d+$/.test(id)).length;
  return whole === ids.length ? "are whole numbers" : whole === 0 ? "are text" : "are numbers and text";
}

function timeOfLog({ order, times, size }: Interactions): string {
  if (order === "row order") return "none: by the order of the rows";
  return `${dateOf(times[0])} to ${dateOf(times[size - 1])}`;
}

function dateOf(seconds: number): string {
  const date = new Date(1000 * seconds);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().slice(0, 19).replace("T", " ");
}

function weightsOf(interactions: Interactions): string {
  const { weights, weightKind } = interactions;
  const distinct = new Set<number>();
  let [least, largest, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const weight of weights) {
    least = Math.min(least, weight);
    largest = Math.max(largest, weight);
    sum += weight;
    if (distinct.size <= 1000) distinct.add(weight);
  }
  const values = distinct.size > 1000 ? "more than 1,000 values" : `${distinct.size} values`;
  const { relevantAt } = feedbackOf(interactions);
  const kind = { rating: "ratings", weight: "weights", event: "events" }[weightKind];
  const mean = Number((sum / weights.length).toPrecision(3));
  return `${kind} from ${least} to ${largest}, mean ${mean}, ${values}; relevant ${relevantAt === null ? "above 0" : `from ${relevantAt}`}`;
}

function pairsAgain({ users, items, itemIds, size }: Interactions): number {
  const keys = new Float64Array(size);
  for (let row = 0; row < size; row++) keys[row] = users[row] * itemIds.length + items[row];
  keys.sort();
  let again = 0;
  for (let i = 1; i < size; i++) if (keys[i] === keys[i - 1]) again++;
  return again;
}

/** Ids that are hardly meant as they stand. */
const odd: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^\s|\s$/, "begin or end with a blank (kept as they are)"],
  [/["]/, "hold a quotation mark (a blank before a quote makes it text)"],
  [/[\r\n]/, "hold a line break"],
  [noId, "look like a missing value"],
];

function oddIds(ids: readonly string[], of: string): string[] {
  return odd.flatMap(([pattern, what]) => {
    const found = ids.filter((id) => pattern.test(id));
    if (found.length === 0) return [];
    const shown = JSON.stringify(found[0].slice(0, 40));
    return [`${found.length} ${of} ids ${what}, ${shown} for one`];
  });
}

function oddShares({ users, items, userIds, itemIds, size, times, order }: Interactions): string[] {
  const found: string[] = [];
  const columns = [
    [users, userIds, "user"],
    [items, itemIds, "item"],
  ] as const;
  for (const [rows, ids, of] of columns) {
    const counts = new Float64Array(ids.length);
    for (let row = 0; row < size; row++) counts[rows[row]]++;
    let top = 0;
    for (let id = 1; id < ids.length; id++) if (counts[id] > counts[top]) top = id;
    if (size >= 20 && counts[top] > size / 4)
      found.push(
        `${of} ${JSON.stringify(ids[top].slice(0, 40))} has ${Math.round((100 * counts[top]) / size)}% of the rows`,
      );
    if (of === "user" && size / ids.length < 2)
      found.push("most users have one row: nothing can be learned from what they did next");
  }
  if (order === "timestamp" && size > 1 && times[0] === times[size - 1]) found.push("all times are the same");
  return found;
}
