import { z } from "zod";
import { InputError } from "../data/inputError";
import type { World } from "../worlds/world";
import { worldNamed, worlds } from "../worlds/worlds";
import { check, merge, parseOverride, parseTogether, type Settings } from "./readConfig";

/** Worlds that are fitted to no log, so that their readers can stand for one. */
export const worldNames = Object.keys(worlds).filter((name) => worlds[name].isFitted !== true);

/** Who reads, and who recommends to them: as `npm run simulate` has it, with the same defaults. */
export const worldDataSettings = {
  world: z.enum(worldNames).describe("simulated readers: a world by name"),
  set: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("settings of the world (npm run simulate -- --help)"),
  policy: z
    .string()
    .default("random")
    .describe("who recommends to the readers: random, greedy, epsilon-greedy, optimal …"),
  epsilon: z.number().min(0).max(1).default(0.1).describe("random choices of epsilon-greedy"),
  users: z.int().min(1).default(1000).describe("readers"),
  steps: z.int().min(1).optional().describe("steps after which watching ends; the world's own end without"),
  discount: z.number().min(0).max(1).default(1).describe("what optimal is optimal at"),
  seed: z.int().min(0).default(1).describe("seed of readers and choices"),
};

/** A log of a world, as settings name it. */
export type WorldData = z.output<z.ZodObject<typeof worldDataSettings>>;

/**
 * The world of some settings, with what a run of its log is told unless it is told otherwise: weights are rewards,
 * a reader who left is gone for good, and items come again where showing them again earns something.
 *
 * @throws InputError on a bad setting of the world, or a policy that it has not.
 */
export function worldOf({
  world: name,
  set = {},
  policy = "random",
}: Pick<WorldData, "world"> & Partial<WorldData>): {
  readonly world: World;
  readonly defaults: Settings;
} {
  const world = worldNamed(name, set);
  if (!world.policies.includes(policy))
    throw new InputError(`${name} has no policy ${policy}`, {
      expected: `one of ${world.policies.join(", ")}; npm run simulate -- --run FOLDER lets a trained run recommend`,
    });
  const defaults = { reward: { rating: 1 }, terminals: "terminal", repeats: world.isOnce !== true };
  return { world, defaults };
}

/** What is said of the log beside the world. */
export const loggedSettings = z.strictObject(worldDataSettings).omit({ world: true, set: true });

const overrides = z.strictObject({ world: worldDataSettings.set.unwrap(), data: loggedSettings.partial() });

/**
 * What `--world NAME` and `--set world.…`, `--set data.…` say, and the other settings.
 *
 * @throws InputError on a world that is none, or an unknown or bad setting of `data`.
 * @example worldData("satiation", ["world.effects=false", "data.users=200", "steps=9"]).rest // ["steps=9"]
 */
export function worldData(
  name: string,
  set: readonly string[] = [],
): { readonly data: WorldData; readonly rest: readonly string[] } {
  if (!worldNames.includes(name))
    throw new InputError(
      `--world ${name}: ${name in worlds ? "is fitted to a log" : "there is no such world"}`,
      {
        expected:
          name in worlds
            ? `npm run simulate -- --world ${name}, and --interactions FILE of what it writes`
            : `one of ${worldNames.join(", ")}`,
      },
    );
  const isOwn = (text: string): boolean => /^(world|data)\./.test(text);
  const own = set.filter(isOwn).map(parseOverride);
  const schema = overrides.partial();
  for (const source of own) check(source, schema);
  const { world = {}, data = {} } = merge(...own.map(({ value }) => value)) as z.output<typeof schema>;
  const whole = parseTogether(z.strictObject(worldDataSettings), [], { world: name, set: world, ...data });
  return { data: whole, rest: set.filter((text) => !isOwn(text)) };
}
