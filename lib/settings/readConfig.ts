import { readFile } from "node:fs/promises";
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parse, parseDocument } from "yaml";
import type { z } from "zod";
import { InputError } from "../data/inputError";

/** A settings file as read: its value, and the line of any path in it. */
export interface ConfigSource {
  /** What messages call it: the file's name, or `--set agent.discount=0.9`. */
  readonly name: string;
  readonly value: Record<string, unknown>;
  /** 1-based line of a key, when the source has lines. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
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
    value: value as Record<string, unknown>,
    lineOf: (path) => lineOf(document, lines, path),
  };
}

/** Line of the key at `path`, or of the nearest key above it. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
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
  return { name, value: value as Record<string, unknown>, lineOf: () => undefined };
}

/** Sources laid over each other, later ones first: groups are merged key by key, everything else replaced. */
export function merge(...values: readonly Record<string, unknown>[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const value of values)
    for (const [key, entry] of Object.entries(value)) merged[key] = mergeEntry(merged[key], entry);
  return merged;
}

function mergeEntry(under: unknown, over: unknown): unknown {
  return isGroup(under) && isGroup(over) ? merge(under, over) : over;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/**
 * Checks one source against a schema and says what is wrong in the words of a user:
 * `run.yaml:12: unknown key "discout" of agent, expected one of discount, batchSize`.
 *
 * @throws InputError naming the first problem.
 */
export function check<T>(
  source: ConfigSource,
  schema: z.ZodType<T>,
  keysAt: (path: readonly string[]) => string[],
): T {
  const result = schema.safeParse(source.value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const path = issue.path.map(String);
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0]! : undefined;
  const line = source.lineOf(unknown === undefined ? path : [...path, unknown]);
  const what =
    unknown === undefined
      ? `${path.join(".") || "the file"} is ${JSON.stringify(at(source.value, path))}`
      : `unknown key "${unknown}"${path.length > 0 ? ` of ${path.join(".")}` : ""}`;
  const expected = unknown === undefined ? expectationOf(issue) : `one of ${keysAt(path).join(", ")}`;
  throw line === undefined
    ? new InputError(`${source.name}: ${what}`, { expected })
    : new InputError(what, { file: source.name, line, expected });
}

function at(value: unknown, path: readonly string[]): unknown {
  return (
    path.reduce<unknown>((inner, key) => (isGroup(inner) ? inner[key] : (inner as never)?.[key]), value) ??
    null
  );
}

function expectationOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return issue.expected === "number" ? "a number" : `a ${issue.expected}`;
  if (issue.code === "invalid_value") return `one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "too_small") return `at least ${issue.minimum}`;
  if (issue.code === "too_big") return `at most ${issue.maximum}`;
  return issue.message;
}
