import type { Catalog } from "./catalog";
import type { Interactions } from "./interactions";
import type { Users } from "./readUsers";

/** A log and its catalogue, with what has to be said about where they come from. */
export interface Dataset {
  /** The name it is asked for by ("goodbooks", "synthetic-taste", ...), or the file's name. */
  readonly name: string;
  /** What figures print, e.g. "goodbooks-10k sample (2,672 readers, 298,176 ratings)". */
  readonly label: string;
  /** How this data is cut unless told otherwise; "temporal" where absent. */
  readonly protocol?: "temporal" | "leave-one-out";
  /** Where it was found: a folder, a file, or "made here". */
  readonly origin: string;
  readonly interactions: Interactions;
  readonly catalog: Catalog;
  /** What a users file says, where one was given. */
  readonly users?: Users;
  readonly skippedRows: number;
  readonly notices: readonly string[];
}
