import type { ActionCatalogue } from "./agent";

/** A catalogue with nothing left out. */
export interface CatalogueParts {
  /** N */
  readonly size: number;
  /** [N × A] */
  readonly itemVectors: Float32Array;
  /** [N] */
  readonly itemBias: Float32Array;
  /** [N] the bias that lists are made with */
  readonly servedBias: Float32Array;
  readonly temperature: number;
}

/**
 * What an agent may choose from, checked, with biases of 0 and a temperature of 1 where none are given. Lists
 * are made with the catalogue's own bias where it names no other.
 *
 * @param asker who asks, for the error
 * @throws when there is no catalogue or its sizes do not fit.
 */
export function catalogueParts(
  asker: string,
  catalogue: ActionCatalogue | undefined,
  actionSize: number,
): CatalogueParts {
  if (!catalogue) throw new Error(`${asker} requires a catalogue, got none`);
  const { itemVectors, temperature = 1 } = catalogue;
  const size = itemVectors.length / actionSize;
  const itemBias = catalogue.itemBias ?? new Float32Array(Math.floor(size));
  const servedBias = catalogue.servedBias ?? itemBias;
  for (const bias of [itemBias, servedBias])
    if (!Number.isInteger(size) || bias.length !== size)
      throw new Error(
        `${asker} requires one bias an item of ${actionSize} numbers, got ${bias.length} for ${itemVectors.length} numbers`,
      );
  return { size, itemVectors, itemBias, servedBias, temperature };
}
