import { join } from "node:path";
import { type OpenRun, openRun } from "../runs/openRun";
import { trainRun } from "../runs/trainRun";
import { agentEntry } from "../settings/agents";

export interface ControlsRequest {
  /** Train what is missing; yes by default. */
  readonly controls?: boolean;
  readonly root?: string;
  readonly onProgress?: (label: string, done: number, total: number, detail: string) => void;
}

/** Imitation alone and greedy reward, trained as the first actor was; kept inside its folder. */
export async function controlsOf(
  first: OpenRun,
  runs: readonly OpenRun[],
  request: ControlsRequest,
): Promise<OpenRun[]> {
  // Imitation alone has no critic: greedy reward made of its settings would never see a reward.
  const actor = runs.find((run) => (run.config.agent.criticWeight ?? 0) !== 0);
  if (actor === undefined || request.controls === false) return [];
  const made: OpenRun[] = [];
  for (const name of ["behaviour-cloning", "greedy-reward"]) {
    if (runs.some((run) => run.config.agent.name === name)) continue;
    const entry = agentEntry(name);
    const folder = join(actor.folder, "controls", name);
    const agent = { ...actor.config.agent, ...switched(name), name: entry.name };
    const steps = actor.summary.record?.steps ?? null;
    await trainRun({ ...request, folder, dataset: first.dataset, config: { ...actor.config, steps, agent } });
    made.push(await openRun(folder));
  }
  return made;
}

/** What makes the first actor's settings those of a control. */
function switched(name: string): Record<string, unknown> {
  if (name === "greedy-reward") return { discount: 0 };
  return { criticWeight: 0, behaviour: "softmax", behaviourWeight: 1, warmUp: 0 };
}
