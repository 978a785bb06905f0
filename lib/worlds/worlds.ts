import { InputError } from "../data/inputError";
import type { SettingsSchema } from "../data/settings";
import { boredom, boredomSettings } from "./boredom";
import { dirichletSettings, dirichletWorld } from "./dirichletWorld";
import { interestEvolution, interestEvolutionSettings } from "./interestEvolution";
import { satiation, satiationSettings } from "./satiation";
import type { World } from "./world";

interface NamedWorld {
  readonly settings: SettingsSchema;
  readonly make: (changes: Record<string, unknown>) => World;
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
};

/**
 * @throws InputError on an unknown name or setting.
 * @example worldNamed("satiation", { effects: false })
 */
export function worldNamed(name: string, changes: Record<string, unknown> = {}): World {
  const found = Object.hasOwn(worlds, name) ? worlds[name] : undefined;
  if (found === undefined)
    throw new InputError(`there is no world ${name}`, {
      expected: `one of ${Object.keys(worlds).join(", ")}`,
    });
  return found.make(changes);
}
