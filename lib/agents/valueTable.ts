/** What one state's actions are thought to be worth; actions ascend. */
interface Row {
  size: number;
  actions: Int32Array;
  values: Float64Array;
  /** How often the log took the action here. */
  counts: Int32Array;
  /** How often the value was moved. */
  visits: Int32Array;
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
 * takes it. Rows are sorted typed arrays, so that millions of pairs cost 20 bytes each, and each row remembers
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
  /** Largest Q(s, ·) over supported actions that are not taken; undefined where none is left. */
  best(state: number, isTaken: (action: number) => boolean): number | undefined;
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

  return {
    support(state, action) {
      const row = rowOf(state);
      const at = placeOf(row, action);
      if (row.actions[at] !== action || at === row.size) insert(row, at, action);
      row.counts[at]!++;
    },
    value(state, action) {
      const row = rows[state];
      if (row === undefined) return undefined;
      const at = placeOf(row, action);
      return at < row.size && row.actions[at] === action ? row.values[at]! : undefined;
    },
    move(state, action, { target, rate }) {
      const row = rowOf(state);
      const at = placeOf(row, action);
      if (at === row.size || row.actions[at] !== action)
        throw new Error(`move requires a supported pair, got action ${action} in state ${state}`);
      const visits = ++row.visits[at]!;
      const before = row.values[at]!;
      const after = before + (rate === "1/visits" ? 1 / visits : rate) * (target - before);
      row.values[at] = after;
      if (row.best === at ? after < before : row.best >= 0 && after > row.values[row.best]!)
        row.best = row.best === at ? -1 : at;
      return Math.abs(after - before);
    },
    best(state, isTaken) {
      const row = rows[state];
      if (row === undefined || row.size === 0) return undefined;
      const { size, values, actions } = row;
      if (row.best < 0) {
        row.best = 0;
        for (let at = 1; at < size; at++) if (values[at]! > values[row.best]!) row.best = at;
      }
      if (!isTaken(actions[row.best]!)) return values[row.best]!;
      let best = Number.NEGATIVE_INFINITY;
      for (let at = 0; at < size; at++) if (values[at]! > best && !isTaken(actions[at]!)) best = values[at]!;
      return best === Number.NEGATIVE_INFINITY ? undefined : best;
    },
    each(state, visit) {
      const row = rows[state];
      for (let at = 0; at < (row?.size ?? 0); at++)
        visit(row!.actions[at]!, row!.values[at]!, row!.counts[at]!);
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
    best: -1,
  };
}

/** Place of the first action that is not smaller. */
function placeOf({ size, actions }: Row, action: number): number {
  if (size > 0 && actions[size - 1]! < action) return size;
  let [low, high] = [0, size];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (actions[middle]! < action) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert(row: Row, at: number, action: number): void {
  if (row.size === row.actions.length) {
    const grown = emptyRow(Math.max(4, 2 * row.size));
    for (const name of ["actions", "values", "counts", "visits"] as const) {
      grown[name].set(row[name]);
      (row as unknown as Record<string, unknown>)[name] = grown[name];
    }
  }
  for (const name of ["actions", "values", "counts", "visits"] as const) {
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
    const state = from.states[start]!;
    while (end < from.states.length && from.states[end] === state) end++;
    const row = rowOf(state);
    row.size = end - start;
    for (const name of ["actions", "values", "counts", "visits"] as const)
      (row as unknown as Record<string, unknown>)[name] = from[name].slice(start, end);
  }
}
