import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";

/** What a run was made with: the package's version, the commit when there is one, and the thread settings. */
export interface CodeVersion {
  readonly version: string;
  readonly commit: string | null;
  readonly node: string;
  /** Settings that decide how sums are ordered, and so the last bits of a result. */
  readonly threads: Readonly<Record<string, string>>;
}

const threadVariables = [
  "OMP_NUM_THREADS",
  "TF_NUM_INTRAOP_THREADS",
  "TF_NUM_INTEROP_THREADS",
  "OFFSHELF_PLAIN_OPS",
];

export function codeVersion(root = resolve(__dirname, "../..")): CodeVersion {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const threads: Record<string, string> = { cores: String(availableParallelism()) };
  for (const name of threadVariables) {
    const value = process.env[name];
    if (value !== undefined) threads[name] = value;
  }
  return { version, commit: commitOf(join(root, ".git")), node: process.version, threads };
}

/** Reads HEAD without starting git; null outside a clone. */
function commitOf(folder: string): string | null {
  try {
    const head = readFileSync(join(folder, "HEAD"), "utf8").trim();
    if (!head.startsWith("ref: ")) return head;
    const name = head.slice(5);
    try {
      return readFileSync(join(folder, name), "utf8").trim();
    } catch {
      const packed = readFileSync(join(folder, "packed-refs"), "utf8");
      return (
        packed
          .split("\n")
          .find((line) => line.endsWith(` ${name}`))
          ?.slice(0, 40) ?? null
      );
    }
  } catch {
    return null;
  }
}
