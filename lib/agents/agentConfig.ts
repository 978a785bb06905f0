/** What a setting must be, in words, and whether a value is that. */
export type Rule = readonly [wanted: string, fits: (value: unknown) => boolean];

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** The rules that agents' settings are made of. */
export const rules = {
  within: (low: number, high: number): Rule => [
    `a number in [${low}, ${high}]`,
    (value) => isNumber(value) && value >= low && value <= high,
  ],
  below: (low: number, high: number): Rule => [
    `a number in [${low}, ${high})`,
    (value) => isNumber(value) && value >= low && value < high,
  ],
  positive: ["a number above 0", (value) => isNumber(value) && value > 0] as Rule,
  notNegative: ["a number from 0", (value) => isNumber(value) && value >= 0] as Rule,
  count: ["a whole number from 0", (value) => Number.isSafeInteger(value) && (value as number) >= 0] as Rule,
  countFrom: (least: number): Rule => [
    `a whole number from ${least}`,
    (value) => Number.isSafeInteger(value) && (value as number) >= least,
  ],
  positiveOrNone: [
    "a number above 0, or null",
    (value) => value === null || (isNumber(value) && value > 0),
  ] as Rule,
  countFromOrNone: (least: number): Rule => [
    `a whole number from ${least}, or null`,
    (value) => value === null || (Number.isSafeInteger(value) && (value as number) >= least),
  ],
  numberOrNone: ["a number, or null", (value) => value === null || isNumber(value)] as Rule,
  flag: ["true or false", (value) => typeof value === "boolean"] as Rule,
  widths: [
    "a list of whole numbers from 1",
    (value) => Array.isArray(value) && value.every((width) => Number.isSafeInteger(width) && width >= 1),
  ] as Rule,
  oneOfNumbers: (...numbers: readonly number[]): Rule => [
    numbers.join(" or "),
    (value) => numbers.includes(value as number),
  ],
  oneOf: (...names: readonly string[]): Rule => [
    names.map((name) => `"${name}"`).join(" or "),
    (value) => names.includes(value as string),
  ],
} as const;

/**
 * Defaults with some settings changed, each checked.
 *
 * @throws on an unknown name or a value that breaks its rule: `ddpg requires discount to be a number in [0, 1), got 1.2`.
 */
export function agentConfig<Config extends object>(
  agent: string,
  defaults: Config,
  changes: Partial<Config>,
  checks: Readonly<Record<keyof Config, Rule>>,
): Config {
  for (const name of Object.keys(changes))
    if (!(name in defaults)) throw new Error(`${agent} requires known settings, got "${name}"`);
  const config: Config = { ...defaults, ...changes };
  for (const name of Object.keys(checks) as (keyof Config & string)[]) {
    const [wanted, fits] = checks[name];
    if (!fits(config[name]))
      throw new Error(
        `${agent} requires ${name} to be ${wanted}, got ${JSON.stringify(config[name]) ?? config[name]}`,
      );
  }
  return config;
}
