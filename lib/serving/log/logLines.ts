import type { Feedback, ServedSlate } from "../servingLog";

/** What the lines of a log's files are: a head, then slates and feedback in one order. */
export const version = 1;

/** The first line of each file. */
export interface LogHead {
  /** The log's own key, the same in all its files: ids of slates are checked with it. */
  readonly key: string;
  readonly file: number;
}

export type LogEntry =
  | { readonly type: "slate"; readonly slate: ServedSlate }
  | { readonly type: "feedback"; readonly feedback: Feedback };

export function headLine({ key, file }: LogHead): string {
  return `${JSON.stringify({ type: "log", version, key, file })}\n`;
}

/** The line begins with `slateStart`, by which it is found again. */
export function slateLine(slate: ServedSlate): string {
  const { slateId, time, userId, grown, given, policy, items, probabilities, rules, shadow } = slate;
  return `${JSON.stringify({
    ...{
      type: "slate",
      slate_id: slateId,
      time,
      user_id: userId,
      grown,
      given,
      policy,
      items,
      probabilities,
    },
    ...{ rules, shadow },
  })}\n`;
}

export const slateStart = (slateId: string): string =>
  `{"type":"slate","slate_id":${JSON.stringify(slateId)},`;

export function feedbackLine({ slateId, itemId, reward, kind, time }: Feedback): string {
  return `${JSON.stringify({ type: "feedback", slate_id: slateId, item_id: itemId, reward, kind, time })}\n`;
}

/** @returns the head; undefined where the line is none. */
export function headOf(line: string): (LogHead & { readonly version: number }) | undefined {
  const found = parsed(line);
  if (found?.type !== "log" || typeof found.key !== "string" || typeof found.file !== "number")
    return undefined;
  return { key: found.key, file: found.file, version: Number(found.version) };
}

/** @returns what a line says, "head" for a head; undefined where it is no line of a log. */
export function entryOf(line: string): LogEntry | "head" | undefined {
  const found = parsed(line);
  if (found === undefined) return undefined;
  if (found.type === "log") return "head";
  const { slate_id: slateId, time } = found;
  if (typeof slateId !== "string" || typeof time !== "number") return undefined;
  if (found.type === "feedback") {
    const { item_id: itemId, reward, kind } = found;
    if (typeof itemId !== "string" || typeof reward !== "number" || (kind !== "seen" && kind !== "taken"))
      return undefined;
    return { type: "feedback", feedback: { slateId, itemId, reward, kind, time } };
  }
  if (found.type !== "slate") return undefined;
  const { policy, items, probabilities } = found;
  if (typeof policy !== "string" || !areStrings(items) || !areNumbers(probabilities)) return undefined;
  if (items.length !== probabilities.length) return undefined;
  const { user_id: userId, grown, given, rules, shadow } = found;
  return {
    type: "slate",
    slate: {
      ...{ slateId, time },
      ...(typeof userId === "string" && { userId }),
      ...(typeof grown === "number" && { grown }),
      ...(areStrings(given) && { given }),
      ...{ policy, items, probabilities },
      ...(isRecord(rules) && { rules }),
      ...(isRecord(shadow) && { shadow: shadow as unknown as NonNullable<ServedSlate["shadow"]> }),
    },
  };
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const found: unknown = JSON.parse(line);
    return isRecord(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function areStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function areNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => typeof each === "number");
}
