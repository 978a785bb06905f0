import type { Dataset } from "../data/dataset";
import { InputError } from "../data/inputError";
import type { SettingsSchema } from "../data/settings";
import { boredom, boredomSettings } from "./boredom";
import { dirichletSettings, dirichletWorld } from "./dirichletWorld";
import { interestEvolution, interestEvolutionSettings } from "./interestEvolution";
import { memorySettings, memoryWorld } from "./memory";
import { satiation, satiationSettings } from "./satiation";
import type { World } from "./world";

interface NamedWorld {
  readonly settings: SettingsSchema;
  /** @param dataset the log that it is fitted to, where `isFitted` */
  readonly make: (changes: Record<string, unknown>, dataset: Dataset) => World;
  /** Whether its truth is fitted to a log. */
  readonly isFitted?: boolean;
  /** what readers do there, in a line */
  readonly about: string;
}

/** The simulators by name, for commands. */
export const worlds: Readonly<Record<string, NamedWorld>> = {
  dirichlet: {
    settings: dirichletSettings,
    make: dirichletWorld,
    about: "hidden preferences, and items that wear out when they are repeated",
  },
  satiation: {
    settings: satiationSettings as unknown as SettingsSchema,
    make: satiation,
    about: "readers tire of genres and leave; counted out exactly",
  },
  "interest-evolution": {
    settings: interestEvolutionSettings,
    make: interestEvolution,
    about: "slates, interests that move, a time budget (RecSim, as in SlateQ)",
  },
  boredom: {
    settings: boredomSettings,
    make: boredom,
    about: "slates, and readers who are interested in nothing for a while (SARDINE)",
  },
  memory: {
    settings: memorySettings,
    make: (changes, dataset) => memoryWorld(dataset, changes),
    isFitted: true,
    about: "a memory of a real log (LIRD): its truth is the memory's, never that of readers",
  },
};

/**
 * @param dataset the log, for a world that is fitted to one
 * @throws InputError on an unknown name, a bad setting, or a log that is missing or not asked for.
 * @example worldNamed("satiation", { effects: false })
 */
export function worldNamed(name: string, changes: Record<string, unknown> = {}, dataset?: Dataset): World {
  const found = Object.hasOwn(worlds, name) ? worlds[name] : undefined;
  if (found === undefined)
    throw new InputError(`there is no world ${name}`, {
      expected: `one of ${Object.keys(worlds).join(", ")}`,
    });
  if (found.isFitted === true && dataset === undefined)
    throw new InputError(`world ${name} is fitted to a log, and which is not said`, {
      expected: "--dataset NAME or --interactions FILE, in code worldNamed(name, changes, dataset)",
    });
  if (found.isFitted !== true && dataset !== undefined)
    throw new InputError(`world ${name} is fitted to no log`, { expected: "no dataset" });
  try {
    // A world that is fitted to nothing does not look at it.
    return found.make(changes, dataset as Dataset);
  } catch (error) {
    throw error instanceof InputError ? error : new InputError((error as Error).message);
  }
}
