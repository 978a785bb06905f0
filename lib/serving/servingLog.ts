/** One slate that was shown: what `ope` needs of it, and what makes its policy's situation again. */
export interface ServedSlate {
  readonly slateId: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Absent where the request named items alone. */
  readonly userId?: string;
  /**
   * How many items that this log says the user took stood in the history: requests and feedback may overlap. All before the
   * slate in the log where it is absent.
   */
  readonly grown?: number;
  /** Ids of the items that the request gave as history. */
  readonly given?: readonly string[];
  /** Which arm served: the name of its run. */
  readonly policy: string;
  /** Ids in the order of the places. */
  readonly items: readonly string[];
  /** Of each place given those above it. */
  readonly probabilities: readonly number[];
  /** What the request asked for beside k (exclude, only, where, temperature, variety, seed), for whoever draws it again. */
  readonly rules?: Readonly<Record<string, unknown>>;
  /** What another policy would have shown, where one runs in the shadow. */
  readonly shadow?: { readonly policy: string; readonly items: readonly string[] };
}

/** What a reader did with a place of a slate. */
export interface Feedback {
  readonly slateId: string;
  readonly itemId: string;
  readonly reward: number;
  /** Seen: it came into view. Taken: the reader chose it, so that it joins the history. */
  readonly kind: "seen" | "taken";
  readonly time: number;
}

/** The append-only log of a service. */
export interface ServingLog {
  /** A slate id that no other slate of this log has. */
  newSlateId(): string;
  /**
   * Takes a slate into the log; on disk soon, and at the latest with the first feedback after it.
   *
   * @throws when the log is closed, or so much waits for a disk that is full that no more is taken: such a slate is not to be shown.
   */
  append(slate: ServedSlate): void;
  /** The slate of an id, also of earlier runs of the service; undefined for an id that this log never gave. */
  slateOf(slateId: string): Promise<ServedSlate | undefined>;
  /** Resolves once the feedback, and every slate before it, is on disk (fsync; many share one). */
  addFeedback(feedback: Feedback): Promise<void>;
  /** Why the log could not be written when it was last tried; undefined where it could. */
  readonly problem?: () => string | undefined;
  /** Writes what is left, and gives the folder back. */
  close(): Promise<void>;
}
