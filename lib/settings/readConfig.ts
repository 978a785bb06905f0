import { readFile } from "node:fs/promises";
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parse, parseDocument } from "yaml";
import type { z } from "zod";
import { InputError } from "../data/inputError";
import { expectationAt, keysAt } from "../data/settings";

/** Settings under their names, groups within groups. */
export type Settings = Readonly<Record<string, unknown>>;

type Path = readonly PropertyKey[];

/** A settings file as read: its value, and the line of any path in it. */
export interface ConfigSource {
  /** What messages call it: the file's name, or `--set agent.discount=0.9`. */
  readonly name: string;
  readonly value: Settings;
  /** 1-based line of a key, when the source has lines. */
  lineOf(path: Path): number | undefined;
}

/**
 * Reads a YAML settings file and keeps the line of every key, so that whatever is wrong with a value can be
 * named as `file:line`.
 *
 * @throws InputError when the file cannot be read, is not YAML, or is not a mapping.
 */
export async function readConfig(file: string): Promise<ConfigSource> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new InputError("cannot be read", { file, expected: `a YAML file (${(error as Error).message})` });
  }
  return parseConfig(text, file);
}

/** The same from text; `name` is what messages call it. */
export function parseConfig(text: string, name: string): ConfigSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problem = document.errors[0];
  if (problem !== undefined)
    throw new InputError(`is not YAML: ${problem.message}`, {
      file: name,
      line: lines.linePos(problem.pos[0]).line,
    });
  const value: unknown = document.toJS() ?? {};
  if (typeof value !== "object" || Array.isArray(value))
    throw new InputError("holds no settings", { file: name, line: 1, expected: 'lines of "key: value"' });
  return {
    name,
    value: value as Settings,
    lineOf: (path) => lineOf(document, lines, path),
  };
}

/** Line of the key at `path`, or of the nearest key above it. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of path) {
    if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = (isNode(node) ? node.range?.[0] : undefined) ?? offset;
      continue;
    }
    if (!isMap(node)) break;
    const pair = node.items.find((entry) => isScalar(entry.key) && String(entry.key.value) === String(key));
    if (pair === undefined) break;
    offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
    node = pair.value;
  }
  return lines.linePos(offset).line;
}

/**
 * One `--set key.key=value`. The value is read as YAML, so `0.9` is a number, `true` a switch, `[64, 32]` a
 * list and anything else text.
 *
 * @throws InputError without "=" or with an empty key.
 * @example parseOverride("agent.discount=0.9").value // { agent: { discount: 0.9 } }
 */
export function parseOverride(text: string): ConfigSource {
  const equals = text.indexOf("=");
  const keys = text.slice(0, Math.max(0, equals)).split(".");
  const name = `--set ${text}`;
  if (equals < 1 || keys.some((key) => key.trim() === ""))
    throw new InputError(`${name}: is not a setting`, {
      expected: "--set key=value or --set group.key=value",
    });
  let value: unknown;
  try {
    value = parse(text.slice(equals + 1));
  } catch {
    value = text.slice(equals + 1);
  }
  for (const key of [...keys].reverse()) value = { [key.trim()]: value };
  return sourceOf(name, value as Settings);
}

/** Sources laid over each other, later ones first: groups are merged key by key, everything else replaced. */
export function merge(...values: readonly Settings[]): Settings {
  const merged: Record<string, unknown> = {};
  for (const value of values)
    for (const [key, entry] of Object.entries(value)) merged[key] = mergeEntry(merged[key], entry);
  return merged;
}

function mergeEntry(under: unknown, over: unknown): unknown {
  return isGroup(under) && isGroup(over) ? merge(under, over) : over;
}

function isGroup(value: unknown): value is Settings {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/**
 * Checks what a source says of some settings, or of those at a path in it. What is wrong is named by where it stands:
 * `run.yaml:12: unknown key "discout" of agent, expected one of name, discount`. Rules between settings are not for one
 * source to keep; see `parseTogether`.
 *
 * @throws InputError naming the first problem.
 */
export function check(source: ConfigSource, schema: z.ZodType, at: Path = []): void {
  const { error } = schema.safeParse(valueAt(source.value, at));
  const issue = error?.issues.find(({ code }) => code !== "custom");
  if (issue !== undefined) throw refusal(source, schema, issue, at);
}

/**
 * Settings put together from sources that `check` has passed, later ones first.
 *
 * @param own what the command itself says, over all sources
 * @throws InputError where settings do not go together, naming the last source that speaks of them.
 */
export function parseTogether<S extends z.ZodType>(
  schema: S,
  sources: readonly ConfigSource[],
  own: Settings,
): z.output<S> {
  const result = schema.safeParse(merge(...sources.map(({ value }) => value), own));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const says = (path: Path) => (source: ConfigSource) => valueAt(source.value, path) !== null;
  const source =
    sources.filter(says(issue.path)).at(-1) ??
    sources.filter(says(issue.path.slice(0, -1))).at(-1) ??
    sources.at(-1) ??
    sourceOf("settings", own);
  throw refusal(source, schema, issue, []);
}

function sourceOf(name: string, value: Settings): ConfigSource {
  return { name, value, lineOf: () => undefined };
}

function refusal(source: ConfigSource, schema: z.ZodType, issue: z.core.$ZodIssue, at: Path): InputError {
  const inside = issue.path.map(String);
  const path = [...at.map(String), ...inside];
  if (issue.code === "unrecognized_keys") {
    const [key] = issue.keys;
    return refusalAt(source, [...path, key], {
      what: `unknown key "${key}"${path.length > 0 ? ` of ${path.join(".")}` : ""}`,
      expected: `one of ${keysAt(schema, inside).join(", ")}`,
    });
  }
  // A list is named as a whole, not by the entry that is wrong.
  while (/^\d+$/.test(inside.at(-1) ?? "")) {
    inside.pop();
    path.pop();
  }
  const name = path.join(".") || "the file";
  if (issue.code === "custom")
    return refusalAt(source, path, { what: `${name} does not go with the others`, expected: issue.message });
  return refusalAt(source, path, {
    what: `${name} is ${JSON.stringify(valueAt(source.value, path))}`,
    expected:
      issue.code === "invalid_format"
        ? issue.message
        : (expectationAt(schema, inside) ?? "a group of settings"),
  });
}

function refusalAt(
  source: ConfigSource,
  path: Path,
  { what, expected }: { readonly what: string; readonly expected: string },
): InputError {
  const line = source.lineOf(path);
  return line === undefined
    ? new InputError(`${source.name}: ${what}`, { expected })
    : new InputError(what, { file: source.name, line, expected });
}

/** What a path leads to; null where it leads nowhere. */
function valueAt(value: unknown, path: Path): unknown {
  const found = path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === "object" ? (inner as Settings)[String(key)] : undefined,
    value,
  );
  return found ?? null;
}
