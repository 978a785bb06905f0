import { setImmediate } from "node:timers/promises";
import type { Agent, AgentFactory, AgentProblem } from "../agents/agent";
import { parseSettings } from "../data/settings";
import type { NextItemModel } from "../encoders/nextItemModel";
import { inNotebook } from "../figures/cell";
import { progressBar } from "../figures/progressBar";
import { watchTraining } from "../figures/watchTraining";
import type { Recommender } from "../retrieval/recommender";
import { agentEntry } from "../settings/agents";
import { cachedRun } from "./cachedRun";
import type { PreparedData } from "./preparedData";
import { type QueryRecommender, queryRecommender } from "./queryRecommender";
import type { RunSpec } from "./runSpec";
import { figuresText } from "./tracking";
import { type Run, trainSpec } from "./trainSpec";

/** Makes agents: one of ours, or a function written in a cell. */
export type AnyAgent = (problem: AgentProblem, settings: never) => Agent;

/** What an agent can be told; of one that is named, whatever it has. */
export type SettingsOf<A> = A extends AnyAgent ? Parameters<A>[1] : object;

export interface TrainOptions<Settings>
  extends Partial<Omit<RunSpec, "data" | "model" | "agent" | "config">> {
  readonly data: PreparedData;
  readonly model: NextItemModel;
  /** Settings of the agent that differ from its defaults. */
  readonly settings?: Settings;
  /** What tables call it; the agent's own name by default. */
  readonly name?: string;
  /** Keep it in data/cache and take it from there when the same is trained again; see `cachedRun`. Off by default. */
  readonly cache?: boolean;
  /**
   * Draw loss, Q against its bounds and validation NDCG below the cell while it learns: one figure, updated in place. With a
   * name its last state is also saved under it. Off by default; in a terminal nothing is drawn.
   */
  readonly watch?: boolean | string;
}

/** A finished run that recommends, beside what it started as. */
export interface TrainedRun extends Run, Recommender {
  readonly name: string;
  /** The same actor before its first update. */
  readonly start: QueryRecommender;
}

/**
 * Trains an agent on logged data, with a progress bar: one model under one seed.
 *
 * @param agent a factory, one's own or one of ours (`td3`: plain, as its file says), or a name of the command line (`"td3-bc"`: with
 *   the settings that `npm run train` gives it)
 * @throws on unknown or bad settings by name, or where there is nothing to learn from.
 * @example const run = await train(td3, { data, model, settings: { policyDelay: 2 }, steps: 3000, seed: 1 });
 */
export async function train<A extends string | AnyAgent>(
  agent: A,
  options: TrainOptions<SettingsOf<A>>,
): Promise<TrainedRun> {
  const { model, settings, cache = false, watch = false, name: given, ...rest } = options;
  const { factory, config, called } = factoryOf(agent, (settings ?? {}) as Record<string, unknown>);
  const name = given ?? called;
  const title = name ?? (agent as AnyAgent).name;
  const progress = progressBar(title);
  const picture = watch === false ? undefined : await pictureOf(title, options, watch);
  const spec: RunSpec = {
    onProgress: ({ step, steps, figures }) => progress.update(step, steps, figuresText(figures)),
    ...rest,
    model,
    agent: factory,
    config,
  };
  const made = picture === undefined ? spec : picture.watching(spec);
  const run = await (cache ? cachedRun(made) : trainSpec(made))
    .catch(async (error: unknown) => {
      await picture?.end(); // how far it came stays to be seen
      throw error;
    })
    .finally(() => picture?.leave());
  progress.end();
  await picture?.end(run);
  for (const warning of run.warnings) console.warn(`${name ?? run.agent}: ${warning}`);
  const { bias, companion } = options;
  const start = queryRecommender(model, undefined, {
    name: "step 0",
    ...(bias && { bias }),
    ...(companion && { companion }),
    repeats: options.data.repeats,
  });
  return {
    ...run,
    name: name ?? run.agent,
    start,
    recommend: (histories, k, search) => run.recommender.recommend(histories, k, search),
    dispose() {
      run.dispose();
      start.dispose();
    },
  };
}

/** What a watched run is told to do beside learning. */
async function pictureOf(
  title: string,
  { data, steps = 3000, seed }: Pick<RunSpec, "data"> & { readonly steps?: number; readonly seed?: number },
  watch: boolean | string,
) {
  const picture = watchTraining({
    ...{ name: title, steps },
    dataset: seed === undefined ? data.dataset.label : `${data.dataset.label}, seed ${seed}`,
    ...(typeof watch === "string" && { saveAs: watch }),
  });
  // While a cell's first piece runs, Node has taken the kernel's listeners away, and afterwards it would forget the signal
  // of one that was added meanwhile: the kernel would end with the next interrupt.
  await setImmediate();
  // An interrupted cell ends at once; what it awaited would go on behind its back.
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
  };
  if (inNotebook()) process.on("SIGINT", interrupt);
  return {
    watching: (spec: RunSpec): RunSpec => ({
      ...spec,
      onFigures(figures) {
        const { step, ...rest } = figures;
        picture.add(step, rest);
        spec.onFigures?.(figures);
      },
      onProgress(progress) {
        picture.bounded(progress.valueBounds);
        spec.onProgress?.(progress);
        if (interrupted) throw new Error(`train was interrupted at step ${progress.step}`);
      },
    }),
    leave: () => void process.off("SIGINT", interrupt),
    end(run?: Run): Promise<void> {
      if (run !== undefined) picture.bounded(run.valueBounds);
      return picture.end(run?.curves);
    },
  };
}

function factoryOf(
  agent: string | AnyAgent,
  settings: Record<string, unknown>,
): { readonly factory: AgentFactory; readonly config: object; readonly called?: string } {
  if (typeof agent !== "string") return { factory: agent as AgentFactory, config: settings };
  const entry = agentEntry(agent);
  if (entry.kind !== "actor-critic")
    throw new Error(
      `train requires an agent that learns by updates, got "${agent}": ${
        entry.kind === "classic"
          ? `npm run train -- --agent ${agent} trains it`
          : "see baselines and nextItem"
      }`,
    );
  const config = parseSettings(agent, entry.settings, settings);
  return { factory: (problem, own) => entry.factory(problem, own), config, called: entry.name };
}
