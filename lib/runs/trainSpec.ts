import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Agent } from "../agents/agent";
import { InputError } from "../data/inputError";
import { unavailableItems } from "../data/unavailableItems";
import { pairedInterval } from "../math/bootstrap";
import { meanOf } from "../math/mean";
import { random } from "../math/random";
import { changedLists } from "../metrics/changedLists";
import { valueBounds } from "../replay/transitions";
import { type Keep, keepWays } from "../settings/runConfig";
import {
  checkpoints,
  dropCheckpoints,
  type Progress,
  readProgress,
  writeCheckpoint,
  writeProgress,
} from "./checkpoint";
import { chosenByOthers, keptStep, type ValidatedStep } from "./keptStep";
import { problemOf } from "./problemOf";
import { type QueryRecommender, queryRecommender } from "./queryRecommender";
import { resumePoint } from "./resumePoint";
import { curveBook, meansBook, type RunRecord, type StepZeroComparison, stepZeroVerdict } from "./runRecord";
import { type RunReplay, runReplay } from "./runReplay";
import { discountOf, type RunSpec } from "./runSpec";
import { reasonOf, Stopped } from "./stopped";
import { type ValidationResult, validationLength, validator } from "./validator";
import { alarmBetween, runWarnings, stillActor } from "./warnings";

/** A finished run: its record, and the actor of the chosen step, ready to recommend. */
export interface Run extends RunRecord {
  readonly trained: Agent;
  readonly recommender: QueryRecommender;
  dispose(): void;
}

/**
 * Learns offline from a log: states and rewards become transitions, the agent takes `steps` updates, the
 * actor is validated now and then, and a step is kept by what they show (`keptStep`). Validation is
 * for choosing only; figures to believe come from the test rows (`evaluate`). What the record says of step 0 is
 * measured on validation users that did not choose.
 *
 * Every update draws its batch from a stream of its own (seed and step), so a run that continues from a
 * checkpoint gives the same bytes as one that never stopped.
 *
 * @throws when a setting is out of range, or there is nothing to learn from.
 * @example const run = await trainSpec({ ...baseline, agent: ddpg, config: { discount: 0.9 } });
 */
export async function trainSpec(spec: RunSpec): Promise<Run> {
  const { data, model, steps = 3000, batchSize = 256, seed = 1, keep = "any" } = spec;
  const { bias, companion } = spec;
  const { repeats } = data;
  const served = { ...(bias && { bias }), ...(companion && { companion }), repeats };
  const { evaluateEvery = Math.max(1, Math.ceil(steps / 10)) } = spec;
  if (
    !(Number.isSafeInteger(steps) && steps >= 0 && Number.isSafeInteger(evaluateEvery) && evaluateEvery >= 1)
  )
    throw new Error(`train requires whole steps and evaluateEvery, got ${steps} and ${evaluateEvery}`);
  if (!keepWays.includes(keep))
    throw new Error(`train requires keep to be one of ${keepWays.join(", ")}, got ${keep}`);
  const draw = random(seed);
  const replay = runReplay(spec);
  const { transitions } = replay;
  const bounds = boundsWithZero(transitions.rewards, discountOf(spec));
  const problem = problemOf(model, draw.fork("agent"), {
    ...{ bounds, joint: spec.window !== undefined, window: spec.window },
    unavailable: unavailableItems(data.dataset.catalog),
    servedBias: bias,
    largestAdded: companion?.largest,
  });
  const agent = spec.agent(problem, spec.config ?? {});
  const folder = spec.checkpointFolder ?? (await mkdtemp(join(tmpdir(), "offshelf-run-")));
  const users = data.validation && validator(model, data.validation, agent, served);
  try {
    const before = (await spec.initial?.(agent)) ?? 0;
    const warmUp = Math.max(0, warmUpOf(agent) - before);
    const start = users?.validate(agent);
    const write = async (progress: Progress): Promise<void> => {
      const { step } = progress;
      const save = async (temporary: string): Promise<void> => {
        await agent.save(temporary);
        await replay.save(temporary);
        await writeProgress(temporary, progress);
      };
      await writeCheckpoint(folder, step, save, {
        step,
        generators: { seed, next: `batch ${step + 1}` },
        replay: { kind: spec.replay ?? "uniform", cursor: step, batchSize },
      });
    };
    const { from: found, hasStart } = await resumePoint(folder);
    const first = curveBook();
    if (start) first.add(0, start.figures);
    if (found === undefined && start) spec.onFigures?.({ step: 0, ...start.figures });
    if (found === undefined || !hasStart)
      await write({ step: 0, curves: first.curves, validations: [validatedStep(0, start)] });
    const from = found && (await resume(found.folder, agent, replay));
    const book = from === undefined ? first : curveBook(from.curves);
    const validations: ValidatedStep[] = [...(from?.validations ?? [validatedStep(0, start)])];
    const note = (step: number, figures: Record<string, number>): void => {
      book.add(step, figures);
      spec.onFigures?.({ step, ...figures });
    };
    const means = meansBook();
    let written = from?.step ?? 0;
    /** Called where the curves have a point, so that nothing is lost that was added up since. */
    const stopWhereAsked = async (step: number): Promise<void> => {
      if (spec.signal?.aborted !== true) return;
      if (written !== step) await write({ step, curves: book.curves, validations });
      throw new Stopped(`stopped at step ${step} of ${steps}, which is saved`, reasonOf(spec.signal));
    };
    await stopWhereAsked(written);
    const logEvery = Math.max(1, Math.floor(evaluateEvery / 10));
    for (let step = (from?.step ?? 0) + 1; step <= steps; step++) {
      const batch = replay.sample(batchSize, draw.fork(`batch ${step}`), (step - 1) / steps);
      means.add(requireFinite(agent.learn(batch), step));
      batch.dispose();
      const isValidation = step % evaluateEvery === 0 || step === steps;
      if (!isValidation && step % logEvery !== 0) continue;
      const result = isValidation ? users?.validate(agent) : undefined;
      const figures = { ...means.take(), ...result?.figures };
      note(step, figures);
      spec.onProgress?.({ step, steps, figures, valueBounds: bounds });
      await setImmediate(); // lets progress reach the screen
      if (!isValidation) {
        await stopWhereAsked(step);
        continue;
      }
      // Before an actor's first update every validation sees step 0 again: that is no choice of the actor.
      const learned = step > warmUp || step === steps;
      const alarm = alarmBetween(book.curves, { from: validations.at(-1)!.step, to: step, of: steps });
      validations.push(validatedStep(step, result, { learned, alarm }));
      await write({ step, curves: book.curves, validations });
      written = step;
      // What any way of keeping may need: a folder may be opened again with another one.
      await dropCheckpoints(folder, new Set([0, step, ...keepWays.map((way) => keptStep(validations, way))]));
      if (step < steps) await stopWhereAsked(step);
    }
    const chosen = keptStep(validations, keep);
    const neverMoved = steps > 0 && steps <= warmUp;
    await loadStep(folder, chosen, agent);
    const stepZero =
      start && steps > 0 && !neverMoved
        ? compareWithStart(start, users!.validate(agent), { validations, keep, seed })
        : undefined;
    const recommender = queryRecommender(model, agent, served);
    return {
      agent: agent.name,
      data: data.dataset.label,
      encoder: model.encoder.name,
      config: agent.config,
      seed,
      steps,
      batchSize,
      transitions: transitions.size,
      keep,
      chosenStep: chosen,
      valueBounds: bounds,
      curves: book.curves,
      ...(stepZero === undefined ? {} : { stepZero }),
      warnings: [
        ...(neverMoved ? [stillActor(steps, warmUp)] : []),
        ...runWarnings(
          data,
          book.curves,
          validations.find(({ step }) => step === chosen),
        ),
      ],
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
    users?.dispose();
    replay.dispose();
    if (spec.checkpointFolder === undefined) await rm(folder, { recursive: true, force: true });
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
    if (typeof value !== "number")
      throw new Error(
        `train requires numbers of learn, got ${name} of another type: read a tensor by dataSync()[0]`,
      );
    else if (!Number.isFinite(value))
      throw new Error(
        `train requires finite figures, got ${name} ${value} at step ${step}: learning diverged`,
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

/** Brings agent and replay to where they were when a checkpoint was written. */
async function resume(folder: string, agent: Agent, replay: RunReplay): Promise<Progress> {
  await agent.load(folder);
  await replay.restore(folder);
  return readProgress(folder);
}

async function loadStep(folder: string, step: number, agent: Agent): Promise<void> {
  const found = (await checkpoints(folder)).find((checkpoint) => checkpoint.step === step);
  if (found === undefined)
    throw new InputError(`the checkpoint of step ${step} is missing`, { file: folder });
  await agent.load(found.folder);
}

function validatedStep(
  step: number,
  result: ValidationResult | undefined,
  { learned, alarm } = { learned: false, alarm: 0 },
): ValidatedStep {
  return { step, learned, alarm, ndcg: result?.ndcg ?? new Float64Array(0) };
}

/**
 * The run beside its step 0, on validation users that did not choose (`chosenByOthers`); undefined with so few
 * users that nobody is left to be evaluated.
 *
 * @param start the validation before the first update
 * @param chosen the validation of the step that is kept
 */
function compareWithStart(
  start: ValidationResult,
  chosen: ValidationResult,
  {
    validations,
    keep,
    seed,
  }: { readonly validations: readonly ValidatedStep[]; readonly keep: Keep; readonly seed: number },
): StepZeroComparison | undefined {
  const chance = random(seed);
  const others = chosenByOthers(validations, keep, chance.fork("folds"));
  if (others.users.length === 0) return undefined;
  const difference = pairedInterval(others.chosen, others.start, chance.fork("step 0"));
  const mean = meanOf(others.start);
  return {
    users: others.users.length,
    k: validationLength,
    start: mean,
    chosen: meanOf(others.chosen),
    difference,
    evaluatedSteps: others.steps,
    changedLists: changedLists(chosen.lists, start.lists, validationLength),
    verdict:
      keep === "any" && keptStep(validations, keep) === 0
        ? "learning was not seen to help; step 0 is kept"
        : stepZeroVerdict(difference, mean),
  };
}
