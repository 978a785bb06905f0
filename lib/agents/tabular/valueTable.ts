/** What one state's actions are thought to be worth; actions ascend. */
interface Row {
  size: number;
  actions: Int32Array;
  values: Float64Array;
  /** How often the log took the action here. */
  counts: Int32Array;
  /** How often the value was moved, or gathered when it was last settled. */
  visits: Int32Array;
  /** Targets gathered since the values were last settled: their sums, and how many. */
  sums: Float64Array;
  gathered: Int32Array;
  /** Σ counts, and Σ count · value. */
  seen: number;
  weighted: number;
  /** Place of the largest value, or -1 when that is not known just now. */
  best: number;
}

/** The table's pairs as columns, by state and then action. */
export interface PairColumns {
  readonly states: Int32Array;
  readonly actions: Int32Array;
  readonly values: Float64Array;
  readonly counts: Int32Array;
  readonly visits: Int32Array;
}

/**
 * Q(s, a) for the pairs that a log holds and no others: a pair comes into being, with value 0, when the log
 * takes it. Rows are sorted typed arrays, so that millions of pairs cost 32 bytes each, and each row remembers
 * where its largest value stands, so that a maximum is rarely searched for.
 */
export interface ValueTable {
  /** Notes that the log takes an action in a state (quickest when actions come ascending). */
  support(state: number, action: number): void;
  /** Q(s, a); undefined where the log never takes the action there. */
  value(state: number, action: number): number | undefined;
  /**
   * Q(s, a) += rate · (target − Q(s, a)), where the rate is given or one over the times the pair was moved,
   * this one included. Returns how far it moved. @throws when the pair is not supported.
   */
  move(
    state: number,
    action: number,
    options: { readonly target: number; readonly rate: number | "1/visits" },
  ): number;
  /** Notes a target of a pair for `settle`; its value stays until then. @throws when the pair is not supported. */
  gather(state: number, action: number, target: number): void;
  /** Sets every value to the mean of its targets gathered since the last time, and returns how far they moved. */
  settle(): { readonly total: number; readonly largest: number };
  /** Mean of Q(s, ·) over what the log took there, as often as it did; undefined where it took nothing. */
  usual(state: number): number | undefined;
  /** How many pairs there are. */
  size(): number;
  /** The same as `usual` over all states; undefined while the table is empty. */
  mean(): number | undefined;
  /** Largest Q(s, ·) over supported actions that are not seen; undefined where none is left. */
  best(state: number, isSeen: (action: number) => boolean): number | undefined;
  /** Visits the pairs of a state, actions ascending. */
  each(state: number, visit: (action: number, value: number, count: number) => void): void;
  columns(): PairColumns;
}

/** Makes a table, empty or as its columns were. @example valueTable().best(3, () => false) // undefined */
export function valueTable(from?: PairColumns): ValueTable {
  const rows: (Row | undefined)[] = [];
  const rowOf = (state: number): Row => {
    const known = rows[state];
    if (known !== undefined) return known;
    const made = emptyRow(from === undefined ? 4 : 0);
    rows[state] = made;
    return made;
  };
  if (from !== undefined) fill(rowOf, from);
  const all = { seen: 0, weighted: 0 };
  for (const row of rows) {
    all.seen += row?.seen ?? 0;
    all.weighted += row?.weighted ?? 0;
  }
  const supported = (state: number, action: number, asker: string): readonly [Row, number] => {
    const row = rowOf(state);
    const at = placeOf(row, action);
    if (at === row.size || row.actions[at] !== action)
      throw new Error(`${asker} requires a supported pair, got action ${action} in state ${state}`);
    return [row, at];
  };

  return {
    support(state, action) {
      const row = rowOf(state);
      const at = placeOf(row, action);
      if (row.actions[at] !== action || at === row.size) insert(row, at, action);
      row.counts[at]++;
      for (const sum of [row, all]) {
        sum.seen++;
        sum.weighted += row.values[at];
      }
    },
    value(state, action) {
      const row = rows[state];
      if (row === undefined) return undefined;
      const at = placeOf(row, action);
      return at < row.size && row.actions[at] === action ? row.values[at] : undefined;
    },
    move(state, action, { target, rate }) {
      const [row, at] = supported(state, action, "move");
      const visits = ++row.visits[at];
      const before = row.values[at];
      const after = before + (rate === "1/visits" ? 1 / visits : rate) * (target - before);
      row.values[at] = after;
      const gain = row.counts[at] * (after - before);
      row.weighted += gain;
      all.weighted += gain;
      if (row.best === at ? after < before : row.best >= 0 && after > row.values[row.best])
        row.best = row.best === at ? -1 : at;
      return Math.abs(after - before);
    },
    gather(state, action, target) {
      const [row, at] = supported(state, action, "gather");
      row.sums[at] += target;
      row.gathered[at]++;
    },
    settle() {
      let [total, largest] = [0, 0];
      all.weighted = 0;
      for (const row of rows) {
        if (row === undefined) continue;
        row.weighted = 0;
        for (let at = 0; at < row.size; at++) {
          if (row.gathered[at] > 0) {
            const after = row.sums[at] / row.gathered[at];
            const size = Math.abs(after - row.values[at]);
            total += size;
            if (size > largest) largest = size;
            row.values[at] = after;
            row.visits[at] = row.gathered[at];
            row.sums[at] = 0;
            row.gathered[at] = 0;
          }
          row.weighted += row.counts[at] * row.values[at];
        }
        row.best = -1;
        all.weighted += row.weighted;
      }
      return { total, largest };
    },
    usual(state) {
      const row = rows[state];
      return row === undefined || row.seen === 0 ? undefined : row.weighted / row.seen;
    },
    size: () => rows.reduce((sum, row) => sum + (row?.size ?? 0), 0),
    mean: () => (all.seen === 0 ? undefined : all.weighted / all.seen),
    best(state, isSeen) {
      const row = rows[state];
      if (row === undefined || row.size === 0) return undefined;
      const { size, values, actions } = row;
      if (row.best < 0) {
        row.best = 0;
        for (let at = 1; at < size; at++) if (values[at] > values[row.best]) row.best = at;
      }
      if (!isSeen(actions[row.best])) return values[row.best];
      let best = Number.NEGATIVE_INFINITY;
      for (let at = 0; at < size; at++) if (values[at] > best && !isSeen(actions[at])) best = values[at];
      return best === Number.NEGATIVE_INFINITY ? undefined : best;
    },
    each(state, visit) {
      const row = rows[state];
      for (let at = 0; at < (row?.size ?? 0); at++) visit(row!.actions[at], row!.values[at], row!.counts[at]);
    },
    columns: () => columnsOf(rows),
  };
}

function emptyRow(capacity: number): Row {
  return {
    size: 0,
    actions: new Int32Array(capacity),
    values: new Float64Array(capacity),
    counts: new Int32Array(capacity),
    visits: new Int32Array(capacity),
    sums: new Float64Array(capacity),
    gathered: new Int32Array(capacity),
    seen: 0,
    weighted: 0,
    best: -1,
  };
}

/** Place of the first action that is not smaller. */
function placeOf({ size, actions }: Row, action: number): number {
  if (size > 0 && actions[size - 1] < action) return size;
  let [low, high] = [0, size];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (actions[middle] < action) low = middle + 1;
    else high = middle;
  }
  return low;
}

const columnNames = ["actions", "values", "counts", "visits", "sums", "gathered"] as const;

function insert(row: Row, at: number, action: number): void {
  if (row.size === row.actions.length) {
    const grown = emptyRow(Math.max(4, 2 * row.size));
    for (const name of columnNames) {
      grown[name].set(row[name]);
      (row as unknown as Record<string, unknown>)[name] = grown[name];
    }
  }
  for (const name of columnNames) {
    row[name].copyWithin(at + 1, at, row.size);
    row[name][at] = 0;
  }
  row.actions[at] = action;
  row.size++;
  row.best = -1;
}

function columnsOf(rows: readonly (Row | undefined)[]): PairColumns {
  const size = rows.reduce((sum, row) => sum + (row?.size ?? 0), 0);
  const columns = {
    states: new Int32Array(size),
    actions: new Int32Array(size),
    values: new Float64Array(size),
    counts: new Int32Array(size),
    visits: new Int32Array(size),
  };
  let at = 0;
  for (const [state, row] of rows.entries()) {
    if (row === undefined) continue;
    columns.states.fill(state, at, at + row.size);
    for (const name of ["actions", "values", "counts", "visits"] as const)
      columns[name].set(row[name].subarray(0, row.size), at);
    at += row.size;
  }
  return columns;
}

function fill(rowOf: (state: number) => Row, from: PairColumns): void {
  for (let start = 0, end = 0; start < from.states.length; start = end) {
    const state = from.states[start];
    while (end < from.states.length && from.states[end] === state) end++;
    const row = rowOf(state);
    row.size = end - start;
    for (const name of ["actions", "values", "counts", "visits"] as const)
      (row as unknown as Record<string, unknown>)[name] = from[name].slice(start, end);
    row.sums = new Float64Array(row.size);
    row.gathered = new Int32Array(row.size);
    for (let at = 0; at < row.size; at++) {
      row.seen += row.counts[at];
      row.weighted += row.counts[at] * row.values[at];
    }
  }
}
