import { type Random, random } from "../../math/random";
import type { SumStatistic } from "../../math/sumStatistic";
import { slateColumns } from "../../worlds/slateLog";
import {
  allSlates,
  independentSlotsPolicy,
  plackettLucePolicy,
  type SlatePolicy,
  slateProbability,
} from "../../worlds/slatePolicies";
import type { SlateWorld } from "../../worlds/slateWorld";
import { loggedRounds } from "../bandit/loggedRounds";
import { type LoggedSlates, loggedSlates } from "./slateRounds";

/** Every slate that a policy could have logged, once, with its mean clicks and its exact chance; for tests alone. */
export interface EverySlate {
  readonly rows: readonly { readonly context: number; readonly slate: Int32Array; readonly chance: number }[];
  readonly columns: ReturnType<typeof slateColumns>;
  /** The slates; `changed` columns take the place of the exact ones, `marginals` go in where they are asked for. */
  slates(changed?: Changed): LoggedSlates;
  /** Expectation of a statistic's terms over the log: what its sums tend to a slate. */
  expectation(statistic: SumStatistic): Float64Array;
  /** Variance of a statistic's first term, one slate drawn. */
  variance(statistic: SumStatistic): number;
  /** What the statistic tends to on an endless log. */
  limit(statistic: SumStatistic): number;
}

interface Changed {
  readonly propensities?: Float64Array;
  readonly model?: { readonly logged: Float64Array; readonly expected: Float64Array };
  readonly marginals?: boolean;
  readonly slotWeights?: Float64Array;
}

export function everySlate(
  world: SlateWorld,
  policies: { readonly logging: SlatePolicy; readonly target: SlatePolicy },
): EverySlate {
  const rows = Array.from({ length: world.contexts }, (_, context) =>
    allSlates(world.items, world.slots).map((slate) => ({
      context,
      slate,
      chance: slateProbability(policies.logging, context, slate) / world.contexts,
    })),
  )
    .flat()
    .filter(({ chance }) => chance > 0);
  const rewards = Float64Array.from(
    rows.flatMap(({ context, slate }) => [...world.clickChances(context, slate)]),
  );
  const log = {
    size: rows.length,
    contexts: Int32Array.from(rows, (row) => row.context),
    slates: rows.map((row) => row.slate),
    rewards,
  };
  const columns = slateColumns(world, log, policies);
  const mean = (term: Float64Array): number => rows.reduce((sum, { chance }, i) => sum + chance * term[i], 0);
  const expectation: EverySlate["expectation"] = ({ terms }) => Float64Array.from(terms, mean);
  return {
    rows,
    columns,
    slates({ propensities, model = columns.model, marginals = false, slotWeights } = {}) {
      const { targetProbabilities, offsets } = columns;
      const slots = loggedRounds({
        ...{ rewards, targetProbabilities, model, propensities: propensities ?? columns.propensities },
      });
      return loggedSlates(slots, offsets, {
        ...(marginals && { marginals: columns.marginals }),
        ...(slotWeights && { slotWeights }),
      });
    },
    expectation,
    variance: ({ terms: [term] }) => mean(term.map((value) => value * value)) - mean(term) ** 2,
    limit: (statistic) => statistic.of(expectation(statistic), 1),
  };
}

/** Two policies of a kind, the target sharper than the log's. */
export function twoPolicies(
  kind: "without replacement" | "independent slots",
  { contexts, items, slots }: Pick<SlateWorld, "contexts" | "items" | "slots">,
  draw: Random = random(3),
): { readonly logging: SlatePolicy; readonly target: SlatePolicy } {
  const logits = (spread: number): Float64Array =>
    Float64Array.from({ length: items }, () => spread * draw.normal());
  const chances = (spread: number): Float64Array => {
    const weights = logits(spread).map(Math.exp);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  };
  const policy = (spread: number): SlatePolicy =>
    kind === "without replacement"
      ? plackettLucePolicy(Array.from({ length: contexts }, () => logits(spread)))
      : independentSlotsPolicy(
          Array.from({ length: contexts }, () => Array.from({ length: slots }, () => chances(spread))),
        );
  return { logging: policy(0.5), target: policy(1) };
}
