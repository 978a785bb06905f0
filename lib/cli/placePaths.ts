import { existsSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import type { Command } from "commander";

/** Options and arguments that name something on disk say so in their help: `--out <folder>`, `<file>`. */
const isPath = (flags: string): boolean => /<.*\b(file|folder)\b.*>/.test(flags);

/**
 * Counts a command's paths from the folder in which a person typed it: npm changes to the project's folder first, and
 * leaves the other one in INIT_CWD. What stands in the project's folder alone, such as a run in data/runs that the
 * command before has named, is found there.
 */
export function placePaths(
  command: Command,
  { INIT_CWD: typedIn, npm_package_json: manifest } = process.env,
): void {
  const here = process.cwd();
  // Other programs that npm starts inherit both: what counts is that npm started this one, for this project.
  if (typedIn === undefined || typedIn === here || manifest !== resolve("package.json")) return;
  const placed = (path: unknown): unknown =>
    typeof path === "string" ? placedPath(path, { typedIn, here }) : path;
  for (const option of command.options) {
    const name = option.attributeName();
    const given: unknown = command.getOptionValue(name);
    if (!isPath(option.flags) || command.getOptionValueSource(name) !== "cli") continue;
    if (/<name/.test(option.flags) && !existsSync(resolve(typedIn, String(given)))) continue; // a name, not a file
    if (given !== undefined)
      command.setOptionValue(name, Array.isArray(given) ? given.map(placed) : placed(given));
  }
  command.registeredArguments.forEach((argument, i) => {
    const given: unknown = command.processedArgs[i];
    if (isPath(`<${argument.name()}>`))
      command.processedArgs[i] = Array.isArray(given) ? given.map(placed) : placed(given);
  });
}

/**
 * @example placedPath("here.csv", { typedIn: "/shop/notebooks", here: "/shop" }) // "/shop/notebooks/here.csv"
 */
export function placedPath(
  path: string,
  { typedIn, here }: { readonly typedIn: string; readonly here: string },
): string {
  const there = resolve(typedIn, path);
  if (isAbsolute(path) || (!existsSync(there) && existsSync(resolve(here, path)))) return path;
  return there;
}
