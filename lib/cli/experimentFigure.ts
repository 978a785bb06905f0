import { InputError } from "../data/inputError";
import type { Figure } from "../figures/figure";
import { save } from "../figures/save";

/** Saves a study's figure and says where; a table without one is better than none where no browser is set up. */
export async function drawn(figure: Figure, folder: string, name: string): Promise<string> {
  try {
    return `figure: ${await save(figure, name, { folder })}`;
  } catch (error) {
    if (error instanceof InputError) throw error;
    return `no figure was drawn: ${(error as Error).message}`;
  }
}
