import { emptySteps, joinSteps, type SlateShape, type SlateSteps } from "../agents/slateQ/slateSteps";
import type { Random } from "../math/random";
import { type Environments, sizeOf } from "./environment";
import { type PlayedStep, type PlayOptions, playWorld } from "./playWorld";
import { splitObservations } from "./slateQPolicy";
import type { World, WorldPolicy } from "./world";

/**
 * Sizes of a world of slates whose observations are interests in its items, then the items on offer.
 *
 * @throws when its actions are no slates, or observations are of another size.
 * @example slateShapeOf(interestEvolution(), environments) // { items: 20, stateSize: 20, offers: 10, slots: 3 }
 */
export function slateShapeOf({ items }: Pick<World, "items">, environments: Environments): SlateShape {
  const { actionSpace, observationSpace, name } = environments;
  if (actionSpace.kind !== "slates") throw new Error(`slate-q requires slates as actions, ${name} has none`);
  const stateSize = sizeOf(observationSpace) - actionSpace.size;
  const offersItems =
    observationSpace.kind === "box" &&
    observationSpace.low.slice(stateSize).every((low) => low === 0) &&
    observationSpace.high.slice(stateSize).every((high) => high === items.length - 1);
  if (stateSize < items.length || !offersItems)
    throw new Error(`slate-q requires observations of interests and offers, ${name} has others`);
  return { items: items.length, stateSize, offers: actionSpace.size, slots: actionSpace.slots };
}

/**
 * Hears the steps of `playWorld` and gives each on when it is known what was shown next: of those still live, one step
 * later; of those that ended, at once.
 *
 * @throws when steps do not tell `clicked`.
 */
export function slateRecorder(
  shape: SlateShape,
  given: (steps: SlateSteps) => void,
): (played: PlayedStep) => void {
  const { stateSize, offers, slots } = shape;
  let before: PlayedStep | undefined;
  const give = ({ observations, choice, result, live }: PlayedStep, next?: Int32Array): void => {
    const { clicked } = result.info ?? {};
    if (clicked === undefined) throw new Error("slate-q requires worlds whose steps tell what was clicked");
    const rows: number[] = [];
    for (let i = 0; i < live.length; i++) {
      const ended = result.terminated[i] === 1 || result.truncated[i] === 1;
      if (live[i] === 1 && ended === (next === undefined)) rows.push(i);
    }
    if (rows.length === 0) return;
    const steps = emptySteps(shape, rows.length);
    const [now, then] = [observations, result.observations].map((seen) => splitObservations(seen, shape));
    rows.forEach((i, row) => {
      steps.states.set(now.states.subarray(i * stateSize, (i + 1) * stateSize), row * stateSize);
      steps.candidates.set(now.candidates.subarray(i * offers, (i + 1) * offers), row * offers);
      steps.slates.set(choice.actions.subarray(i * slots, (i + 1) * slots), row * slots);
      steps.clicked[row] = clicked[i];
      steps.rewards[row] = result.rewards[i];
      steps.terminated[row] = result.terminated[i];
      steps.nextStates.set(then.states.subarray(i * stateSize, (i + 1) * stateSize), row * stateSize);
      steps.nextCandidates.set(then.candidates.subarray(i * offers, (i + 1) * offers), row * offers);
      if (next !== undefined) steps.nextSlates.set(next.subarray(i * slots, (i + 1) * slots), row * slots);
    });
    given(steps);
  };
  return (played) => {
    if (before !== undefined) give(before, played.choice.actions);
    before = played;
    give(before);
  };
}

/**
 * A log of slates: one session of each reader under a policy, as a recommender sees it.
 *
 * @example slateSteps(world.policy("random", environments), environments, random(1), slateShapeOf(world, environments))
 */
export function slateSteps(
  policy: WorldPolicy,
  environments: Environments,
  random: Random,
  shape: SlateShape,
  options: Pick<PlayOptions, "steps"> = {},
): SlateSteps {
  const parts: SlateSteps[] = [];
  playWorld(policy, environments, random, {
    ...options,
    watch: slateRecorder(shape, (part) => parts.push(part)),
  });
  return joinSteps(shape, parts);
}
