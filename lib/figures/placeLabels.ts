/** A label at a point of a plane, moved aside so that it covers no label placed before it. */
export interface PlacedLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** Pixels from the point to the middle of the label, down and right positive. */
  readonly ax: number;
  readonly ay: number;
}

/** Letters of a label; longer ones are cut. */
const letters = 28;
const letterWidth = 6.6;
const lineHeight = 17;

/** A title without what stands in brackets, cut to `most` letters. */
export function shortTitle(title: string, most = letters): string {
  const plain = title.replace(/\s*\(.*$/, "");
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain;
}

/**
 * Short titles that can still be told apart: of those that are cut to the same letters, all but the first stay whole.
 *
 * @example shortTitles(["Emma (Oxford)", "Emma (Penguin)"]) // ["Emma", "Emma (Penguin)"]
 */
export function shortTitles(titles: readonly string[], most = letters): string[] {
  const cut = titles.map((title) => shortTitle(title, most));
  return cut.map((name, i) => (cut.indexOf(name) === i ? name : titles[i]));
}

/** Where a label may stand, nearest first. */
const offsets: readonly (readonly [number, number])[] = [20, 38, 58, 80, 104, 130, 160, 195].flatMap((d) => [
  [0, -d] as const,
  [0, d] as const,
  [d * 1.6, -d] as const,
  [-d * 1.6, -d] as const,
  [d * 1.6, d] as const,
  [-d * 1.6, d] as const,
]);

/**
 * Places labels one after another, each where it covers none of those before and stays inside the picture, and
 * where it can be had none of the points of `avoid` either; where no place is free the nearest is taken.
 *
 * @param labels points in data units
 * @param pixels the drawn area in pixels
 */
export function placeLabels(
  labels: readonly { readonly text: string; readonly x: number; readonly y: number }[],
  range: { readonly x: readonly [number, number]; readonly y: readonly [number, number] },
  pixels: {
    readonly width: number;
    readonly height: number;
    /** points in data units that labels had better leave visible */
    readonly avoid?: readonly { readonly x: number; readonly y: number }[];
  },
): PlacedLabel[] {
  const taken: { x: number; y: number; half: number }[] = [];
  const across = (value: number): number => ((value - range.x[0]) / (range.x[1] - range.x[0])) * pixels.width;
  const down = (value: number): number => ((range.y[1] - value) / (range.y[1] - range.y[0])) * pixels.height;
  const points = (pixels.avoid ?? []).map((point) => ({ x: across(point.x), y: down(point.y) }));
  return labels.map((label) => {
    const half = (Math.min(label.text.length, letters + 4) * letterWidth) / 2 + 3;
    const free = offsets.filter(([ax, ay]) => {
      const [x, y] = [across(label.x) + ax, down(label.y) + ay];
      const inside =
        x - half > 0 && x + half < pixels.width && y > lineHeight && y < pixels.height - lineHeight;
      return (
        inside && taken.every((t) => Math.abs(t.x - x) > t.half + half || Math.abs(t.y - y) > lineHeight + 2)
      );
    });
    const clear = free.find(([ax, ay]) => {
      const [x, y] = [across(label.x) + ax, down(label.y) + ay];
      return points.every((p) => Math.abs(p.x - x) > half + 5 || Math.abs(p.y - y) > lineHeight / 2 + 6);
    });
    const [ax, ay] = clear ?? free[0] ?? offsets[0];
    taken.push({ x: across(label.x) + ax, y: down(label.y) + ay, half });
    return { ...label, ax, ay };
  });
}

/** Placed labels as Plotly annotations, each with a thin line to its point. */
export function labelAnnotations(labels: readonly PlacedLabel[]): Record<string, unknown>[] {
  return labels.map((label) => ({
    ...label,
    showarrow: true,
    arrowhead: 0,
    arrowwidth: 1,
    arrowcolor: "#222222",
    font: { size: 12 },
    bgcolor: "rgba(255,255,255,0.78)",
    borderpad: 1,
  }));
}

/**
 * Moves places along a line apart as little as keeps their order, the least distance and the ends.
 *
 * @example spreadApart([10, 12], { least: 6, most: 100 }) // [10, 16]
 */
export function spreadApart(
  places: readonly number[],
  { least, most }: { readonly least: number; readonly most: number },
): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b] || a - b);
  const moved = [...places];
  order.forEach((i, rank) => {
    if (rank > 0) moved[i] = Math.max(moved[i], moved[order[rank - 1]] + least);
  });
  order.reverse().forEach((i, rank) => {
    moved[i] = Math.min(moved[i], rank === 0 ? most : moved[order[rank - 1]] - least);
  });
  return moved;
}
