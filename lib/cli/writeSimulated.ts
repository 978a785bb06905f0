import { join } from "node:path";
import { writeAtomically } from "../data/writeAtomically";
import { interactionRows, interactionsBy, simulatedColumns } from "../worlds/simulatedDataset";
import type { SimulatedLog, SimulatedTarget } from "../worlds/simulatedLog";
import type { World } from "../worlds/world";

/**
 * A log of a world as files: interactions.csv, items.csv, rounds.csv, and target.csv for each target.
 *
 * @param folder made where it is missing
 */
export async function writeSimulated(world: World, log: SimulatedLog, folder: string): Promise<void> {
  const { users, steps, items, rewards, propensities, positions, slots } = log;
  const isSlate = slots > 1;
  const rows = users.length;
  const itemOf = (row: number): string => quoted(world.items[items[row]].id);
  const interactionAt = interactionsBy(log);
  const kept = interactionRows(log);
  await writeAtomically(
    join(folder, "interactions.csv"),
    lines(`user_id,item_id,timestamp,weight,${simulatedColumns.join(",")}`, kept.length, (at) => {
      const row = interactionAt(kept[at]);
      const further = simulatedColumns.map((name) => row[name]).join(",");
      return `${row.user},${itemOf(kept[at])},${row.time},${row.weight},${further}\n`;
    }),
  );
  await writeAtomically(
    join(folder, "items.csv"),
    lines("item_id,title,genres", world.items.length, (row) => {
      const { id, title, genres = "" } = world.items[row];
      return `${quoted(id)},${quoted(title)},${quoted(genres)}\n`;
    }),
  );
  // Rounds of a slate share its moment; which step it was follows from the order of a reader's slates.
  const [when, where] = isSlate ? ["", ",slate_id,position"] : ["step,", ""];
  await writeAtomically(
    join(folder, "rounds.csv"),
    lines(`round_id,user_id,${when}action,reward,propensity${where}`, rows, (row) => {
      const step = isSlate ? "" : `${steps[row]},`;
      const place = isSlate ? `,${Math.floor(row / slots)},${positions[row]}` : "";
      return `${row},user-${users[row]},${step}${itemOf(row)},${rewards[row]},${propensities[row]}${place}\n`;
    }),
  );
  for (const target of log.targets)
    await writeAtomically(
      join(
        folder,
        log.targets.length === 1
          ? "target.csv"
          : `target-${target.name.replace(/[^\p{L}\p{N}._-]+/gu, "-")}.csv`,
      ),
      lines("round_id,action,probability", rows, (row) => targetRows(world, target, row)),
    );
}

function targetRows(world: World, { probabilities }: SimulatedTarget, row: number): string {
  const count = world.items.length;
  let text = "";
  for (let item = 0; item < count; item++)
    text += `${row},${quoted(world.items[item].id)},${probabilities[row * count + item]}\n`;
  return text;
}

/** A file in pieces of some thousand lines. */
function* lines(head: string, rows: number, line: (row: number) => string): Generator<string> {
  let text = `${head}\n`;
  for (let row = 0; row < rows; row++) {
    text += line(row);
    if (text.length > 1 << 20) {
      yield text;
      text = "";
    }
  }
  yield text;
}

/** Titles of real items hold commas. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
