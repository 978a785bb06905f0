import { z } from "zod";

/** A flat group of settings: key → default value. Its types are those of the defaults. */
export type Defaults = Readonly<Record<string, unknown>>;

/**
 * A strict schema made from an object of defaults: every key is optional and keeps its default's type, and any
 * other key is refused by name. A default of null means "a number, or null for none".
 *
 * Ranges are not checked here: the factory that takes the settings knows them and says so.
 *
 * @throws when a default is of a kind that a settings file cannot hold (a function, a nested object).
 * @example settingsSchema({ discount: 0.9 }).parse({}) // { discount: 0.9 }
 */
export function settingsSchema(defaults: Defaults): z.ZodType<Record<string, unknown>> {
  const shape: Record<string, z.ZodType> = {};
  for (const [key, value] of Object.entries(defaults)) shape[key] = schemaOf(key, value);
  return z.strictObject(shape) as unknown as z.ZodType<Record<string, unknown>>;
}

function schemaOf(key: string, value: unknown): z.ZodType {
  if (value === null) return z.number().nullable().default(null);
  if (typeof value === "number") return z.number().default(value);
  if (typeof value === "boolean") return z.boolean().default(value);
  if (typeof value === "string") return z.union([z.string(), z.number()]).default(value); // "all" or a number
  if (Array.isArray(value)) return z.array(z.number()).default(value as number[]);
  throw new Error(`settingsSchema requires numbers, texts, switches or lists of numbers, got ${key}`);
}

/** One line a setting, `agent.discount=0.9`, for --help and the model card. */
export function settingLines(settings: Defaults, prefix = ""): string[] {
  return Object.entries(settings).flatMap(([key, value]) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? settingLines(value as Defaults, `${prefix}${key}.`)
      : [`${prefix}${key}=${JSON.stringify(value)}`],
  );
}
