import { inNotebook, showInCell } from "./cell";
import type { Figure } from "./figure";
import { figureHtml } from "./page";
import { figuresFolder, write } from "./save";
import { processRenderer } from "./sharedRenderer";

/**
 * Shows a figure below the cell, in two forms at once: interactive for JupyterLab, and a picture for wherever
 * scripts do not run (GitHub, a notebook not yet trusted). With a name it is also saved, as `save` does.
 * Outside a notebook it is only saved.
 *
 * @example await show(plot({ marks: [histogram(ratings)], title, dataset: dataset.label, caption }), "ratings")
 */
export async function show(figure: Figure, name?: string): Promise<void> {
  if (!inNotebook() && name === undefined) return;
  const png = await processRenderer.png(figure);
  if (name !== undefined) write(figure, name, { folder: figuresFolder(), png });
  const { width, height, caption } = figure;
  showInCell(
    { "text/html": figureHtml(figure), "image/png": png.toString("base64"), "text/plain": caption },
    { "image/png": { width, height }, offshelf: { caption, ...(name === undefined ? {} : { name }) } },
  );
}
