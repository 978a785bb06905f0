import type { Catalog } from "../../data/catalog";
import { plainName } from "../../data/columnRoles";
import { type NumberRange, RefusedRequest, type Where } from "./slateRequest";

/** What can be asked of a column of the items file. */
export interface ItemColumn {
  readonly name: string;
  readonly kind: "number" | "text";
  readonly min?: number;
  readonly max?: number;
  /** Of text: the most frequent values, up to 50. */
  readonly values?: readonly string[];
}

const valuesNamed = 50;

/** Parts of a text that is a list, such as "Action, Comedy"; itself where it is none. */
function partsOf(text: string): string[] {
  return text
    .split(/\s*[|,;]\s*/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** The columns of a catalogue that requests can filter by; what says whether an item is available is not among them. */
export function itemColumns({ numbers, text }: Pick<Catalog, "numbers" | "text">): ItemColumn[] {
  const asked = (name: string): boolean => plainName(name) !== "available";
  const counted = Object.entries(numbers).filter(([name]) => asked(name));
  const said = Object.entries(text).filter(([name]) => asked(name));
  return [
    ...counted.map(([name, values]) => ({ name, kind: "number" as const, ...rangeOf(values) })),
    ...said.map(([name, cells]) => ({ name, kind: "text" as const, values: commonest(cells) })),
  ];
}

function rangeOf(values: Float64Array): NumberRange {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : {};
}

function commonest(cells: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const cell of cells)
    for (const part of new Set(partsOf(cell))) counts.set(part, (counts.get(part) ?? 0) + 1);
  return [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, valuesNamed)
    .map(([value]) => value);
}

/**
 * Marks the items that have what a request wants in columns of the items file: a number or one of several, numbers from
 * `min` to `max`, a text as a whole or as one of its parts ("Comedy" in "Action, Comedy"), whatever the case.
 *
 * @param allowed [N] 1 where an item is allowed; set to 0 where a column says no
 * @throws RefusedRequest for a column that is not there, and for text asked of numbers or a range asked of text
 */
export function applyWhere(
  { numbers, text }: Pick<Catalog, "numbers" | "text">,
  where: Where,
  allowed: Uint8Array,
): void {
  for (const [name, wanted] of Object.entries(where)) {
    const field = `where.${name}`;
    const holds = Object.hasOwn(numbers, name)
      ? numberTest(numbers[name], wanted, field)
      : Object.hasOwn(text, name)
        ? textTest(text[name], wanted, field)
        : undefined;
    if (holds === undefined) {
      const known = [...Object.keys(numbers), ...Object.keys(text)];
      throw new RefusedRequest(
        400,
        field,
        known.length === 0
          ? "the run's items have no further columns"
          : `there is no such column of the items: expected one of ${known.join(", ")}`,
      );
    }
    for (let row = 0; row < allowed.length; row++) if (allowed[row] === 1 && !holds(row)) allowed[row] = 0;
  }
}

type Wanted = Where[string];

function numberTest(values: Float64Array, wanted: Wanted, field: string): (row: number) => boolean {
  if (isRange(wanted)) {
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = wanted;
    return (row) => values[row] >= min && values[row] <= max;
  }
  const all = listOf(wanted);
  if (all.some((value) => typeof value !== "number"))
    throw new RefusedRequest(400, field, "holds numbers: expected a number, numbers, or min and max");
  const set = new Set(all);
  return (row) => set.has(values[row]);
}

function textTest(cells: readonly string[], wanted: Wanted, field: string): (row: number) => boolean {
  if (isRange(wanted)) throw new RefusedRequest(400, field, "holds text: expected a text or a list of texts");
  const all = new Set(listOf(wanted).map((value) => plain(`${value}`)));
  return (row) => all.has(plain(cells[row])) || partsOf(cells[row]).some((part) => all.has(plain(part)));
}

function isRange(wanted: Wanted): wanted is NumberRange {
  return typeof wanted === "object" && !Array.isArray(wanted);
}

function listOf(wanted: Exclude<Wanted, NumberRange>): readonly (string | number)[] {
  return typeof wanted === "object" ? wanted : [wanted];
}

function plain(text: string): string {
  return text.trim().toLowerCase();
}
