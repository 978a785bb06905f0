import type { TextColumn } from "./textColumns";

/**
 * The log as columns, one entry a row, sorted by (time, file row). Ids are strings at the edge only:
 * inside, users and items are row numbers.
 *
 * Item rows are the rows of the catalogue, which is sorted by id (whole-number ids by value, before all
 * others; the rest by code unit). So "ties are broken by item id" is simply "the smaller row wins".
 */
export interface Interactions {
  readonly size: number;
  /** [size] user row of each interaction. */
  readonly users: Int32Array;
  /** [size] item row of each interaction. */
  readonly items: Int32Array;
  /** [size] the rating or weight. */
  readonly weights: Float32Array;
  /** [size] epoch seconds, or the file row number when `order` is "row order". */
  readonly times: Float64Array;
  readonly userIds: readonly string[];
  readonly itemIds: readonly string[];
  readonly order: "timestamp" | "row order";
  /** "rating": explicit; "weight": implicit, a count of something; "event": what its kind of event weighs (`feedbackOf`). */
  readonly weightKind: "rating" | "weight" | "event";
  /** Further numeric columns of the file (clicks, watch time ...), each [size], for reward functions. */
  readonly extra: Readonly<Record<string, Float32Array>>;
  /** Further text columns of the file that name kinds of something (device, channel ...), each [size]. */
  readonly texts?: Readonly<Record<string, TextColumn>>;
  /** What a users file says of `userIds`, one value a user row; "" and NaN where missing. */
  readonly userColumns?: {
    readonly text: Readonly<Record<string, readonly string[]>>;
    readonly numbers: Readonly<Record<string, Float64Array>>;
  };
}
