import { isDeepStrictEqual } from "node:util";
import { type FinishedRun, readFinished } from "./runFolder";
import { keptText } from "./runRecord";
import { decimals, signedText } from "./signedText";

/** Two runs side by side, from what they say of themselves. */
export interface RunComparison {
  readonly folders: readonly [string, string];
  /** Dotted names of settings that differ, with the value of each; undefined where one has no such setting. */
  readonly settings: readonly { readonly name: string; readonly values: readonly [unknown, unknown] }[];
  readonly figures: readonly { readonly name: string; readonly values: readonly [string, string] }[];
  /** Why their validation figures do not belong side by side; empty where they do. */
  readonly unlike: readonly string[];
  /** What compares them on test rows. */
  readonly command: string;
}

/**
 * Compares two finished runs: the settings that differ and those alone, and what each came to on its validation users.
 *
 * @throws InputError when one is no finished run.
 */
export async function compareRuns(folders: readonly [string, string]): Promise<RunComparison> {
  const runs = [await readFinished(folders[0]), await readFinished(folders[1])] as const;
  const [a, b] = runs.map(({ config }) => flat(config));
  const names = [...new Set([...a.keys(), ...b.keys()])];
  const told = runs.map(figuresOf);
  return {
    folders,
    settings: names
      .filter((name) => !isDeepStrictEqual(a.get(name), b.get(name)))
      .map((name) => ({ name, values: [a.get(name), b.get(name)] as const })),
    figures: [...new Set(told.flatMap((each) => [...each.keys()]))].map((name) => ({
      name,
      values: [told[0].get(name) ?? "", told[1].get(name) ?? ""] as const,
    })),
    unlike: unlikeOf(runs[0], runs[1]),
    command: `npm run -s evaluate -- --run ${folders.map(quoted).join(" --run ")}`,
  };
}

/** Settings by dotted name; lists are values. */
function flat(value: object, above = ""): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [key, inner] of Object.entries(value)) {
    const name = above === "" ? key : `${above}.${key}`;
    if (typeof inner === "object" && inner !== null && !Array.isArray(inner))
      for (const [deep, each] of flat(inner, name)) found.set(deep, each);
    else found.set(name, inner);
  }
  return found;
}

function figuresOf({ summary }: FinishedRun): Map<string, string> {
  const { agent, seed, data, validation, record, warnings, code } = summary;
  const found = new Map<string, string>([
    ["agent", agent],
    ["seed", String(seed)],
    ["data", data.label],
  ]);
  if (validation)
    found.set(
      "validation NDCG@10",
      `${decimals(validation.ndcg.mean)} (${decimals(validation.ndcg.lower)} to ${decimals(validation.ndcg.upper)}), ${validation.users.toLocaleString("en-US")} users`,
    );
  if (record) {
    found.set("kept", keptText(record));
    if (record.stepZero)
      found.set(
        "from step 0",
        `${signedText(record.stepZero.difference, decimals)}: ${record.stepZero.verdict}`,
      );
    for (const name of ["criticLoss", "meanQ", "alarmShare"]) {
      const last = record.curves[name]?.values.at(-1);
      if (last !== undefined) found.set(`${name}, last`, last.toPrecision(4));
    }
  }
  found.set("warnings", warnings.length === 0 ? "none" : warnings.join("; "));
  found.set(
    "made with",
    `offshelf ${code.version}${code.commit === null ? "" : ` (${code.commit.slice(0, 12)})`}`,
  );
  return found;
}

function unlikeOf(a: FinishedRun, b: FinishedRun): string[] {
  const found: string[] = [];
  const [one, other] = [a.summary, b.summary];
  if (
    one.data.label !== other.data.label ||
    one.data.interactions !== other.data.interactions ||
    one.data.users !== other.data.users ||
    one.data.items !== other.data.items
  )
    found.push("they are of different data");
  for (const name of ["protocol", "validationRatio", "testRatio", "relevantAt", "repeats", "refit"] as const)
    if (a.config[name] !== b.config[name])
      found.push(`${name} differs, and with it what is held out or counts`);
  if (one.validation?.users !== other.validation?.users)
    found.push("they were validated on different numbers of users");
  return found;
}

function quoted(folder: string): string {
  return /^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`;
}
