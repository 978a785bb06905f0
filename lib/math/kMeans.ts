import type { Random } from "./random";

/** Points gathered around centres. */
export interface Clusters {
  /** [k × W] */
  readonly centroids: Float64Array;
  /** [n] cluster of each point */
  readonly assignments: Int32Array;
  /** Mean squared distance of a point to its centroid. */
  readonly spread: number;
}

/**
 * k-means by Lloyd's iteration (Lloyd 1982) from k-means++ starts (Arthur and Vassilvitskii 2007: each further
 * start is drawn with chance proportional to the squared distance from those before). A cluster that loses all
 * its points keeps its centroid. Distances are Euclidean; ties go to the smaller cluster.
 *
 * @param points [n × W], row by row
 * @param options.k at most so many clusters; fewer where there are fewer distinct points
 * @throws when there is no point, or a setting is out of range.
 * @example kMeans(Float32Array.of(0, 1, 10, 11), random(1), { width: 1, k: 2 }).spread // .25
 */
export function kMeans(
  points: ArrayLike<number>,
  random: Random,
  options: { readonly width: number; readonly k: number; readonly iterations?: number },
): Clusters {
  const { width, k, iterations = 25 } = options;
  if (!(Number.isSafeInteger(width) && width >= 1 && points.length > 0 && points.length % width === 0))
    throw new Error(`kMeans requires points of ${width} numbers each, got ${points.length} numbers`);
  if (!(Number.isSafeInteger(k) && k >= 1)) throw new Error(`kMeans requires at least 1 cluster, got ${k}`);
  const n = points.length / width;
  const centroids = starts(points, random, { width, k });
  const count = centroids.length / width;
  const assignments = new Int32Array(n).fill(-1);
  let spread = 0;
  for (let pass = 0; pass <= iterations; pass++) {
    let changed = 0;
    spread = 0;
    for (let point = 0; point < n; point++) {
      let [best, least] = [0, Number.POSITIVE_INFINITY];
      for (let cluster = 0; cluster < count; cluster++) {
        const distance = squaredDistance(points, point * width, centroids, cluster * width, width);
        if (distance < least) [best, least] = [cluster, distance];
      }
      if (assignments[point] !== best) changed++;
      assignments[point] = best;
      spread += least / n;
    }
    if (changed === 0 || pass === iterations) break;
    const sizes = new Float64Array(count);
    const sums = new Float64Array(centroids.length);
    for (let point = 0; point < n; point++) {
      const to = assignments[point] * width;
      sizes[assignments[point]]++;
      for (let w = 0; w < width; w++) sums[to + w] += points[point * width + w];
    }
    for (let at = 0; at < sums.length; at++) {
      const size = sizes[Math.floor(at / width)];
      if (size > 0) centroids[at] = sums[at] / size;
    }
  }
  return { centroids, assignments, spread };
}

function starts(
  points: ArrayLike<number>,
  random: Random,
  { width, k }: { width: number; k: number },
): Float64Array {
  const n = points.length / width;
  const chosen = [random.integer(n)];
  const nearest = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  while (chosen.length < k) {
    let total = 0;
    for (let point = 0; point < n; point++) {
      const distance = squaredDistance(points, point * width, points, chosen.at(-1)! * width, width);
      nearest[point] = Math.min(nearest[point], distance);
      total += nearest[point];
    }
    if (!(total > 0)) break; // every point is a start already
    let left = random.next() * total;
    let drawn = -1;
    for (let point = 0; point < n && left >= 0; point++)
      if (nearest[point] > 0) {
        left -= nearest[point];
        drawn = point;
      }
    chosen.push(drawn);
  }
  return Float64Array.from(
    chosen.flatMap((point) => Array.from({ length: width }, (_, w) => points[point * width + w])),
  );
}

function squaredDistance(
  a: ArrayLike<number>,
  from: number,
  b: ArrayLike<number>,
  to: number,
  width: number,
): number {
  let sum = 0;
  for (let w = 0; w < width; w++) sum += (a[from + w] - b[to + w]) ** 2;
  return sum;
}
