import type { Catalog } from "../data/catalog";
import type { Dataset } from "../data/dataset";
import { type FurtherColumn, furtherColumns, namedColumns } from "../data/furtherColumns";
import type { Histories } from "../data/histories";
import { type Features, type FittedColumn, itemInputs, partsOf } from "./features";

const mostKinds = 32;
/** Whole numbers of so few values are kinds. */
const fewNumbers = 12;
const knotCount = 33;
/** Quantiles are taken of this many entries, evenly spread, where there are more. */
const mostSampled = 200_000;

/**
 * Columns as inputs, scaled by the entries of these histories.
 *
 * `names` lists columns (see `furtherColumns`); "auto" takes all that vary, but for texts without any of the commonest 32
 * values in half of the entries (comments, ids) and texts and whole numbers that are different for nearly every user or
 * item (names, ids again).
 *
 * @returns nothing where no column is left
 * @throws InputError for a name that is no column.
 */
export function fitFeatures(
  names: readonly string[] | "auto",
  histories: Histories,
  items?: Pick<Catalog, "size" | "text" | "numbers">,
): Features | undefined {
  const { log } = histories;
  if (log === undefined) {
    if (names === "auto") return undefined;
    throw new Error("fitFeatures requires histories of a log, got some that come from none");
  }
  const all = furtherColumns(log, items);
  const chosen = names === "auto" ? all : namedColumns(all, names);
  const keys = { row: histories.rows, item: histories.items, users: log.users };
  const fitted = chosen.flatMap((column) => {
    const counted = countedBy(column, keys);
    const fit = fittedColumn(column, counted);
    const size = { log: 0, time: 0, user: log.userIds.length, item: items?.size ?? 0 }[column.source];
    const isTaken = names !== "auto" || (isUseful(fit, counted) && !holdsIds(column, size));
    return isTaken ? [{ column, fit }] : [];
  });
  if (fitted.length === 0) return undefined;
  const columns = [
    ...fitted.filter(({ fit }) => fit.source !== "item"),
    ...fitted.filter(({ fit }) => fit.source === "item"),
  ];
  return {
    columns: columns.map(({ fit }) => fit),
    items: itemInputs(
      columns.filter(({ fit }) => fit.source === "item"),
      items?.size ?? 0,
    ),
  };
}

/** The columns that states could know, but for those that hold ids. Nothing is counted, so that it takes no time. */
export function possibleFeatures({
  interactions,
  catalog,
}: Pick<Dataset, "interactions" | "catalog">): FurtherColumn[] {
  const sizes = { log: 0, time: 0, user: interactions.userIds.length, item: catalog.size };
  return furtherColumns(interactions, catalog).filter((column) => !holdsIds(column, sizes[column.source]));
}

/** How often a column has each number, or each part of its texts, in the entries. */
interface Counted {
  readonly entries: number;
  readonly filled: number;
  readonly counts: ReadonlyMap<string | number, number>;
  /** Ascending numbers of some entries, for quantiles. */
  readonly sorted: Float64Array;
  /** The parts of each text, and how many entries have it. */
  readonly lists: readonly (readonly [parts: readonly (string | number)[], entries: number])[];
}

function countedBy(
  { source, number, text }: FurtherColumn,
  keys: { readonly row: Int32Array; readonly item: Int32Array; readonly users: Int32Array },
): Counted {
  const entries = keys.row.length;
  const keyOf = (entry: number): number =>
    source === "item" ? keys.item[entry] : source === "user" ? keys.users[keys.row[entry]] : keys.row[entry];
  const counts = new Map<string | number, number>();
  let filled = 0;
  if (text !== undefined) {
    const ofCode = new Int32Array(text.values.length);
    for (let entry = 0; entry < entries; entry++) {
      const code = text.codes[keyOf(entry)];
      if (code < 0) continue;
      filled++;
      ofCode[code]++;
    }
    const lists = text.values.map((value, code) => [partsOf(value), ofCode[code]] as const);
    for (const [parts, times] of lists)
      if (times > 0) for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + times);
    return { entries, filled, counts, sorted: new Float64Array(0), lists };
  }
  const step = Math.max(1, Math.ceil(entries / mostSampled));
  const sampled: number[] = [];
  for (let entry = 0; entry < entries; entry += step) {
    const value = number!(keyOf(entry));
    if (Number.isNaN(value)) continue;
    filled += step;
    sampled.push(value);
    counts.set(value, (counts.get(value) ?? 0) + step);
  }
  const lists = [...counts].map(([value, times]) => [[value], times] as const);
  return { entries, filled, counts, sorted: Float64Array.from(sampled).sort(), lists };
}

function fittedColumn(column: FurtherColumn, { counts, sorted }: Counted): FittedColumn {
  const { name, source } = column;
  const isFew = counts.size <= fewNumbers && [...counts.keys()].every(Number.isInteger);
  if (column.text === undefined && column.isKind !== true && !isFew) {
    const knots = Array.from(
      { length: knotCount },
      (_, i) => sorted[Math.round((i / (knotCount - 1)) * (sorted.length - 1))],
    );
    return { name, source, kind: "rank", knots };
  }
  // Ties go to the smaller value: the same columns give the same inputs.
  const values = [...counts]
    .sort(([a, times], [b, others]) => others - times || (a < b ? -1 : 1))
    .slice(0, mostKinds)
    .map(([value]) => value);
  return { name, source, kind: "kinds", values };
}

/** Whether a column varies, and what is kept of it says something of most entries that it says anything of. */
function isUseful(fit: FittedColumn, { entries, filled, counts, lists }: Counted): boolean {
  const varies = counts.size > 1 || (counts.size === 1 && filled < entries);
  if (!varies || fit.kind === "rank") return varies;
  const kept = new Set(fit.values);
  const said = lists.reduce(
    (sum, [parts, times]) => sum + (parts.some((part) => kept.has(part)) ? times : 0),
    0,
  );
  return 2 * said >= filled;
}

/** Whether these are texts or whole numbers that hardly ever come twice among users or items: names, ids somewhere else. */
function holdsIds({ number, text }: FurtherColumn, size: number): boolean {
  if (size === 0) return false;
  if (number === undefined)
    return new Set(text!.values.flatMap(partsOf)).size > 0.9 * text!.codes.filter((code) => code >= 0).length;
  const values = Array.from({ length: size }, (_, key) => number(key)).filter(
    (value) => !Number.isNaN(value),
  );
  const isMany = values.length > 100; // a few people may well all be of other ages
  return isMany && values.every(Number.isInteger) && new Set(values).size > 0.9 * values.length;
}
