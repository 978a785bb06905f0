import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { stringify } from "yaml";
import { decimals } from "../runs/signedText";
import type { ConfigSource, Settings } from "../settings/readConfig";
import { resolveConfig } from "../settings/resolveConfig";
import { type RunConfig, splitSettings } from "../settings/runConfig";
import { withTried } from "../settings/searchSpace";
import type { TuneConfig } from "../settings/tuneConfig";
import { candidates, ranked, type TuneResults } from "./results";
import { verdictOf } from "./text";

/** The trial that is worth keeping: the best under fresh seeds where they were trained again, else the best. */
export function foundTrial(results: TuneResults) {
  const { confirmation, trials } = results;
  const again = confirmation?.rows.filter(({ trial }) => trial !== undefined) ?? [];
  if (again.length > 0) {
    const best = again.reduce((a, b) => (b.ndcg.mean > a.ndcg.mean ? b : a));
    return trials.find(({ number }) => number === best.trial);
  }
  return candidates(trials, 1)[0] ?? ranked(trials)[0];
}

/**
 * What was found, as a file for `train --config`: what differs from the agent's own defaults, below what it is worth.
 *
 * @param about lines of comment at its head
 */
export function foundFile(
  results: TuneResults,
  tune: TuneConfig,
  about: readonly string[],
): string | undefined {
  const trial = foundTrial(results);
  if (trial === undefined) return undefined;
  const { confirmation } = results;
  const row = confirmation?.rows.find((each) => each.trial === trial.number);
  const start = confirmation?.rows.find((each) => each.trial === undefined);
  const worth =
    row === undefined
      ? "Not trained again under fresh seeds: its figure is flattering."
      : `Under fresh seeds ${decimals(row.ndcg.mean)}, the default settings ${decimals(start?.ndcg.mean ?? Number.NaN)}: ${verdictOf(row, start)}.`;
  const notes = [...about, `Trial ${trial.number}: ${decimals(trial.value!)}. ${worth}`];
  const { seed: _, agent, ...rest } = changesOf(withTried(tune.base, tune.search, trial.params, tune.entry));
  const settings = { ...rest, agent: { name: tune.entry.name, ...(agent as Settings | undefined) } };
  return `${notes.map((note) => `# ${note}\n`).join("")}${stringify(settings)}`;
}

/** An experiment's file that compares what was found with the default settings on the test rows. */
export function comparisonFile(
  results: TuneResults,
  tune: TuneConfig,
  file: ConfigSource,
): string | undefined {
  const trial = foundTrial(results);
  if (trial === undefined) return undefined;
  const data: Record<string, unknown> = { ...(file.value.data as Settings) };
  for (const key of ["interactions", "items"]) {
    const path = data[key];
    if (typeof path === "string") data[key] = placeOf(path, file.name);
  }
  const model = (name: string, config: RunConfig): object => {
    const { seed: _, agent, ...rest } = changesOf(config);
    const own = Object.entries(rest).filter(([key]) => !(key in splitSettings));
    return { name, type: tune.entry.name, params: agent ?? {}, ...Object.fromEntries(own) };
  };
  const { base, search, entry } = tune;
  const models = [
    model("default settings", base),
    model(`trial ${trial.number}`, withTried(base, search, trial.params, entry)),
  ];
  const head = `# What the search ${results.study} found beside the default settings, on the TEST rows:\n# npm run -s experiment -- --config THIS_FILE\n`;
  return `${head}${stringify({ data, training: { seeds: 5 }, controls: false, models })}`;
}

/** Where a file of data lies: as it is named, else beside the search's file. */
function placeOf(path: string, file: string): string {
  const beside = resolve(dirname(file), path);
  return !existsSync(path) && existsSync(beside) ? beside : resolve(path);
}

/** What of a run's settings differs from the agent's defaults. */
function changesOf(config: RunConfig): Record<string, unknown> {
  return differing(
    config as unknown as Settings,
    resolveConfig({ agent: config.agent.name }) as unknown as Settings,
  );
}

function differing(own: Settings, usual: Settings): Record<string, unknown> {
  const isGroup = (value: unknown): value is Settings =>
    value !== null && typeof value === "object" && !Array.isArray(value);
  return Object.fromEntries(
    Object.entries(own).flatMap(([key, value]): [string, unknown][] => {
      const other = usual[key];
      if (JSON.stringify(value) === JSON.stringify(other)) return [];
      return [[key, isGroup(value) && isGroup(other) ? differing(value, other) : value]];
    }),
  );
}
