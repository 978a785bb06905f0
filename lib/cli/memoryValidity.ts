import type { MemoryWorld } from "../worlds/memory";
import type { MemoryValidity } from "../worlds/memoryFit";
import type { SimulatedLog } from "../worlds/simulatedLog";
import type { World } from "../worlds/world";

/** What is to be known of a memory before its values are believed. */
export interface ReportedValidity extends MemoryValidity {
  /** Share of the places of this log whose pair of state and item has no support; of logged pairs of other users 5% have none. */
  readonly unsupported: number;
}

/** Above this share of pairs without support values are mostly guesses. */
const mostUnsupported = 0.2;

/** Of a world that is a memory; nothing of others. */
export function validityOf(world: World, log: SimulatedLog): ReportedValidity | undefined {
  if (!("fitted" in world)) return undefined;
  const { validity } = (world as MemoryWorld).fitted;
  const unsupported = log.unsupported ?? 0;
  const warnings =
    unsupported > mostUnsupported
      ? [...validity.warnings, `${percent(unsupported)} of what was shown has no support in the memory`]
      : validity.warnings;
  return { ...validity, warnings, unsupported };
}

const percent = (share: number): string => `${(100 * share).toFixed(0)}%`;

/** For the terminal. */
export function validityText(validity: ReportedValidity): string {
  const { users, rows, entries, similarity, logLikelihood, overMarginal, overItemMean, unsupported } =
    validity;
  const of = similarity.kind === "linear" ? `α ${similarity.alpha}` : sharp(similarity);
  const gain = ({ mean, lower, upper }: MemoryValidity["overMarginal"]): string =>
    `${mean.toFixed(4)} (${lower.toFixed(4)} to ${upper.toFixed(4)})`;
  return [
    "",
    "The truth of this world is the memory's, never that of readers. What it is worth:",
    `  memory         ${entries.toLocaleString("en")} entries of one half of the users; ${similarity.kind} similarity, ${of}`,
    `  other half     ${rows.toLocaleString("en")} rewards of ${users.toLocaleString("en")} users: log likelihood ${logLikelihood.memory.toFixed(4)}`,
    `  above          that of the rates of all rewards by ${gain(overMarginal)},`,
    `                 of each item's own rates by ${gain(overItemMean)}`,
    `  no support     ${percent(unsupported)} of what was shown`,
    ...validity.warnings.map((warning) => `  beware         ${warning}`),
    "",
  ].join("\n");
}

function sharp({
  stateSharpness,
  itemSharpness,
}: {
  readonly stateSharpness: number;
  readonly itemSharpness: number;
}): string {
  return `κs ${stateSharpness}, κa ${itemSharpness}`;
}
