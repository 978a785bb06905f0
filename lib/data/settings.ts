import { z } from "zod";

/**
 * Settings are written once, as a zod object: names, ranges, defaults and one line of meaning (`.describe`). Types are
 * inferred from it; what --help, the model card and the errors say of a range is read off it here.
 */
export type SettingsSchema = z.ZodObject<Record<string, z.ZodType>>;

/** What may be changed of some settings: each of them, or none. */
export type Changes<S extends z.ZodType> = z.input<S>;

/** One setting of a schema. */
export interface SettingRow {
  /** dotted path */
  readonly name: string;
  /** what it must be, in words: `a number in [0, 1)` */
  readonly expected: string;
  readonly default: unknown;
  /** one line, empty where the schema says nothing */
  readonly meaning: string;
}

/** The part of JSON Schema that settings are made of. */
interface Shape {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly items?: Shape;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly properties?: Readonly<Record<string, Shape>>;
}

/**
 * Defaults with some settings changed, each checked.
 *
 * @param owner who has the settings, for the error
 * @throws naming the setting, its range and the value: `ddpg requires discount to be a number in [0, 1), got 1.2`; or
 *   `ddpg requires known settings, got "disount"; known are discount, …`
 * @example parseSettings("ddpg", z.strictObject({ discount: z.number().min(0).lt(1).default(0.9) }), {}) // { discount: 0.9 }
 */
export function parseSettings<S extends z.ZodType>(
  owner: string,
  schema: S,
  changes: Changes<S>,
): z.output<S> {
  const result = schema.safeParse(changes);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue.code === "unrecognized_keys")
    throw new Error(
      `${owner} requires known settings, got "${issue.keys[0]}"; known are ${settingRows(schema)
        .map(({ name }) => name)
        .join(", ")}`,
    );
  const path = issue.path.map(String);
  const expected = expectationAt(schema, path);
  // A setting is named as a whole: of a list, not the entry that is wrong.
  const name = path.filter((key) => !/^\d+$/.test(key)).join(".");
  const value = path
    .filter((key) => !/^\d+$/.test(key))
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], changes);
  throw new Error(
    expected === undefined || issue.code === "custom"
      ? `${owner} requires ${issue.message}`
      : `${owner} requires ${name} to be ${expected}, got ${typeof value === "number" ? value : (JSON.stringify(value) ?? String(value))}`,
  );
}

/**
 * What the setting at a path must be, in words; nothing where the path names none.
 *
 * @param path keys; the place in a list counts as the list
 * @example expectationAt(z.object({ discount: z.number().min(0).lt(1) }), ["discount"]) // "a number in [0, 1)"
 */
export function expectationAt(schema: z.ZodType, path: readonly string[]): string | undefined {
  const at = shapeAt(schema, path);
  return at && at.properties === undefined ? expectation(at) : undefined;
}

/** The settings of the group at a path, in order: `keysAt(z.object({ a: z.int() }), [])` is `["a"]`. */
export function keysAt(schema: z.ZodType, path: readonly string[]): string[] {
  return Object.keys(shapeAt(schema, path)?.properties ?? {});
}

/** The values that a setting may have, as far as they can be told one by one or by a range. */
export interface SettingDomain {
  /** Of names, switches and constants: each of them; empty for others. */
  readonly values: readonly unknown[];
  /** Of numbers: an end that is missing is not bounded. */
  readonly range?: {
    readonly whole: boolean;
    readonly low?: number;
    readonly high?: number;
    /** Whether the end itself is refused. */
    readonly lowOpen: boolean;
    readonly highOpen: boolean;
  };
}

/**
 * What the setting at a path may be; nothing where the path names none, or a group.
 *
 * @example domainAt(z.object({ discount: z.number().min(0).lt(1) }), ["discount"])?.range?.highOpen // true
 */
export function domainAt(schema: z.ZodType, path: readonly string[]): SettingDomain | undefined {
  const at = shapeAt(schema, path);
  return at === undefined || at.properties !== undefined ? undefined : domain(at);
}

function domain(shape: Shape): SettingDomain {
  if (typeof shape.type === "object")
    return domain({ anyOf: shape.type.map((type) => ({ ...shape, type })) });
  if (shape.anyOf) {
    const parts = shape.anyOf.map(domain);
    const range = parts.find((part) => part.range !== undefined)?.range;
    return { values: parts.flatMap(({ values }) => values), ...(range && { range }) };
  }
  if (shape.const !== undefined) return { values: [shape.const] };
  if (shape.enum) return { values: shape.enum };
  if (shape.type === "boolean") return { values: [false, true] };
  if (shape.type !== "integer" && shape.type !== "number") return { values: [] };
  const { low, high } = endsOf(shape);
  return {
    values: [],
    range: {
      whole: shape.type === "integer",
      ...(low !== undefined && { low }),
      ...(high !== undefined && { high }),
      lowOpen: shape.exclusiveMinimum !== undefined,
      highOpen: shape.exclusiveMaximum !== undefined,
    },
  };
}

/** Every setting of a schema with its range, default and meaning, groups opened, in the order of the schema. */
export function settingRows(schema: z.ZodType, prefix = ""): SettingRow[] {
  return rowsOf(shapeOf(schema), prefix);
}

function rowsOf({ properties = {} }: Shape, prefix: string): SettingRow[] {
  return Object.entries(properties).flatMap(([key, shape]) =>
    shape.properties === undefined
      ? [
          {
            name: `${prefix}${key}`,
            expected: expectation(shape),
            default: shape.default,
            meaning: shape.description ?? "",
          },
        ]
      : rowsOf(shape, `${prefix}${key}.`),
  );
}

function shapeAt(schema: z.ZodType, path: readonly string[]): Shape | undefined {
  let at: Shape | undefined = shapeOf(schema);
  for (const key of path) {
    const next: Shape | undefined = at?.properties?.[key];
    if (next === undefined && /^\d+$/.test(key)) break;
    at = next;
  }
  return at;
}

function shapeOf(schema: z.ZodType): Shape {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Shape;
}

function expectation(shape: Shape): string {
  // A number without a range, or null, comes as a list of types.
  if (typeof shape.type === "object")
    return expectation({ anyOf: shape.type.map((type) => ({ ...shape, type })) });
  if (shape.anyOf) {
    const some = shape.anyOf.filter(({ type }) => type !== "null").map(expectation);
    return `${some.join(" or ")}${some.length < shape.anyOf.length ? ", or null" : ""}`;
  }
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  if (shape.enum) return shape.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (shape.type === "boolean") return "true or false";
  if (shape.type === "string") return "a text";
  if (shape.type === "array")
    return `a list of ${shape.items ? severalOf(expectation(shape.items)) : "values"}`;
  if (shape.type === "integer") return `a whole number${rangeText(shape)}`;
  if (shape.type === "number") return `a number${rangeText(shape)}`;
  return shape.type === "object" ? "a group of settings" : "another value";
}

/** "a whole number from 1" → "whole numbers from 1" */
function severalOf(expected: string): string {
  return expected.replace(/^an? (whole )?(number|text|group)/, "$1$2s");
}

/** ` in [0, 1)`, ` above 0`, ` from 1`, or nothing. */
function rangeText(shape: Shape): string {
  const { low: from, high: to } = endsOf(shape);
  const [above, below] = [shape.exclusiveMinimum !== undefined, shape.exclusiveMaximum !== undefined];
  if (from !== undefined && to !== undefined)
    return ` in ${above ? "(" : "["}${from}, ${to}${below ? ")" : "]"}`;
  if (from !== undefined) return above ? ` above ${from}` : ` from ${from}`;
  if (to !== undefined) return below ? ` below ${to}` : ` up to ${to}`;
  return "";
}

/** The ends of a range; those that only say that a number is a safe one are none. */
function endsOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: Shape) {
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  return { low: low ?? exclusiveMinimum, high: high ?? exclusiveMaximum };
}
