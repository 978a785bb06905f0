/** A picture as plain data: what Plotly draws, and one sentence that says what is to be seen. */
export interface Figure {
  /** Plotly traces. Typed arrays are allowed; they become lists when the figure is drawn. */
  readonly data: readonly Readonly<Record<string, unknown>>[];
  /** Plotly layout, made by `styled` so that all figures look alike. */
  readonly layout: Readonly<Record<string, unknown>>;
  /** One sentence, for the gallery and for whoever cannot see the picture. */
  readonly caption: string;
  /** Pixels of the static picture before it is doubled for sharp screens. */
  readonly width: number;
  readonly height: number;
}

/** What every figure builder is told beside its numbers. */
export interface About {
  /** The data the figure shows, as `Dataset.label` says it; printed under the title. */
  readonly dataset: string;
  /** Replaces the builder's own title. */
  readonly title?: string;
  /** Replaces the builder's own caption. */
  readonly caption?: string;
}

/** Numbers in a row: a list or a typed array. */
export type Numbers = ArrayLike<number>;

/** Five significant digits are more than a picture shows, and keep the page small; NaN and infinities become gaps. */
const rounded = (value: number): number | null =>
  Number.isFinite(value) ? (Number.isInteger(value) ? value : Number(value.toPrecision(5))) : null;

/**
 * The figure's data and layout as JSON, safe inside a script element.
 *
 * @example specJson({ data: [{ y: new Float32Array([0.1]) }], layout: {} }) // '{"data":[{"y":[0.1]}],"layout":{}}'
 */
export function specJson(figure: Pick<Figure, "data" | "layout">): string {
  const text = JSON.stringify({ data: figure.data, layout: figure.layout }, (_key, value) => {
    if (typeof value === "number") return rounded(value);
    if (ArrayBuffer.isView(value) && !(value instanceof DataView))
      return Array.from(value as unknown as ArrayLike<number>);
    return value;
  });
  return text
    .replace(/</g, "\\u003c")
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");
}
