import type { OpenBanditLog } from "../../data/openBandit";
import { type ChoiceColumns, choiceColumns } from "../propensities/choiceColumns";

/**
 * An Open Bandit log as what was seen and what was chosen, to estimate its propensities as if nobody had written them
 * down and then to compare with those that were: indicators of the position and of every user feature, days since the
 * first round and their square (Thompson sampling moves), each without its first value.
 */
export function openBanditChoices(log: OpenBanditLog): ChoiceColumns {
  const { size, positions, times, userFeatures, actions, catalog } = log;
  const days = times.map((time) => (time - times[0]) / 86_400);
  const columns: (ArrayLike<number> | ((row: number) => number))[] = [days, days.map((day) => day * day)];
  for (const position of [2, 3]) columns.push((row) => (positions[row] === position ? 1 : 0));
  for (const values of Object.values(userFeatures))
    for (const value of [...new Set(values)].sort().slice(1))
      columns.push((row) => (values[row] === value ? 1 : 0));
  const width = columns.length;
  const contexts = new Float64Array(size * width);
  columns.forEach((column, d) => {
    for (let row = 0; row < size; row++)
      contexts[row * width + d] = typeof column === "function" ? column(row) : column[row];
  });
  return choiceColumns({ actions, actionCount: catalog.size, width, contexts });
}
