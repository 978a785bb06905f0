import { wholeSoftmax } from "../../encoders/candidates";
import type { Batch, Seen, Situation } from "../../replay/batch";
import { type Tensor1D, type Tensor2D, tf } from "../../tensors/tf";
import type { AgentProblem } from "../agent";
import { catalogueParts, unavailableOffsets } from "../catalogue";
import { likeliest, type SampleSizes } from "../itemSample";
import { project } from "../networks";
import { outOfReach, placed, placesOf, withAdded, withoutSeen } from "../situation";

/** Scores of all items [B, N], or of those in `rows` alone: int32 [B, K] → [B, K]. */
export type ScoresOf = (rows?: Tensor2D) => Tensor2D;

/** Scores of what may be chosen in each state; of what may not they are out of reach. */
export interface Choice {
  /** [B, K] of the items in `rows`, or [B, N] of all */
  readonly scores: Tensor2D;
  /** int32 [B, K] */
  readonly rows?: Tensor2D;
  /** [B, K] what the supervised head says of them, as it is served; without candidates it says nothing. */
  readonly logits?: Tensor2D;
}

export interface CandidateFilter {
  /** Of what may be chosen in states [B, S]. */
  choice(scoresOf: ScoresOf, states: Tensor2D, situation?: Situation): Choice;
  /** What it has to know of the next states as tensors. */
  prepared(batch: Batch): Partial<Batch>;
  dispose(): void;
}

/** int32 [B] the item with the largest score in each state. */
export function bestOf({ scores, rows }: Choice): Tensor1D {
  const best = scores.argMax(1) as Tensor1D;
  if (rows === undefined) return best;
  const places = tf().stack([tf().range(0, rows.shape[0], 1, "int32"), best.toInt()], 1);
  return tf().gatherND(rows, places) as Tensor1D;
}

/** What the supervised head ranks with. */
type Ranking = {
  kernel: Tensor2D;
  offset: Tensor1D;
  /** of the items that are looked at, and their scores' biases */
  vectors: Tensor2D;
  bias: Tensor1D;
  /** where not all are looked at: which they are, and int32 [N] the place of each item among them */
  rows?: Tensor1D;
  places?: Tensor1D;
};

/**
 * What may be chosen in a state: available items that the user has not seen and, with `candidates`,
 * of those only so many that the supervised head ranks first, by the served bias and with the logits added in the
 * state: the candidates of serving. They alone are scored then. Without a head all stay.
 *
 * Of a large catalogue the head ranks the items with the largest biases (`likeliest`); lists are made of all.
 *
 * @param wanted how many candidates, or null for all
 * @param options.needsLogits the head is asked even where all are candidates
 * @throws when there is no catalogue.
 */
export function candidateFilter(
  { catalogue, head, stateSize, actionSize, actionSpace = "unit" }: AgentProblem,
  wanted: number | null,
  { needsLogits = false, ...sizes }: SampleSizes & { readonly needsLogits?: boolean } = {},
): CandidateFilter {
  const { size, itemVectors, servedBias, temperature } = catalogueParts(
    "candidateFilter",
    catalogue,
    actionSize,
  );
  const prepared = ({ nextSeen, nextAdded }: Batch): Partial<Batch> => {
    const { seen, added } = placed({ seen: nextSeen, added: nextAdded });
    return { nextSeen: seen, nextAdded: added };
  };
  const unavailable = unavailableOffsets(catalogue, size);
  const candidates = Math.min(wanted ?? size, size);
  if ((candidates === size && !needsLogits) || head === undefined)
    return {
      choice: (scoresOf, _states, { seen } = {}) => ({
        scores: tf().tidy(() => withoutSeen(scoresOf().add(unavailable) as Tensor2D, seen)),
      }),
      prepared,
      dispose: () => unavailable.dispose(),
    };
  const whole = Math.max(candidates, sizes.whole ?? wholeSoftmax);
  const among = likeliest(servedBias, catalogue?.unavailable, { whole });
  const held = tf().tidy((): Ranking => {
    const vectors = tf().tensor2d(itemVectors, [size, actionSize]);
    const bias = tf().tensor1d(servedBias).mul(temperature).add(unavailable) as Tensor1D;
    const query = {
      kernel: tf().tensor2d(head.weights, [stateSize, actionSize]),
      offset: tf().tensor1d(head.bias),
    };
    if (among === undefined) return { ...query, vectors, bias };
    // One place more, out of reach, stands for all items that are not looked at.
    const rows = tf().tensor1d([...among.rows, 0], "int32");
    const last = tf().tensor1d([...among.rows, 0].map((_, i) => (i < among.rows.length ? 0 : outOfReach)));
    return {
      ...query,
      vectors: tf().gather(vectors, rows),
      bias: tf().gather(bias, rows).add(last) as Tensor1D,
      rows,
      places: tf().tensor1d(
        among.places.map((place) => (place < 0 ? among.rows.length : place)),
        "int32",
      ),
    };
  });
  /** Entries of items by the places at which they are looked at. */
  const looked = <E extends Seen>(entries: E | undefined): E | undefined => {
    if (entries === undefined || held.places === undefined) return entries;
    const [states, items] = tf().unstack(placesOf(entries), 1);
    return { ...entries, places: tf().stack([states, tf().gather(held.places, items)], 1) as Tensor2D };
  };
  return {
    choice: (scoresOf, states, { seen, added } = {}) =>
      tf().tidy(() => {
        const query = project(tf().matMul(states, held.kernel).add(held.offset) as Tensor2D, actionSpace);
        const likely = tf().matMul(query, held.vectors, false, true).add(held.bias) as Tensor2D;
        const open = withoutSeen(withAdded(likely, looked(added), temperature), looked(seen));
        const { values, indices } = tf().topk(open, candidates);
        const rows = (held.rows ? tf().gather(held.rows, indices) : indices) as Tensor2D;
        const scores = tf().where(values.greater(outOfReach / 2), scoresOf(rows), outOfReach) as Tensor2D;
        return { scores, rows, logits: values.div(temperature) as Tensor2D };
      }),
    prepared,
    dispose() {
      for (const tensor of [unavailable, ...Object.values(held)]) tensor.dispose();
    },
  };
}
