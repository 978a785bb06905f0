import type { Histories } from "../data/histories";
import type { Random } from "../math/random";
import { exactIndex } from "../retrieval/exactIndex";
import { leftOut, type Recommender } from "../retrieval/recommender";
import { gramOf, solvePositive } from "./linearSystems";

export interface ImplicitAlsOptions {
  /** F: numbers in a vector. */
  readonly factors: number;
  /** λ > 0: weight of the squared lengths of the vectors. */
  readonly regularization: number;
  /** α > 0: an observed pair counts 1 + α times as much as one that was not observed. */
  readonly confidence: number;
  /** Passes over users and items. */
  readonly iterations: number;
  /** Entries below this rating or weight are left out. */
  readonly minimumWeight: number;
  /**
   * "exact": each row's equations are solved (Cholesky). "conjugate gradient": three steps from where the row
   * stands (Takács, Pilászy and Tikk 2011), several times as fast and nearly as good.
   */
  readonly solver: "exact" | "conjugate gradient";
}

const implicitAlsDefaults: ImplicitAlsOptions = {
  factors: 64,
  regularization: 10,
  confidence: 9,
  iterations: 15,
  minimumWeight: Number.NEGATIVE_INFINITY,
  solver: "conjugate gradient",
};

export interface ImplicitAls {
  readonly options: ImplicitAlsOptions;
  /** [N × F] */
  readonly itemVectors: Float32Array;
  /** [histories × F] vectors of the users it was fitted on */
  readonly userVectors: Float32Array;
  /** The objective after each pass, falling. */
  readonly objective: readonly number[];
  /** [n × F] the best vectors of any users for these items; zeros for an empty history. */
  foldIn(histories: Histories): Float32Array;
  recommender(): Recommender;
}

/** Who is joined to whom: row r holds columns ids[offsets[r]] .. ids[offsets[r + 1]]. */
interface Links {
  readonly offsets: Int32Array;
  readonly ids: Int32Array;
}

/**
 * Matrix factorisation for implicit feedback by alternating least squares (Hu, Koren and Volinsky 2008,
 * equations 3-5): minimises Σ c (p − x·y)² + λ (Σ‖x‖² + Σ‖y‖²) over all user-item pairs, with p = 1 and
 * c = 1 + α where the user has the item, p = 0 and c = 1 elsewhere.
 *
 * @param histories one a user; an item that comes twice counts once
 * @param items N
 * @throws when a setting is out of range or nothing is left to learn from.
 * @example implicitAls(historiesOf(interactions, split.train), catalog.size, random(1), { minimumWeight: 4 })
 */
export function implicitAls(
  histories: Histories,
  items: number,
  random: Random,
  changes: Partial<ImplicitAlsOptions> = {},
): ImplicitAls {
  const options = { ...implicitAlsDefaults, ...changes };
  requireOptions(options);
  const { factors, iterations, minimumWeight, solver } = options;
  const byUser = linksOf(histories, minimumWeight);
  if (byUser.ids.length === 0) throw new Error("implicitAls requires at least one entry, got none");
  const byItem = transposedLinks(byUser, items);
  const users = new Float64Array(histories.size * factors);
  const vectors = Float64Array.from({ length: items * factors }, () => 0.1 * random.normal());
  const objective: number[] = [];
  for (let pass = 0; pass < iterations; pass++) {
    solveRows(users, byUser, vectors, options, solver);
    solveRows(vectors, byItem, users, options, solver);
    objective.push(objectiveOf(users, vectors, byUser, options));
  }
  const itemVectors = Float32Array.from(vectors);
  const foldIn = (others: Histories): Float32Array => {
    const folded = new Float64Array(others.size * factors);
    solveRows(folded, linksOf(others, minimumWeight), vectors, options, "exact");
    return Float32Array.from(folded);
  };
  return {
    options,
    itemVectors,
    userVectors: Float32Array.from(users),
    objective,
    foldIn,
    recommender() {
      const index = exactIndex(itemVectors, factors);
      return {
        name: `iALS ${factors}`,
        recommend: (others, k, options) => index.search(foldIn(others), k, leftOut(others, options)),
      };
    },
  };
}

function requireOptions(options: ImplicitAlsOptions): void {
  for (const name of Object.keys(options))
    if (!(name in implicitAlsDefaults)) throw new Error(`implicitAls requires known options, got "${name}"`);
  for (const name of ["factors", "iterations"] as const)
    if (!(Number.isSafeInteger(options[name]) && options[name] >= 1))
      throw new Error(`implicitAls requires ${name} of at least 1, got ${options[name]}`);
  for (const name of ["regularization", "confidence"] as const)
    if (!(options[name] > 0 && Number.isFinite(options[name])))
      throw new Error(`implicitAls requires ${name} above 0, got ${options[name]}`);
  if (options.solver !== "exact" && options.solver !== "conjugate gradient")
    throw new Error(`implicitAls requires solver exact or conjugate gradient, got "${options.solver}"`);
}

function linksOf(histories: Histories, minimumWeight: number): Links {
  const offsets = new Int32Array(histories.size + 1);
  const ids = new Int32Array(histories.items.length);
  let count = 0;
  for (let user = 0; user < histories.size; user++) {
    const mine = new Set<number>();
    for (let e = histories.offsets[user]; e < histories.offsets[user + 1]; e++)
      if (histories.weights[e] >= minimumWeight) mine.add(histories.items[e]);
    for (const item of mine) ids[count++] = item;
    offsets[user + 1] = count;
  }
  return { offsets, ids: ids.subarray(0, count) };
}

function transposedLinks(links: Links, rows: number): Links {
  const offsets = new Int32Array(rows + 1);
  for (const id of links.ids) offsets[id + 1]++;
  for (let row = 0; row < rows; row++) offsets[row + 1] += offsets[row];
  const next = offsets.slice();
  const ids = new Int32Array(links.ids.length);
  for (let row = 0; row + 1 < links.offsets.length; row++)
    for (let e = links.offsets[row]; e < links.offsets[row + 1]; e++) ids[next[links.ids[e]]++] = row;
  return { offsets, ids };
}

/** One half of a pass: the best row vectors for fixed `others`, (YᵀCY + λI) x = YᵀCp for each row. */
function solveRows(
  rows: Float64Array,
  links: Links,
  others: Float64Array,
  { factors, regularization, confidence }: ImplicitAlsOptions,
  solver: ImplicitAlsOptions["solver"],
): void {
  const base = gramOf(others, factors);
  for (let i = 0; i < factors; i++) base[i * factors + i] += regularization;
  const matrix = new Float64Array(factors * factors);
  const b = new Float64Array(factors);
  const steps = conjugateGradient(base, others, factors, confidence);
  for (let row = 0; row + 1 < links.offsets.length; row++) {
    const mine = links.ids.subarray(links.offsets[row], links.offsets[row + 1]);
    const x = rows.subarray(row * factors, (row + 1) * factors);
    b.fill(0);
    for (const id of mine)
      for (let i = 0; i < factors; i++) b[i] += (1 + confidence) * others[id * factors + i];
    if (mine.length === 0) x.fill(0);
    else if (solver === "conjugate gradient") steps(x, b, mine, 3);
    else {
      matrix.set(base);
      for (const id of mine)
        for (let i = 0; i < factors; i++) {
          const value = confidence * others[id * factors + i];
          for (let j = 0; j <= i; j++) matrix[i * factors + j] += value * others[id * factors + j];
        }
      solvePositive(matrix, b, factors);
      x.set(b);
    }
  }
}

/** Conjugate gradient on (base + α Σ y yᵀ) x = b without ever forming that matrix. */
function conjugateGradient(base: Float64Array, others: Float64Array, factors: number, confidence: number) {
  const residual = new Float64Array(factors);
  const direction = new Float64Array(factors);
  const image = new Float64Array(factors);
  const multiply = (x: Float64Array, mine: Int32Array): void => {
    for (let i = 0; i < factors; i++) {
      let sum = 0;
      for (let j = 0; j < factors; j++) sum += base[i * factors + j] * x[j];
      image[i] = sum;
    }
    for (const id of mine) {
      let product = 0;
      for (let i = 0; i < factors; i++) product += others[id * factors + i] * x[i];
      product *= confidence;
      for (let i = 0; i < factors; i++) image[i] += product * others[id * factors + i];
    }
  };
  return (x: Float64Array, b: Float64Array, mine: Int32Array, steps: number): void => {
    multiply(x, mine);
    let squared = 0;
    for (let i = 0; i < factors; i++) {
      residual[i] = direction[i] = b[i] - image[i];
      squared += residual[i] ** 2;
    }
    for (let step = 0; step < steps && squared > 1e-20; step++) {
      multiply(direction, mine);
      let curvature = 0;
      for (let i = 0; i < factors; i++) curvature += direction[i] * image[i];
      const length = squared / curvature;
      let next = 0;
      for (let i = 0; i < factors; i++) {
        x[i] += length * direction[i];
        residual[i] -= length * image[i];
        next += residual[i] ** 2;
      }
      for (let i = 0; i < factors; i++) direction[i] = residual[i] + (next / squared) * direction[i];
      squared = next;
    }
  };
}

/** The whole objective; the sum over all pairs is the trace of (XᵀX)(YᵀY), so no pair is visited for it. */
function objectiveOf(
  users: Float64Array,
  items: Float64Array,
  byUser: Links,
  { factors, regularization, confidence }: ImplicitAlsOptions,
): number {
  const [left, right] = [gramOf(users, factors), gramOf(items, factors)];
  let total = 0;
  for (let i = 0; i < left.length; i++) total += left[i] * right[i];
  for (let i = 0; i < factors; i++)
    total += regularization * (left[i * (factors + 1)] + right[i * (factors + 1)]);
  for (let user = 0; user + 1 < byUser.offsets.length; user++)
    for (let e = byUser.offsets[user]; e < byUser.offsets[user + 1]; e++) {
      let score = 0;
      for (let i = 0; i < factors; i++)
        score += users[user * factors + i] * items[byUser.ids[e] * factors + i];
      total += (1 + confidence) * (1 - score) ** 2 - score ** 2;
    }
  return total;
}
