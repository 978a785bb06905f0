import { architecture } from "../figures/architecture";
import { overview } from "../figures/overview";
import { save } from "../figures/save";
import { processRenderer } from "../figures/sharedRenderer";
import type { GallerySection } from "./gallery";

/** Draws the two diagrams that belong to no notebook into a folder. */
export async function drawDiagrams(folder: string): Promise<GallerySection> {
  const diagrams = { overview: overview(), architecture: architecture() };
  try {
    for (const [name, figure] of Object.entries(diagrams)) await save(figure, name, { folder });
  } finally {
    await processRenderer.close();
  }
  return {
    title: "What it is",
    pictures: Object.entries(diagrams).map(([name, { caption }]) => ({ name, caption })),
  };
}
