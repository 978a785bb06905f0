import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Agent, AgentFactory } from "../agents/agent";
import { unavailableItems } from "../data/unavailableItems";
import type { NextItemModel } from "../encoders/nextItemModel";
import { changedLists } from "../evaluation/ranking/compare";
import { pairedInterval } from "../math/bootstrap";
import { random } from "../math/random";
import type { Reward } from "../replay/rewards";
import { valueBounds } from "../replay/transitions";
import { type Checkpoint, checkpoints, dropCheckpoints, writeCheckpoint } from "./checkpoint";
import type { ExperimentData } from "./experimentData";
import { discountOf, type ExperimentReplay, experimentReplay } from "./experimentReplay";
import { type Look, lookedAt, looker } from "./look";
import { problemOf } from "./problemOf";
import { type ProgressFile, readProgress, writeProgress } from "./progress";
import { type QueryRecommender, queryRecommender } from "./queryRecommender";
import { curveBook, meansBook, type RunRecord, type StepZeroComparison, verdictOf } from "./runRecord";
import type { Figures } from "./tracking";
import { runWarnings } from "./warnings";

/** How far a run is, with its newest figures. */
export interface ExperimentProgress {
  readonly step: number;
  readonly steps: number;
  readonly figures: Readonly<Record<string, number>>;
}

/** Everything a run is made of. Copy one, change a line, run it again. */
export interface Experiment {
  readonly data: ExperimentData;
  /** The trained next-item model: it gives states, item vectors and the actor's first weights. */
  readonly encoder: NextItemModel;
  /** (rating − 3) / 2 for ratings and 1 otherwise, unless given. */
  readonly reward?: Reward;
  readonly agent: AgentFactory;
  /** Settings of the agent that differ from its defaults. */
  readonly config?: object;
  /** Updates; 3,000 by default. */
  readonly steps?: number;
  /** 256 by default. */
  readonly batchSize?: number;
  readonly seed?: number;
  /** Updates between two looks at the validation users, and two checkpoints; a tenth of the steps by default. */
  readonly evaluateEvery?: number;
  readonly onProgress?: (progress: ExperimentProgress) => void;
  /** Hears every point of every curve. */
  readonly onFigures?: (figures: Figures) => void;
  /** Draw transitions uniformly (default) or by how much they surprised ("prioritised"). */
  readonly replay?: "uniform" | "prioritised";
  /**
   * Train the encoder along with the critics, reading so many entries before each state; absent: it is frozen,
   * and every state is computed once. Figures should say which.
   */
  readonly window?: number;
  /** [N] biases at retrieval, in logits; the encoder's own by default. */
  readonly bias?: Float32Array;
  /** Which step's actor is handed back: the "best" on validation (default), or the "last", where nothing was picked. */
  readonly handBack?: "best" | "last";
  /** Where checkpoints are kept; a temporary folder by default. A run found there is gone on with. */
  readonly checkpointFolder?: string;
}

/** A finished run: its record, and the actor of the chosen step, ready to be asked. */
export interface Run extends RunRecord {
  readonly trained: Agent;
  readonly recommender: QueryRecommender;
  dispose(): void;
}

/**
 * Learns offline from a log: states and rewards become transitions, the agent takes `steps` updates, the
 * validation users are looked at now and then, and the best step on them is kept, of those in which the actor
 * learned. Validation is for choosing only; figures to believe come from the test rows (`evaluate`).
 *
 * Every update draws its batch from a stream of its own (seed and step), so a run that goes on from a
 * checkpoint gives the same bytes as one that never stopped.
 *
 * @throws when a setting is out of range, or there is nothing to learn from.
 * @example const run = await runExperiment({ ...baseline, agent: ddpg, config: { discount: 0.9 } });
 */
export async function runExperiment(experiment: Experiment): Promise<Run> {
  const { data, encoder, steps = 3000, batchSize = 256, seed = 1, bias } = experiment;
  const { evaluateEvery = Math.max(1, Math.ceil(steps / 10)) } = experiment;
  if (
    !(Number.isSafeInteger(steps) && steps >= 0 && Number.isSafeInteger(evaluateEvery) && evaluateEvery >= 1)
  )
    throw new Error(
      `runExperiment requires whole steps and evaluateEvery, got ${steps} and ${evaluateEvery}`,
    );
  const draw = random(seed);
  const replay = experimentReplay(experiment);
  const { transitions } = replay;
  const bounds = boundsWithZero(transitions.rewards, discountOf(experiment));
  const problem = problemOf(encoder, draw.fork("agent"), {
    ...{ bounds, joint: experiment.window !== undefined },
    unavailable: unavailableItems(data.dataset.catalog),
  });
  const agent = experiment.agent(problem, experiment.config ?? {});
  const folder = experiment.checkpointFolder ?? (await mkdtemp(join(tmpdir(), "offshelf-run-")));
  const watched = data.validation && looker(encoder, data.validation, agent, bias);
  try {
    const start = watched?.look(agent);
    const from = await resume(folder, agent, replay);
    const book = curveBook(from?.curves);
    let [chosen, chosenNdcg] = [from?.chosenStep ?? 0, from?.chosenNdcg ?? -1];
    const note = (step: number, figures: Record<string, number>): void => {
      book.add(step, figures);
      experiment.onFigures?.({ step, ...figures });
    };
    const keep = async (step: number): Promise<Checkpoint> =>
      writeCheckpoint(folder, step, async (temporary) => {
        await agent.save(temporary);
        await replay.save(temporary);
        await writeProgress(temporary, { step, chosenStep: chosen, chosenNdcg, curves: book.curves });
      });
    if (from === undefined) {
      if (start) note(0, start.figures);
      await keep(0);
    }
    const means = meansBook();
    const logEvery = Math.max(1, Math.floor(evaluateEvery / 10));
    for (let step = (from?.step ?? 0) + 1; step <= steps; step++) {
      const batch = replay.sample(batchSize, draw.fork(`batch ${step}`), (step - 1) / steps);
      means.add(requireFinite(agent.learn(batch), step));
      batch.dispose();
      const looks = step % evaluateEvery === 0 || step === steps;
      if (!looks && step % logEvery !== 0) continue;
      const figures = { ...means.take(), ...(looks ? watched?.look(agent).figures : undefined) };
      note(step, figures);
      experiment.onProgress?.({ step, steps, figures });
      await setImmediate(); // lets progress reach the screen
      if (!looks) continue;
      const ndcg = figures.validationNdcg ?? step; // without validation users the last step is kept
      // Before an actor's first update every look sees step 0 again: that is no choice of the actor.
      const moved = step > warmUpOf(agent) || step === steps;
      if (moved && ndcg > chosenNdcg) [chosen, chosenNdcg] = [step, ndcg];
      await keep(step);
      await dropCheckpoints(folder, new Set([0, chosen]));
    }
    if (experiment.handBack === "last") chosen = steps;
    await loadStep(folder, chosen, agent);
    const stepZero = start && steps > 0 ? compareWith(start, watched!.look(agent), seed) : undefined;
    const recommender = queryRecommender(encoder, agent, bias === undefined ? {} : { bias });
    return {
      agent: agent.name,
      data: data.dataset.label,
      encoder: encoder.encoder.name,
      config: agent.config,
      seed,
      steps,
      batchSize,
      transitions: transitions.size,
      chosenStep: chosen,
      valueBounds: bounds,
      curves: book.curves,
      ...(stepZero === undefined ? {} : { stepZero }),
      warnings: runWarnings(data, book.curves),
      trained: agent,
      recommender,
      dispose() {
        recommender.dispose();
        agent.dispose();
      },
    };
  } catch (error) {
    agent.dispose();
    throw error;
  } finally {
    watched?.dispose();
    replay.dispose();
    if (experiment.checkpointFolder === undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** The run's record alone, as it is written to a file. */
export function recordOf(run: Run): RunRecord {
  const { trained: _agent, recommender: _recommender, dispose: _dispose, ...record } = run;
  return record;
}

/** Numbers that are none mean that learning has run away: going on would only hide it. */
function requireFinite(figures: Record<string, number>, step: number): Record<string, number> {
  for (const [name, value] of Object.entries(figures))
    if (!Number.isFinite(value))
      throw new Error(
        `runExperiment requires finite figures, got ${name} ${value} at step ${step}: learning diverged`,
      );
  return figures;
}

/** What any policy's value must lie within, and 0, where every critic starts. */
function boundsWithZero(rewards: Float32Array, discount: number): readonly [number, number] {
  const [low, high] = valueBounds(rewards, discount);
  return [Math.min(0, low), Math.max(0, high)];
}

/** Updates before the actor moves. */
function warmUpOf({ config }: Agent): number {
  const { warmUp } = config as { readonly warmUp?: unknown };
  return typeof warmUp === "number" ? warmUp : 0;
}

async function resume(
  folder: string,
  agent: Agent,
  replay: ExperimentReplay,
): Promise<ProgressFile | undefined> {
  const last = (await checkpoints(folder)).at(-1);
  if (last === undefined) return undefined;
  await agent.load(last.folder);
  await replay.restore(last.folder);
  return readProgress(last.folder);
}

async function loadStep(folder: string, step: number, agent: Agent): Promise<void> {
  const found = (await checkpoints(folder)).find((checkpoint) => checkpoint.step === step);
  if (found !== undefined) await agent.load(found.folder);
}

function compareWith(start: Look, chosen: Look, seed: number): StepZeroComparison {
  const difference = pairedInterval(chosen.ndcg, start.ndcg, random(seed).fork("step 0"));
  return {
    users: start.ndcg.length,
    k: lookedAt,
    start: start.figures.validationNdcg,
    chosen: chosen.figures.validationNdcg,
    difference,
    changedLists: changedLists(chosen.lists, start.lists, lookedAt),
    verdict: verdictOf(difference),
  };
}
