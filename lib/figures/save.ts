import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Figure } from "./figure";
import { figurePage, plotlyFile } from "./page";
import { projectRoot } from "./render";
import { processRenderer } from "./sharedRenderer";

/** Where figures go unless told: $OFFSHELF_FIGURES, else figures/latest, which git ignores. */
export function figuresFolder(): string {
  return resolve(projectRoot, process.env.OFFSHELF_FIGURES ?? join("figures", "latest"));
}

/** Written under another name, then renamed: nobody sees half a picture. */
function writeWhole(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

/**
 * Saves a figure as NAME.png and, interactive, as NAME.html (which reads Plotly from node_modules).
 *
 * @param name letters, digits and dashes, e.g. "drift-over-time"
 * @returns the path of the picture
 * @throws when the name would leave the folder, or when no browser is set up.
 */
export async function save(
  figure: Figure,
  name: string,
  { folder = figuresFolder() }: { folder?: string } = {},
): Promise<string> {
  const png = await processRenderer.png(figure);
  return write(figure, name, { folder, png });
}

/** The part of `save` that comes after the drawing. */
export function write(
  figure: Figure,
  name: string,
  { folder, png }: { folder: string; png: Uint8Array },
): string {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new Error(`save requires a name of small letters, digits and dashes, got "${name}"`);
  mkdirSync(folder, { recursive: true });
  const plotly = relative(folder, join(projectRoot, plotlyFile)).split("\\").join("/");
  writeWhole(join(folder, `${name}.html`), figurePage(figure, plotly));
  writeWhole(join(folder, `${name}.png`), png);
  return join(folder, `${name}.png`);
}
