import type { Histories } from "../data/histories";
import { InputError } from "../data/inputError";
import type { Interactions } from "../data/interactions";

/**
 * After which entries of some histories a world ended, as a numeric column of the log says: nothing is expected to
 * follow them. Ratings have no such column: their log just stops.
 *
 * @returns [entries] 1 where it ended, else 0
 * @throws InputError where there is no such column, or it holds something else than 0 and 1.
 */
export function terminalColumn(interactions: Interactions, histories: Histories, name: string): Uint8Array {
  const column = requireTerminals(interactions, name);
  return Uint8Array.from(histories.rows, (row) => (row >= 0 ? column[row] : 0));
}

/** The column of that name. @throws InputError as `terminalColumn` does. */
export function requireTerminals({ extra }: Interactions, name: string): Float32Array {
  if (!Object.hasOwn(extra, name))
    throw new InputError(`terminals: no numeric column is called "${name}"`, {
      expected: Object.keys(extra).length === 0 ? "there is none" : `one of ${Object.keys(extra).join(", ")}`,
    });
  const other = extra[name].find((value) => value !== 0 && value !== 1);
  if (other !== undefined)
    throw new InputError(`terminals: column "${name}" holds ${other}`, {
      expected: "1 where somebody left for good, else 0",
    });
  return extra[name];
}
