import { type SlateQConfig, slateQ } from "../agents/slateQ/slateQ";
import type { SlateRule } from "../agents/slateQ/slates";
import { meanOf } from "../math/mean";
import { type Random, random } from "../math/random";
import type { Environments } from "./environment";
import { type InterestEvolutionConfig, interestEvolution } from "./interestEvolution";
import { overSeeds } from "./overSeeds";
import { playWorld } from "./playWorld";
import { slateQPolicy } from "./slateQPolicy";
import { slateShapeOf, slateSteps } from "./slateSteps";
import type { WorldPolicy } from "./world";

/** A training, and the rules under which its slates are judged. */
export interface SlateQRun {
  /** The paper's, MYOP, SARSA, QL-TT, QL-GT, QL-OT, or another */
  readonly name: string;
  readonly settings: Partial<SlateQConfig>;
  readonly serves: readonly SlateRule[];
}

const everyRule = ["top-k", "greedy", "exact"] as const;
/** TS, GS and OS of the paper. */
const served = { "top-k": "TS", greedy: "GS", exact: "OS" } as const;

/** Section 7.1 of the paper, and what it leaves out of all pairs: a training by each rule, a serving by each. */
function paperRuns(settings: Partial<SlateQConfig>): SlateQRun[] {
  return [
    { name: "SARSA", settings: { ...settings, target: "logged" }, serves: everyRule },
    { name: "QL-TT", settings: { ...settings, target: "top-k" }, serves: everyRule },
    { name: "QL-GT", settings: { ...settings, target: "greedy" }, serves: everyRule },
    { name: "QL-OT", settings: { ...settings, target: "exact" }, serves: everyRule },
  ];
}

/**
 * The paper's variants at its discount, 1, with nothing after a slate that was passed over; the same at .998 with what
 * goes on after it; the discount's curve; and a network instead of a table.
 */
export const slateQRuns: readonly SlateQRun[] = [
  { name: "MYOP", settings: { discount: 0 }, serves: everyRule },
  ...paperRuns({ discount: 1, noClick: "zero" }),
  ...paperRuns({ discount: 0.998 }),
  ...[0.9, 0.97, 0.99].map(
    (discount): SlateQRun => ({ name: "QL-OT", settings: { discount }, serves: ["exact"] }),
  ),
  { name: "network QL-OT", settings: { discount: 0.998, values: "network" }, serves: everyRule },
];

/** One row of the table. */
export interface SlateQRow {
  readonly name: string;
  /** γ; none of what does not learn */
  readonly discount?: number;
  readonly noClick?: SlateQConfig["noClick"];
  /** minutes watched by a reader: mean over seeds, and its 95% interval by Student's t over seeds */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** mean quality of what was taken, as the paper reports it: readers felt it, the agent never saw it */
  readonly quality: number;
  /** of each seed */
  readonly returns: readonly number[];
}

export interface SlateQTrialOptions {
  /** Each with a log, an agent and readers of its own; 1 to 5 by default. */
  readonly seeds?: readonly number[];
  /** Readers of the log of random slates; 2,000 by default. */
  readonly readers?: number;
  /** Fresh readers that a policy is judged on, the same for all of a seed; 2,000 by default. */
  readonly judged?: number;
  /** logit by default, under which random slates earn what the paper reports. */
  readonly choice?: InterestEvolutionConfig["choice"];
  readonly runs?: readonly SlateQRun[];
  /** Changes to the settings of all runs. */
  readonly settings?: Partial<SlateQConfig>;
  /** Told how far it is. */
  readonly progress?: (done: string) => void;
}

/**
 * SlateQ in the world of its paper: trained offline on the sessions of readers with random slates, judged on fresh
 * ones. Beside it random slates, those likeliest to be taken, and those of the best topics, which no recommender knows.
 *
 * What five seeds gave, minutes a reader (random slates 159.4, the best topics 267.1), intervals of about 1:
 *
 *                                   TS      GS      OS     the paper
 *   MYOP                           167.0   166.9   166.8   166.3, 166.3
 *   γ 1, nothing after ⊥: SARSA    167.8   169.4   169.7   168.4, 172.1
 *                         QL-TT    168.2   170.0   170.1   168.4
 *                         QL-OT    168.1   170.1   170.1   169.0, 173.8, 174.6
 *   γ .998, ⊥ learned:    SARSA    236.5   251.8   252.2
 *                         QL-TT    255.8   259.1   258.8
 *                         QL-OT    255.9   259.2   259.0   (a network: 255.7, 261.4, 262.0)
 *   γ .9, .97, .99, .998, ⊥ learned, QL-OT-OS: 192.8, 234.2, 254.3, 259.0
 *
 * The paper's order comes back where a passed-over slate is worth 0. Its last rows are higher by 2 to 4 (there the
 * agent sees each document's quality, here its topic alone). What going on after ⊥ is worth is what makes a difference.
 *
 * @returns a row for each policy, in the order of the runs
 * @example slateQTrial({ seeds: [1, 2], runs: slateQRuns.slice(0, 1) }) // seconds; all of it some 12 minutes
 */
export function slateQTrial(options: SlateQTrialOptions = {}): SlateQRow[] {
  const { seeds = [1, 2, 3, 4, 5], readers = 2000, judged = 2000, choice = "logit" } = options;
  const { runs = slateQRuns, settings = {}, progress } = options;
  const world = interestEvolution({ choice });
  const shape = slateShapeOf(world, world.environments(1));
  type Told = Pick<SlateQRow, "name" | "discount" | "noClick">;
  const rows = new Map<string, { readonly told: Told; readonly judgements: Judgement[] }>();
  const note = (told: Told, judgement: Judgement): void => {
    const key = JSON.stringify(told);
    if (!rows.has(key)) rows.set(key, { told, judgements: [] });
    rows.get(key)?.judgements.push(judgement);
    progress?.(`${key} ${judgement.mean.toFixed(1)}`);
  };
  for (const seed of seeds) {
    const draw = random(seed);
    const judge = (policyOf: (environments: Environments) => WorldPolicy): Judgement => {
      const environments = world.environments(judged);
      return judgedBy(policyOf(environments), environments, draw.fork("judged"));
    };
    const logging = world.environments(readers);
    const log = slateSteps(world.policy("random", logging), logging, draw.fork("log"), shape);
    for (const name of ["random", "greedy", "topic-quality"])
      note(
        { name },
        judge((environments) => world.policy(name, environments)),
      );
    for (const run of runs) {
      const agent = slateQ({ shape, random: draw.fork("agent") }, { ...run.settings, ...settings });
      agent.train(log);
      const { discount, noClick } = agent.config;
      for (const serve of run.serves)
        note(
          { name: `${run.name}-${served[serve]}`, discount, noClick },
          judge(() => slateQPolicy(agent, { serve })),
        );
      agent.dispose();
    }
  }
  return [...rows.values()].map(({ told, judgements }) => rowOf(told, judgements));
}

interface Judgement {
  readonly mean: number;
  readonly quality: number;
}

function judgedBy(policy: WorldPolicy, environments: Environments, draw: Random): Judgement {
  const felt: number[] = [];
  const { returns } = playWorld(policy, environments, draw, {
    watch({ result: { info = {} }, live }) {
      const { clicked, qualities } = info;
      const slots = qualities.length / live.length;
      for (let i = 0; i < live.length; i++)
        if (live[i] === 1 && clicked[i] >= 0) felt.push(qualities[i * slots + clicked[i]]);
    },
  });
  return { mean: meanOf(returns), quality: meanOf(felt) };
}

function rowOf(told: Pick<SlateQRow, "name" | "discount" | "noClick">, judgements: Judgement[]): SlateQRow {
  const returns = judgements.map(({ mean }) => mean);
  const { mean, lower, upper } = overSeeds(returns);
  return {
    ...told,
    ...{ mean, low: lower, high: upper },
    quality: meanOf(judgements.map(({ quality }) => quality)),
    returns,
  };
}
