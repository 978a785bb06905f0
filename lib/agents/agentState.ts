import type { Optimizer } from "../tensors/adam";
import { tf, type Variable } from "../tensors/tf";
import { readAgentFile, writeAgentFile } from "./agentFile";

/** Everything of an agent that changes while it learns. */
export interface AgentState {
  readonly name: string;
  readonly config: object;
  readonly updates: number;
  readonly variables: readonly Variable[];
  readonly optimizers: readonly Optimizer[];
}

interface StateFile {
  readonly name: string;
  readonly config: object;
  readonly updates: number;
  readonly steps: readonly number[];
  readonly sizes: readonly number[];
}

/** Writes an agent as agent.json and agent.bin: variables first, then each optimiser's moments. */
export async function saveAgentState(folder: string, state: AgentState): Promise<void> {
  const { name, config, updates, variables, optimizers } = state;
  const moments = optimizers.map((optimizer) => optimizer.state());
  const parts = [
    ...variables.map((variable) => Float32Array.from(variable.dataSync())),
    ...moments.flatMap((each) => [...each.moments]),
  ];
  const about: StateFile = {
    name,
    config,
    updates,
    steps: moments.map((each) => each.steps),
    sizes: parts.map((part) => part.length),
  };
  await writeAgentFile(folder, about, parts);
}

/**
 * Reads what `saveAgentState` wrote into an agent of the same sizes, and returns its number of updates.
 * @throws when the file is another agent's, of other sizes, or not the one that was written.
 */
export async function loadAgentState(folder: string, state: Omit<AgentState, "updates">): Promise<number> {
  const { about, bytes } = await readAgentFile<StateFile>(folder, ({ name }) => {
    if (name !== state.name)
      throw new Error(`load requires the state of ${state.name}, got ${name} in ${folder}`);
  });
  const sizes = [
    ...state.variables.map((variable) => variable.size),
    ...state.optimizers.flatMap((optimizer) => optimizer.variables.flatMap(({ size }) => [size, size])),
  ];
  if (sizes.join() !== about.sizes.join())
    throw new Error(`load requires an agent of the same sizes, got others in ${folder}`);
  const numbers = new Float32Array(bytes.buffer);
  let at = 0;
  const take = (size: number): Float32Array => {
    at += size;
    return numbers.slice(at - size, at);
  };
  for (const variable of state.variables)
    tf().tidy(() => variable.assign(tf().tensor(take(variable.size), variable.shape, "float32")));
  for (const [i, optimizer] of state.optimizers.entries())
    optimizer.restore({
      steps: about.steps[i]!,
      moments: optimizer.variables.flatMap(({ size }) => [take(size), take(size)]),
    });
  return about.updates;
}
