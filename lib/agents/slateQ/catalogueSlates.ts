/**
 * SlateQ over a catalogue: what follows a step is a slate, of which the reader takes one item. Ie et al. 2019 (see
 * `slateQ`), equation 20 with the top-K rule: of the items that may be shown the K with the largest v(s, i) (Q(s, i) − Q(s, ⊥))
 * are, and the value of what follows is Σ P(j | s, A) Q(s, j), P(j | s, A) = v(s, j) / Σ_A v(s, ·).
 *
 * Numbered differences: (1) v is the supervised model's own weight, exp(logit): it was fitted to what readers took; (2) a log
 * of what was taken says nothing of slates that were passed over, so P has no ⊥, and Q(s, ⊥) is the least value that
 * is possible, 0 where rewards are not negative, as in RecSim's agent.
 */
import { type Tensor2D, tf } from "../../tensors/tf";
import type { Choice } from "../actorCritic/candidateFilter";
import { outOfReach } from "../situation";

/** Gains below count as this, so that the logarithm is a number. */
export const leastGain = 1e-6;

/** Q(s, ⊥), and where values start so that all items are worth the same: half-way between what is possible. */
export function slateStart(bounds: readonly [number, number] | undefined): {
  readonly nothing: number;
  readonly start: number;
} {
  const [low, high] = bounds ?? [0, 2];
  return { nothing: low, start: (low + high) / 2 };
}

/** log v(s, i) (Q(s, i) − Q(s, ⊥)): what the top-K rule ranks by, as a logit of what is served. */
export function slateScore(logit: number, value: number, nothing: number): number {
  return logit + Math.log(Math.max(value - nothing, leastGain));
}

/**
 * Σ P(j | s, A) Q′(s, j) over the slate A of `slots` items with the largest v (Q − Q(⊥)). [B, 1]
 *
 * @param choice what may be shown, with Q by which slates are made
 * @param values [B, K] Q′ of the same items, by which slates are valued
 */
export function slateValues(
  { scores, logits }: Choice,
  values: Tensor2D,
  { slots, nothing }: { readonly slots: number; readonly nothing: number },
): Tensor2D {
  const open = scores.greater(outOfReach / 2);
  const liked = (
    logits === undefined
      ? tf().where(open, tf().zerosLike(scores), outOfReach)
      : tf().where(open, logits, outOfReach)
  ) as Tensor2D;
  const gains = scores.sub(nothing).maximum(leastGain);
  const ranked = liked.add(gains.log());
  const count = Math.min(slots, ranked.shape[1]!);
  const last = tf()
    .topk(ranked, count)
    .values.slice([0, count - 1], [-1, 1]);
  const shares = tf().softmax(tf().where(ranked.greaterEqual(last), liked, outOfReach) as Tensor2D);
  return shares.mul(values).sum(1, true) as Tensor2D;
}
