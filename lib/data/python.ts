import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** The project's Python where set-up has made it, else the machine's. */
export function python(): string {
  const own = resolve(".venv", "bin", "python");
  return existsSync(own) ? own : "python3";
}

/** The last line a failed command wrote to stderr, which for Python is the reason. */
export function lastLine(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string };
  const lines = (stderr ?? "").trim().split("\n");
  return lines[lines.length - 1] || message;
}
