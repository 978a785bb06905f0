import type { Catalog } from "../../data/catalog";
import type { Dataset } from "../../data/dataset";
import { idRows } from "../../data/ids";
import { InputError } from "../../data/inputError";
import type { Interactions } from "../../data/interactions";
import { unavailableItems } from "../../data/unavailableItems";

/** A run's log with newer rows, and what is new in it. */
export interface JoinedLog {
  readonly dataset: Dataset;
  /** [items of the joined log] the item's row in the run's own log, -1 for a new one. */
  readonly oldItems: Int32Array;
  readonly counts: JoinCounts;
  /** [size of the joined log] 1 where the row is new. */
  readonly isNew: Uint8Array;
}

export interface JoinCounts {
  /** Rows of the run's own log. */
  readonly oldRows: number;
  /** Rows of the newer file, those of them that the log had already, and the others. */
  readonly fileRows: number;
  readonly knownRows: number;
  readonly newRows: number;
  readonly newUsers: number;
  readonly newItems: number;
}

/**
 * Puts newer rows behind a run's own. A row that the log has already (the same user, item and time; without times the same
 * user and item) is not taken twice, so that the newer file may hold the whole log anew. Ids are put in order again, as the
 * reader does, and rows by time. A catalogue that comes with the newer rows says titles and columns of its items.
 *
 * @param options.repeats items may come again: without times rows of one user and item cannot be told apart, and all are taken
 * @throws InputError where both logs cannot be one: other kinds of weights, times in one alone, or nothing new.
 */
export function joinLogs(
  old: Dataset,
  newer: Dataset,
  { repeats = false }: { readonly repeats?: boolean } = {},
): JoinedLog {
  const [a, b] = [old.interactions, newer.interactions];
  requireAlike(a, b, newer.origin);
  const users = idRows([...new Set([...a.userIds, ...b.userIds])]);
  const items = idRows([...new Set([...old.catalog.ids, ...newer.catalog.ids])]);
  const rowsIn = (ids: readonly string[], rowOf: (id: string) => number) => Int32Array.from(ids, rowOf);
  const place = {
    old: { users: rowsIn(a.userIds, users.rowOf), items: rowsIn(old.catalog.ids, items.rowOf) },
    newer: { users: rowsIn(b.userIds, users.rowOf), items: rowsIn(newer.catalog.ids, items.rowOf) },
  };
  const byTime = a.order === "timestamp";
  const telling = byTime || !repeats;
  const key = (user: number, item: number, time: number): string =>
    byTime ? `${user} ${item} ${time}` : `${user} ${item}`;
  const had = new Set<string>();
  if (telling)
    for (let row = 0; row < a.size; row++)
      had.add(key(place.old.users[a.users[row]], place.old.items[a.items[row]], a.times[row]));
  const added: number[] = [];
  for (let row = 0; row < b.size; row++)
    if (!had.has(key(place.newer.users[b.users[row]], place.newer.items[b.items[row]], b.times[row])))
      added.push(row);
  if (added.length === 0)
    throw new InputError(`holds no row that the run's log has not (${b.size} rows)`, {
      file: newer.origin,
      expected: "newer interactions",
    });
  // Rows of the old log first, so that of equal times they stay before the new ones: the sort is stable.
  const size = a.size + added.length;
  const timeAt = (i: number): number =>
    i < a.size ? a.times[i] : byTime ? b.times[added[i - a.size]] : a.times[a.size - 1] + 1 + i - a.size;
  const times = Float64Array.from({ length: size }, (_, i) => timeAt(i));
  const order = Int32Array.from({ length: size }, (_, i) => i);
  if (byTime) order.sort((i, j) => times[i] - times[j] || i - j);
  const column = <T extends Int32Array | Float32Array>(
    kind: { new (size: number): T },
    of: (i: number) => number,
  ): T => {
    const values = new kind(size);
    for (let i = 0; i < size; i++) values[i] = of(order[i]);
    return values;
  };
  const either =
    (first: (row: number) => number, second: (row: number) => number): ((i: number) => number) =>
    (i) =>
      i < a.size ? first(i) : second(added[i - a.size]);
  const extra = Object.keys(a.extra).filter((name) => b.extra[name] !== undefined);
  const interactions: Interactions = {
    size,
    users: column(
      Int32Array,
      either(
        (row) => place.old.users[a.users[row]],
        (row) => place.newer.users[b.users[row]],
      ),
    ),
    items: column(
      Int32Array,
      either(
        (row) => place.old.items[a.items[row]],
        (row) => place.newer.items[b.items[row]],
      ),
    ),
    weights: column(
      Float32Array,
      either(
        (row) => a.weights[row],
        (row) => b.weights[row],
      ),
    ),
    times: times.map((_, i) => times[order[i]]),
    userIds: users.ids,
    itemIds: items.ids,
    order: a.order,
    weightKind: a.weightKind,
    extra: Object.fromEntries(
      extra.map((name) => [
        name,
        column(
          Float32Array,
          either(
            (row) => a.extra[name][row],
            (row) => b.extra[name][row],
          ),
        ),
      ]),
    ),
  };
  const counts: JoinCounts = {
    ...{ oldRows: a.size, fileRows: b.size, knownRows: b.size - added.length, newRows: added.length },
    newUsers: users.ids.length - a.userIds.length,
    newItems: items.ids.length - old.catalog.size,
  };
  const number = (count: number): string => count.toLocaleString("en-US");
  return {
    dataset: {
      name: old.name,
      label: `${old.label}, with ${number(counts.newRows)} newer rows`,
      protocol: "temporal",
      origin: newer.origin,
      interactions,
      catalog: joinedCatalog(old.catalog, newer.catalog, items.ids, items.rowOf),
      skippedRows: old.skippedRows + newer.skippedRows,
      notices: [...old.notices, ...newer.notices],
    },
    oldItems: oldRowsOf(items.ids, old.catalog),
    counts,
    isNew: Uint8Array.from(order, (i) => (i < a.size ? 0 : 1)),
  };
}

function oldRowsOf(ids: readonly string[], old: Pick<Catalog, "rowOf">): Int32Array {
  return Int32Array.from(ids, (id) => old.rowOf(id));
}

function requireAlike(a: Interactions, b: Interactions, file: string): void {
  if (a.order !== b.order)
    throw new InputError(
      b.order === "timestamp" ? "has times, which the run's log has not" : "has no times",
      {
        file,
        expected:
          a.order === "timestamp" ? "times, as in the run's log" : "rows in their order, without times",
      },
    );
  if (a.weightKind !== b.weightKind)
    throw new InputError(`holds ${wordOf(b.weightKind)}`, {
      file,
      expected: `${wordOf(a.weightKind)}, as the run's log does`,
    });
}

const wordOf = (kind: Interactions["weightKind"]): string =>
  ({ rating: "ratings", weight: "weights", event: "kinds of events" })[kind];

/** Text columns that item texts are made of. */
const words = ["authors", "category", "genres", "tags", "description"];

/** What the newer catalogue says of an item counts, where it says something; text columns are its own. */
function joinedCatalog(
  old: Catalog,
  newer: Catalog,
  ids: readonly string[],
  rowOf: (id: string) => number,
): Catalog {
  const [was, is] = [old.rowOf, newer.rowOf].map((of) => Int32Array.from(ids, (id) => of(id)));
  const titles = ids.map((id, row) => {
    const own = is[row] >= 0 ? newer.titles[is[row]] : id;
    return own !== id || was[row] < 0 ? own : old.titles[was[row]];
  });
  const text = Object.fromEntries(
    Object.entries(newer.text)
      .filter(([name]) => words.includes(name))
      .map(([name, values]) => [name, ids.map((_, row) => (is[row] >= 0 ? values[is[row]] : ""))]),
  );
  const [goneBefore, goneNow] = [unavailableItems(old), unavailableItems(newer)];
  const isGone = (row: number): boolean =>
    is[row] >= 0 && goneNow !== undefined ? goneNow.has(is[row]) : goneBefore?.has(was[row]) === true;
  const available = Float64Array.from(ids, (_, row) => (isGone(row) ? 0 : 1));
  const numbers: Catalog["numbers"] = available.includes(0) ? { available } : {};
  return { size: ids.length, ids, titles, text, numbers, rowOf };
}
