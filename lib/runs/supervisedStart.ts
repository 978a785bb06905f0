import { type Companion, companion, type LinkedModel } from "../baselines/companion";
import { ease } from "../baselines/ease";
import { itemKnn } from "../baselines/itemKnn";
import { sequenceRules } from "../baselines/sequenceRules";
import { feedbackOf } from "../data/feedback";
import type { NextItemModel } from "../encoders/nextItemModel";
import { type RecentPopularitySetting, recentPopularityBias } from "../encoders/recentPopularityBias";
import type { RunConfig } from "../settings/runConfig";
import type { PreparedData } from "./preparedData";

/**
 * The ranking that every actor starts from and that `next-item` serves: the model's q·v/T, with biases b that may
 * hold recent popularity, and with what linear item–item models add to a few items of each state.
 */
export interface SupervisedStart {
  /** b [N], in logits */
  readonly bias: Float32Array;
  readonly companion?: Companion;
}

/** How a start is put together: what is kept in a run folder, since all of it can be fitted again. */
export interface StartChoice {
  /** Biases, of which the mean by share is taken; strength 0 and own 1 is the model's own. Shares sum to 1. */
  readonly biases: readonly (RecentPopularitySetting & { readonly share: number })[];
  /** Linear models that count, each with its weight in logits and the weight of an entry for each step back. */
  readonly companion: Readonly<
    Partial<Record<LinkedName, { readonly weight: number; readonly recency: number }>>
  >;
}

export const linkedNames = ["item-knn", "ease", "sequence-rules", "forward-rules"] as const;
export type LinkedName = (typeof linkedNames)[number];

/** Linear models by name, without what is chosen of them. */
export type LinkedModels = Readonly<Partial<Record<LinkedName, Omit<LinkedModel, "recency" | "weight">>>>;

/** The model as it is: no recent popularity, no companion. */
export const plainStart: StartChoice = {
  biases: [{ window: 1, strength: 0, own: 1, share: 1 }],
  companion: {},
};

/** Whether a start is the model as it is. */
export function isPlain({ biases, companion: beside }: StartChoice): boolean {
  return Object.keys(beside).length === 0 && biases.every(({ strength, own }) => strength === 0 && own === 1);
}

/** A start in a sentence. */
export function startText({ biases, companion: beside }: StartChoice): string {
  const popular = biases.filter(({ strength }) => strength > 0).sort((a, b) => b.share - a.share);
  const parts = popular.length === 0 ? [] : [`recent popularity (${biasText(popular)})`];
  const models = Object.entries(beside).map(([name, { weight }]) => `${name} ${weight.toFixed(2)}`);
  if (models.length > 0) parts.push(`linear item–item models (by weight: ${models.join(", ")})`);
  return parts.length === 0
    ? "The next-item model's own ranking is served, nothing beside it."
    : `Served beside the next-item model, chosen on validation: ${parts.join(" and ")}.`;
}

function biasText([first, ...others]: StartChoice["biases"]): string {
  const { window, strength } = first;
  const most = `the last ${window.toLocaleString("en-US")} rows to the power of ${strength}`;
  return others.length === 0 ? most : `mostly ${most}, a mean of ${others.length + 1} settings`;
}

/**
 * Puts a start together from the rows that may be learned from.
 *
 * @param options.minimumWeight rows below it are no positives
 * @param options.linked the linear models, where they are fitted already
 */
export function supervisedStart(
  choice: StartChoice,
  model: Pick<NextItemModel, "itemBias">,
  data: Pick<PreparedData, "dataset" | "rows"> & Partial<Pick<PreparedData, "repeats">>,
  options: { readonly minimumWeight?: number; readonly linked?: LinkedModels } = {},
): SupervisedStart {
  const { minimumWeight } = options;
  const bias = meanBias(choice.biases, model, data, minimumWeight);
  if (Object.keys(choice.companion).length === 0) return { bias };
  const linked = options.linked ?? linkedModels(data, minimumWeight);
  const models = linkedNames.flatMap((name): LinkedModel[] => {
    const chosen = choice.companion[name];
    const known = chosen && linked[name]; // fitted only where it was chosen
    return known === undefined || chosen === undefined ? [] : [{ ...known, ...chosen }];
  });
  return { bias, companion: companion(models, { repeats: data.repeats }) };
}

/** b [N]: the mean of several biases by share. */
export function meanBias(
  biases: StartChoice["biases"],
  model: Pick<NextItemModel, "itemBias">,
  { dataset, rows }: Pick<PreparedData, "dataset" | "rows">,
  minimumWeight?: number,
): Float32Array {
  const counted = minimumWeight === undefined ? {} : { minimumWeight };
  const sum = new Float64Array(model.itemBias.length);
  for (const { share, ...setting } of biases) {
    const bias =
      setting.strength === 0 && setting.own === 1
        ? model.itemBias
        : recentPopularityBias(model, dataset.interactions, rows, { ...setting, ...counted });
    for (let item = 0; item < sum.length; item++) sum[item] += share * bias[item];
  }
  return Float32Array.from(sum);
}

/**
 * Whether EASE is worth its time and memory: it inverts a matrix of users or items, whichever are fewer, holds a
 * number for each user and item, and looks at every row for each item to find its largest weights.
 */
function easeFits(users: number, items: number, rows: number): boolean {
  return Math.min(users, items) <= 6000 && users * items <= 6e7 && items * (rows + items) <= 5e9;
}

/**
 * The companion's models, with settings that nobody chose for a log: item-kNN with 100 neighbours and a shrinkage of
 * 10, EASE with λ = 200 and each item's 200 largest weights (left out on large logs), sequence rules as they are and
 * without their backward half. Each is fitted when it is first asked for. What matters most, how fast the past loses weight, is chosen (`chooseStart`). Where no
 * row is positive, all are.
 */
export function linkedModels(
  { dataset, rows }: Pick<PreparedData, "dataset" | "rows">,
  minimumWeight = Number.NEGATIVE_INFINITY,
): LinkedModels {
  const { interactions } = dataset;
  const some = rows.some((row) => interactions.weights[row] >= minimumWeight);
  const positives = some && Number.isFinite(minimumWeight) ? { positiveAt: minimumWeight } : {};
  const fits = easeFits(interactions.userIds.length, interactions.itemIds.length, rows.length);
  const knn = once(() => itemKnn(interactions, rows, { ...positives, neighbours: 100, shrinkage: 10 }).links);
  const linear = once(() => ease(interactions, rows, { ...positives, regularisation: 200 }).links(200));
  const rules = once(() => sequenceRules(interactions, rows).links);
  const forward = once(() => sequenceRules(interactions, rows, { backward: 0 }).links);
  return {
    get "item-knn"() {
      return { links: knn(), ...positives };
    },
    get ease() {
      return fits ? { links: linear(), ...positives } : undefined;
    },
    get "sequence-rules"() {
      return { links: rules() };
    },
    get "forward-rules"() {
      return { links: forward() };
    },
  };
}

/** What is made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The weight from which a row is positive: as relevance says, and any row where it says nothing. */
export function minimumWeight(
  config: Pick<RunConfig, "relevantAt" | "protocol">,
  data: Pick<PreparedData, "dataset">,
): number | undefined {
  if (config.relevantAt !== null) return config.relevantAt;
  if (config.protocol !== "temporal") return undefined;
  return feedbackOf(data.dataset.interactions).relevantAt ?? Number.MIN_VALUE; // any weight above 0
}
