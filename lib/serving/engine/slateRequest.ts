/** Numbers from `min` to `max`, either of which may be open. */
export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
}

/** Columns of the items file, and what an item must have there. */
export type Where = Readonly<Record<string, string | number | readonly (string | number)[] | NumberRange>>;

/** What a request allows and how its slate is drawn: what the log keeps of it beside the slate. */
export interface SlateRulesAsked {
  readonly exclude?: readonly string[];
  readonly only?: readonly string[];
  readonly where?: Where;
  /** A factor on the run's own temperature; 1 by default. */
  readonly temperature?: number;
  /** How much likeness to what stands above costs; 0 by default. */
  readonly variety?: number;
}

/** A request as the engine takes it: ids, nothing looked up yet. */
export interface SlateRequest extends SlateRulesAsked {
  readonly userId?: string;
  /** Ids given as history, oldest first. */
  readonly items?: readonly string[];
  /** Ids that the user took of earlier slates, oldest first: they follow the user's rows of the log. */
  readonly taken?: readonly string[];
  readonly k: number;
  /** Seed of the draw: the same number, run and history give the same slate. */
  readonly draw: number;
  /** Serve the most popular items in place of the run's policy. */
  readonly popular?: boolean;
  /** Say which item of the history each place is nearest to. */
  readonly explain?: boolean;
}

/** Which item of the history a place is nearest to. */
export interface Because {
  readonly row: number;
  /** Cosine of the two items' vectors. */
  readonly similarity: number;
}

/** A slate in item rows of the run's catalogue. */
export interface AnsweredSlate {
  readonly rows: readonly number[];
  readonly scores: readonly number[];
  /** Of each place given those above it; 1 where a fixed list is served. */
  readonly probabilities: readonly number[];
  readonly because?: readonly (Because | undefined)[];
}

/** A request that asks for what is not there. */
export interface Refusal {
  readonly status: 400 | 404;
  /** The field of the request, such as `exclude[2]` or `where.price`. */
  readonly field: string;
  readonly detail: string;
}

export type SlateAnswer = AnsweredSlate | { readonly refused: Refusal };

/** Thrown while a request is read; becomes an answer. */
export class RefusedRequest extends Error {
  readonly refusal: Refusal;

  constructor(status: 400 | 404, field: string, detail: string) {
    super(`${field}: ${detail}`);
    this.name = "RefusedRequest";
    this.refusal = { status, field, detail };
  }
}
