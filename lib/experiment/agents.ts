import { InputError } from "../data/inputError";
import type { Defaults } from "./settings";

/** What a name stands for: how it is made, and the settings it takes. */
export interface AgentEntry {
  readonly name: string;
  /** One line for --help. */
  readonly what: string;
  /** Whether it learns by updates (an agent), is trained as the next-item model, or is counted in closed form. */
  readonly kind: "actor-critic" | "supervised" | "baseline";
  /** Updates by default; 0 for what is not trained by updates. */
  readonly steps: number;
  readonly defaults: Defaults;
}

/** Everything that can be trained, judged and served by name. A new agent is one line here. */
export const agents: readonly AgentEntry[] = [
  {
    name: "ddpg",
    what: "deep deterministic policy gradient",
    kind: "actor-critic",
    steps: 3000,
    defaults: { discount: 0.9 },
  },
];

/**
 * The entry of a name.
 *
 * @throws InputError that lists the known names.
 */
export function agentEntry(name: string, file?: string, line?: number): AgentEntry {
  const entry = agents.find((known) => known.name === name);
  if (entry !== undefined) return entry;
  const place = file === undefined ? {} : line === undefined ? { file } : { file, line };
  throw new InputError(`unknown agent "${name}"`, {
    ...place,
    expected: `one of ${agents.map((known) => known.name).join(", ")}`,
  });
}
