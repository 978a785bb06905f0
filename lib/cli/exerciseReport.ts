import { basename } from "node:path";
import { writeJsonAtomically } from "../data/writeAtomically";
import { applyExercise, cellsOf, type Exercise, exercisesFile, exercisesOf } from "./exercises";
import type { Output } from "./output";
import { type CellRunner, cellRunner, type Outcome, runExercise } from "./runExercises";

/** An exercise of a notebook, and what became of it. */
export interface ExerciseResult extends Outcome {
  /** Such as "13, 2": notebook and place in its list. */
  readonly name: string;
}

/**
 * Runs the exercises of notebooks, a fresh process a notebook, and says of each whether its promise holds.
 *
 * @param options.save also writes the measured seconds into the files of exercises
 * @param options.only leaves out those for which it gives false
 */
export async function reportExercises(
  notebooks: readonly string[],
  output: Pick<Output, "out">,
  {
    env = {},
    save = false,
    only = () => true,
  }: {
    readonly env?: Readonly<Record<string, string>>;
    readonly save?: boolean;
    readonly only?: (exercise: Exercise) => boolean;
  } = {},
): Promise<ExerciseResult[]> {
  const results: ExerciseResult[] = [];
  for (const notebook of notebooks) {
    const exercises = exercisesOf(notebook);
    if (!exercises.some(only)) continue;
    const cells = cellsOf(notebook);
    let runner: CellRunner | undefined;
    const measured: Exercise[] = [];
    for (const [i, exercise] of exercises.entries()) {
      measured.push(exercise);
      if (!only(exercise)) continue;
      runner ??= await cellRunner(env);
      const name = `${basename(notebook).slice(0, 2)}, ${i + 1}`;
      const outcome = await attempt(() => applyExercise(cells, exercise), exercise, runner);
      if (outcome.holds) measured[i] = { ...exercise, seconds: Math.ceil(outcome.seconds) };
      results.push({ name, ...outcome });
      const time = `${outcome.seconds.toFixed(0)} s`.padStart(6);
      output.out(
        `${name.padEnd(6)} ${outcome.holds ? "holds " : "FAILS "} ${time}  ${short(outcome.because)}\n`,
      );
    }
    await runner?.close();
    if (save) await writeJsonAtomically(exercisesFile(notebook), measured);
  }
  return results;
}

/** An edit that cannot be made is one that does not hold. */
async function attempt(
  edit: () => ReturnType<typeof applyExercise>,
  exercise: Exercise,
  runner: CellRunner,
): Promise<Outcome> {
  try {
    return await runExercise(edit(), exercise, runner);
  } catch (error) {
    return { holds: false, because: error instanceof Error ? error.message : String(error), seconds: 0 };
  }
}

const short = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
};
