/**
 * The only door to tslab: whether this code runs in a notebook cell, and how to show something below the cell.
 * In a terminal nothing is shown and nothing of tslab is loaded.
 */

/** Several forms of the same thing (text/html, image/png ...); the notebook picks the best one it can show. */
export type Bundle = Readonly<Record<string, string>>;

type WriteDisplayData = (
  content: { data: Bundle; metadata: object; transient: { display_id?: string } },
  update: boolean,
) => void;

/** Whether the TypeScript kernel runs this code. */
export function inNotebook(): boolean {
  return "__tslab__" in globalThis;
}

/**
 * Shows a bundle below the running cell; with an id, `update` replaces what was shown under it.
 * tslab's public `display` sends one form a message, so this writes the message itself (tslab 1.0.22).
 *
 * @returns whether anything was shown: false outside a notebook.
 */
export function showInCell(
  data: Bundle,
  metadata: object,
  { id, update = false }: { id?: string; update?: boolean } = {},
): boolean {
  if (!inNotebook()) return false;
  const { lastWriteDisplayData } = require("tslab/dist/jupyter") as {
    lastWriteDisplayData: WriteDisplayData | null;
  };
  if (lastWriteDisplayData === null) return false;
  lastWriteDisplayData({ data, metadata, transient: id === undefined ? {} : { display_id: id } }, update);
  return true;
}
