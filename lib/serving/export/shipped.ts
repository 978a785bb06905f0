import type { LinkedModel } from "../../baselines/companion";
import type { Interactions } from "../../data/interactions";
import type { RunConfig } from "../../settings/runConfig";

/** The files of an exported run, by the paths under which the browser's `readArrays` finds them. */
export const shippedFiles = { run: "run", nextItem: "next-item", agent: "agent" } as const;

/** Raise it when what is shipped changes. */
export const shippedFormat = 1;

/** A linear model without its links, which are arrays of their own. */
export type LinkedAbout = Omit<LinkedModel, "links"> & { readonly name: string };

/** How a baseline scores: the same for everybody, or by the links of a history's items. */
export type ShippedBaseline =
  | { readonly kind: "same" }
  | { readonly kind: "random" }
  | {
      readonly kind: "linked";
      readonly recency: number;
      readonly positiveAt?: number;
      readonly last?: number;
    };

/**
 * The header of the file `run`. Its arrays: `bias` [N] of models; `NAME.offsets`, `NAME.targets` and `NAME.weights` of
 * each linear model (`links` of a baseline's own); `scores` [N] of a baseline that is the same for everybody; `popular`
 * and `recent` [N], scores of what is most popular and of what is popular lately; `column NAME` [N] for each numeric
 * column of the items.
 */
export interface ShippedAbout {
  readonly format: typeof shippedFormat;
  /** The run folder's name. */
  readonly name: string;
  readonly agent: string;
  readonly kind: "actor-critic" | "supervised" | "baseline";
  /** What the data is called, with its size. */
  readonly dataset: string;
  readonly config: RunConfig;
  /** What liking weighs in the log. */
  readonly likedWeight: number;
  /** What columns the log has, for models that read some: of somebody new they are "missing". No value is shipped. */
  readonly log: Pick<Interactions, "order" | "weightKind"> & {
    readonly extra: readonly string[];
    readonly texts: readonly string[];
    readonly userNumbers: readonly string[];
    readonly userText: readonly string[];
  };
  readonly ids: readonly string[];
  readonly titles: readonly string[];
  readonly text: Readonly<Record<string, readonly string[]>>;
  readonly numbers: readonly string[];
  readonly companion: readonly LinkedAbout[];
  readonly baseline?: ShippedBaseline;
}
