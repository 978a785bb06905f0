/** What the demo page asks and is answered, over HTTP or inside the reader's own browser: the service's own words. */

/** Body of POST /recommend. */
export interface Ask {
  readonly user_id?: string;
  /** Ids of items somebody liked, oldest first. */
  readonly items?: readonly string[];
  readonly k?: number;
  readonly exclude?: readonly string[];
  readonly only?: readonly string[];
  readonly where?: Readonly<Record<string, Filter>>;
  /** The same number gives the same draw again. */
  readonly seed?: number;
  readonly policy?: string;
  /** A factor on the run's own temperature. */
  readonly temperature?: number;
  readonly variety?: number;
  readonly explain?: boolean;
}

/** A value, one of several, or numbers of a range. */
export type Filter =
  | string
  | number
  | readonly (string | number)[]
  | { readonly min?: number; readonly max?: number };

export interface Recommendation {
  readonly rank: number;
  readonly item_id: string;
  readonly title: string;
  readonly score: number;
  /** Of this place given those above it. */
  readonly probability: number;
  readonly because?: { readonly item_id: string; readonly title: string; readonly similarity: number };
}

export interface Answer {
  readonly slate_id: string;
  readonly policy: string;
  readonly recommendations: readonly Recommendation[];
}

/** An item that a search found, with the columns of the items file. */
export interface FoundItem {
  readonly item_id: string;
  readonly title: string;
  readonly [column: string]: unknown;
}

export interface Column {
  readonly name: string;
  readonly kind: "number" | "text";
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly string[];
}

export interface PolicyAbout {
  readonly name: string;
  readonly agent: string;
  readonly share: number;
  readonly dataset: string;
}

/** Body of POST /feedback. */
export interface FeedbackBody {
  readonly slate_id: string;
  readonly item_id: string;
  readonly reward: number;
  readonly kind: "seen" | "taken";
}

/** Who answers the page. */
export interface PageBackend {
  readonly place: "server" | "browser";
  policies(): Promise<readonly PolicyAbout[]>;
  columns(): Promise<readonly Column[]>;
  items(query: string, k: number): Promise<readonly FoundItem[]>;
  /** @param best the best items first, without a draw: in the browser alone */
  recommend(ask: Ask, options?: { readonly best?: boolean }): Promise<Answer>;
  /** Where feedback is kept; absent where it is not. */
  feedback?(body: FeedbackBody): Promise<void>;
  /** Shows a token from now on; absent where nobody asks for one. */
  showToken?(token: string): void;
}

/** The policy that serves what is most popular, beside the runs. */
export const mostPopular = "most-popular";

/** A request that was refused, or that nobody answered (status 0). */
export class Problem extends Error {
  readonly status: number;
  readonly field?: string;
  /** Seconds after which it may be asked again, where the service said so. */
  readonly retryAfter?: number;

  constructor(status: number, detail: string, more: { field?: string; retryAfter?: number } = {}) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    if (more.field !== undefined) this.field = more.field;
    if (more.retryAfter !== undefined) this.retryAfter = more.retryAfter;
  }
}
