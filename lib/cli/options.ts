import { InvalidArgumentError } from "commander";
import type { z } from "zod";
import { settingRows } from "../data/settings";

/** Commander parsers for single values. Each names what was expected; the frame turns that into status 2. */

/** A whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`expected a whole number of at least ${least}.`);
    return value;
  };
}

/** Any finite number. */
export function finiteNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("expected a number.");
  return value;
}

/** List lengths, ascending and without repeats: `cutoffs("10,5")` is `[5, 10]`. */
export function cutoffs(text: string): number[] {
  const values = text.split(",").map((part) => wholeNumber(1)(part));
  return [...new Set(values)].sort((a, b) => a - b);
}

/** Collects an option that may be given several times (`--set a=1 --set b=2`). */
export function collect(text: string, previous: readonly string[] = []): string[] {
  return [...previous, text];
}

/** A number above 0. */
export function positiveNumber(text: string): number {
  const value = finiteNumber(text);
  if (!(value > 0)) throw new InvalidArgumentError("expected a number above 0.");
  return value;
}

/** A number of at least `least`. */
export function numberAtLeast(least: number): (text: string) => number {
  return (text) => {
    const value = finiteNumber(text);
    if (!(value >= least)) throw new InvalidArgumentError(`expected a number of at least ${least}.`);
    return value;
  };
}

/** One of some names. */
export function choice<T extends string>(names: readonly T[]): (text: string) => T {
  return (text) => {
    const found = names.find((name) => name === text);
    if (found === undefined) throw new InvalidArgumentError(`expected one of ${names.join(", ")}.`);
    return found;
  };
}

/** A number from 0 to 1. */
export function share(text: string): number {
  const value = finiteNumber(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError("expected a number from 0 to 1.");
  return value;
}

/**
 * Every setting of a schema for --help: how it is set by default, what it means, what it must be.
 *
 * @example settingsHelp(z.object({ steps: z.int().min(0).default(9).describe("updates") })) // "  steps=9\n      updates; a whole number from 0"
 */
export function settingsHelp(schema: z.ZodType, prefix = ""): string {
  return settingRows(schema, prefix)
    .map(
      ({ name, expected, default: value, meaning }) =>
        `  ${name}${value === undefined ? "" : `=${JSON.stringify(value)}`}\n      ${meaning === "" ? "" : `${meaning}; `}${expected}`,
    )
    .join("\n");
}

/** Pairs of names and values: `pairs("user=visitorid,item=itemid")` is `{ user: "visitorid", item: "itemid" }`. */
export function pairs(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of text.split(",")) {
    const [, name, value] = /^\s*([^=]+?)\s*=\s*(.+?)\s*$/.exec(part) ?? [];
    if (name === undefined || value === undefined)
      throw new InvalidArgumentError("expected NAME=VALUE,NAME=VALUE.");
    found[name] = value;
  }
  return found;
}

/** Pairs of names and numbers: `weights("view=1,purchase=5")` is `{ view: 1, purchase: 5 }`. */
export function weights(text: string): Record<string, number> {
  return Object.fromEntries(Object.entries(pairs(text)).map(([name, value]) => [name, finiteNumber(value)]));
}

/** A share that is held out: enough to measure on, and something left to learn from. */
export function heldOutShare(text: string): number {
  const value = finiteNumber(text);
  if (!(value >= 0.01 && value <= 0.45))
    throw new InvalidArgumentError("expected a number from 0.01 to 0.45.");
  return value;
}
