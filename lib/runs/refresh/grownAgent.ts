import { join } from "node:path";
import { InputError } from "../../data/inputError";
import { type NamedArrays, readArrays, writeArrays } from "../../data/namedArrays";

/** The file in which agents with networks keep their numbers. */
export const agentFile = "agent.arrays";

/** The folders of three states of an agent. */
export interface AgentStates {
  /** The agent that is gone on from, as it was served, and as it was before its first update. */
  readonly served: string;
  readonly start: string;
  /** The same agent made anew for the new model. */
  readonly fresh: string;
}

/**
 * Writes the state that an agent goes on from over a new model: what it is made as there, and what learning had added to what
 * it was made as before, number by number. So a head that stands for the supervised ranking is the new one, and what the
 * agent learned beside it is kept. Parts with a row for each item grow: rows of new items are as the agent is made there.
 *
 * @param oldItems [N] the item's row before, -1 for a new one
 * @param into the folder it is written to, which may be `fresh`
 * @throws InputError where the agents have other sizes for another reason than more items.
 */
export async function growAgent(
  { served, start, fresh }: AgentStates,
  {
    oldItems,
    oldSize,
    into,
  }: { readonly oldItems: Int32Array; readonly oldSize: number; readonly into: string },
): Promise<void> {
  const [was, began, made] = await Promise.all(
    [served, start, fresh].map((folder) => readArrays(join(folder, agentFile))),
  );
  const grown: Record<string, NamedArrays[string]> = {};
  for (const [name, target] of Object.entries(made.arrays)) {
    const [learned, first] = [was.arrays[name], began.arrays[name]];
    const perItem = target.length / oldItems.length;
    const isPerItem = learned?.length === perItem * oldSize && learned.length !== target.length;
    if (
      learned === undefined ||
      first?.length !== learned.length ||
      !(isPerItem || learned.length === target.length)
    )
      throw new InputError(
        `cannot go on: ${name} has ${learned?.length ?? 0} numbers instead of ${target.length}`,
        {
          file: join(served, agentFile),
          expected: "an agent of the same settings",
        },
      );
    // Moments are the optimiser's own: those of the agent as served; new rows have none yet.
    const isMoment = name.startsWith("optimizer");
    const values = isMoment ? new Float32Array(target.length) : Float32Array.from(target);
    const add = (to: number, from: number): void => {
      values[to] += isMoment ? learned[from] : learned[from] - first[from];
    };
    if (!isPerItem) for (let i = 0; i < values.length; i++) add(i, i);
    else
      oldItems.forEach((row, item) => {
        for (let a = 0; a < perItem && row >= 0; a++) add(item * perItem + a, row * perItem + a);
      });
    grown[name] = values;
  }
  await writeArrays(join(into, agentFile), was.header, grown);
}
