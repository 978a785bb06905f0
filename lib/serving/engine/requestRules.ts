import type { Catalog } from "../../data/catalog";
import type { Histories } from "../../data/histories";
import { boundedMap } from "./boundedMap";
import { applyWhere } from "./itemColumns";
import { RefusedRequest, type SlateRulesAsked, type Where } from "./slateRequest";

const filtersKept = 64;
const nothing = new Int32Array(0);

/** Rows of ids. @throws RefusedRequest naming the first that the catalogue does not have */
export function rowsOf(catalog: Catalog, ids: readonly string[], field: string): number[] {
  return ids.map((id, i) => {
    const row = catalog.rowOf(id);
    if (row < 0) throw new RefusedRequest(404, `${field}[${i}]`, `there is no item "${id.slice(0, 100)}"`);
    return row;
  });
}

/**
 * Turns what a request excludes, names as the only items, and wants of columns into the rows it may not get.
 *
 * @returns a function of a request, which throws RefusedRequest where it names what is not there
 */
export function ruleReader(catalog: Catalog): (rules: SlateRulesAsked) => Int32Array {
  const allowedBy = boundedMap<Uint8Array>(filtersKept);
  const everything = new Uint8Array(catalog.size).fill(1);
  const filtered = (where: Where | undefined): Uint8Array =>
    where === undefined || Object.keys(where).length === 0
      ? everything
      : allowedBy.get(JSON.stringify(where), () => {
          const allowed = everything.slice();
          applyWhere(catalog, where, allowed);
          return allowed;
        });
  return ({ exclude, only, where }) => {
    const allowed = filtered(where);
    const out = rowsOf(catalog, exclude ?? [], "exclude");
    if (allowed === everything && only === undefined)
      return out.length === 0 ? nothing : Int32Array.from(new Set(out));
    const kept = only === undefined ? allowed.slice() : new Uint8Array(catalog.size);
    for (const row of rowsOf(catalog, only ?? [], "only")) kept[row] = allowed[row];
    for (const row of out) kept[row] = 0;
    const withheld = new Int32Array(catalog.size);
    let count = 0;
    for (let row = 0; row < catalog.size; row++) if (kept[row] === 0) withheld[count++] = row;
    return withheld.subarray(0, count);
  };
}

/** Lists of item rows for masks; undefined where all are empty. */
export function maskLists(lists: readonly Int32Array[]): Histories | undefined {
  if (lists.every(({ length }) => length === 0)) return undefined;
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => {
    offsets[i + 1] = offsets[i] + list.length;
  });
  const items = new Int32Array(offsets[lists.length]);
  lists.forEach((list, i) => {
    items.set(list, offsets[i]);
  });
  const nothing = { weights: new Float32Array(items.length), rows: new Int32Array(items.length).fill(-1) };
  return { size: lists.length, users: new Int32Array(lists.length).fill(-1), offsets, items, ...nothing };
}
