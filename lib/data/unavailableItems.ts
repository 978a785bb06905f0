import type { Catalog } from "./catalog";
import { plainName } from "./columnRoles";

/**
 * Which items are unavailable now: those whose `available` column in the items file says 0, no or false. They are
 * learned from like all others, but never recommended, and no bootstrap target counts on them.
 *
 * @returns item rows; absent where everything is available
 */
export function unavailableItems({ size, numbers, text }: Catalog): ReadonlySet<number> | undefined {
  const named = <T>(columns: Readonly<Record<string, T>>): T | undefined =>
    Object.entries(columns).find(([name]) => plainName(name) === "available")?.[1];
  const [counted, said] = [named(numbers), named(text)];
  if (counted === undefined && said === undefined) return undefined;
  const rows = new Set<number>();
  for (let row = 0; row < size; row++)
    if (counted?.[row] === 0 || /^\s*(no|false|0)\s*$/i.test(said?.[row] ?? "")) rows.add(row);
  return rows.size === 0 ? undefined : rows;
}
