import { type Network, network, variableOf } from "../tensors/networks";
import { type Tensor2D, tf } from "../tensors/tf";
import { project } from "./actionSpace";
import { linearHead } from "./actorNetwork";
import type { AgentProblem } from "./agent";
import { catalogueParts } from "./catalogueParts";

/**
 * h(s) = length · q(s) + layers(s), q being the supervised query, whose weights are learned along, and so is its length:
 * a weight like the others, it comes back with a saved agent.
 */
export function besideQuery(problem: AgentProblem, layers: Network, length: number): Network {
  const { actionSpace = "unit" } = problem;
  const own = [variableOf(Float32Array.of(length), [1]), ...linearHead(problem)];
  return network([...own, ...layers.variables], ([l, w, b, ...rest], states) => {
    const raw = tf()
      .matMul(states, w as unknown as Tensor2D)
      .add(b!) as Tensor2D;
    return project(raw, actionSpace).mul(l!).add(layers.forward(rest, states)) as Tensor2D;
  });
}

/**
 * Q at the start = offset + scale · (q·v + T·b). Scale makes a value / `temperature` the supervised logit, so that the
 * served policy starts as the supervised one too, unless values would be wider than their bounds; offset is the number
 * nearest to 0 that keeps them within. Scale 0: values start at 0.
 */
export function supervisedStart(
  problem: AgentProblem,
  config: { readonly start: "catalogue" | "random"; readonly temperature: number },
): { readonly scale: number; readonly offset: number } {
  const { head, valueBounds: bounds, actionSize, actionSpace = "unit" } = problem;
  if (head === undefined || config.start === "random") return { scale: 0, offset: 0 };
  const { size, itemVectors, servedBias, temperature } = catalogueParts("dqn", problem.catalogue, actionSize);
  const scale = config.temperature / temperature;
  const added = temperature * (problem.catalogue?.largestAdded ?? 0);
  if (bounds === undefined) return { scale, offset: 0 };
  const [low, high] = bounds;
  let furthest = 0; // of q·v + T·b, and what states add, from 0, where queries have length 1
  for (let row = 0; row < size && actionSpace === "unit"; row++) {
    const vector = itemVectors.subarray(row * actionSize, (row + 1) * actionSize);
    furthest = Math.max(furthest, Math.hypot(...vector) + temperature * Math.abs(servedBias[row]!) + added);
  }
  const fitting = high > low && furthest > 0 ? Math.min(scale, (high - low) / 2 / furthest) : scale;
  const room = high > low ? fitting * furthest : 0;
  return { scale: fitting, offset: Math.min(Math.max(0, low + room), high - room) };
}
