import type { Catalog } from "../data/catalog";
import type { EngineInfo } from "./engine/engineMessages";
import { type ItemColumn, itemColumns } from "./engine/itemColumns";
import { searchTitles } from "./export/searchTitles";

/** What a page asks of the items a run can show. */
export interface ServedCatalogue {
  readonly columns: readonly ItemColumn[];
  /** Items by title, the likeliest first, with their columns. */
  find(
    query: string,
    k: number,
  ): { readonly item_id: string; readonly title: string; readonly [column: string]: unknown }[];
}

/** Reads the items of an engine's run once; a newer run has its own. */
export function servedCatalogues(): (info: EngineInfo) => ServedCatalogue {
  const made = new WeakMap<EngineInfo, ServedCatalogue>();
  return (info) => {
    const known = made.get(info) ?? catalogueOf(info);
    made.set(info, known);
    return known;
  };
}

function catalogueOf({ catalog: items }: EngineInfo): ServedCatalogue {
  const rows = new Map(items.ids.map((id, row) => [id, row]));
  const catalog: Catalog = { ...items, rowOf: (id) => rows.get(id) ?? -1 };
  const columns = itemColumns(catalog);
  const cellOf = (row: number, { name, kind }: ItemColumn): unknown => {
    const value = kind === "number" ? catalog.numbers[name][row] : catalog.text[name][row];
    return value === "" || Number.isNaN(value) ? undefined : value;
  };
  return {
    columns,
    find: (query, k) =>
      searchTitles(catalog, query, k).map((row) => ({
        ...Object.fromEntries(columns.map((column) => [column.name, cellOf(row, column)])),
        item_id: catalog.ids[row],
        title: catalog.titles[row],
      })),
  };
}
