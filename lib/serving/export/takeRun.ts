import { basename, join, resolve } from "node:path";
import type { NeuralAgent } from "../../agents/agent";
import { fitBaseline } from "../../baselines/fitBaselines";
import type { ItemLinks } from "../../baselines/itemLinks";
import { defaultSettings } from "../../baselines/settings";
import type { Catalog } from "../../data/catalog";
import { historiesOfLists } from "../../data/histories";
import { InputError } from "../../data/inputError";
import { type NamedArrays, readArrays } from "../../data/namedArrays";
import { unavailableItems } from "../../data/unavailableItems";
import { loadNextItem, nextItemFile } from "../../encoders/nextItemFile";
import { random } from "../../math/random";
import type { Scorer } from "../../retrieval/scorer";
import { checkpoints } from "../../runs/checkpoint";
import { newAgent } from "../../runs/newAgent";
import type { OpenRun } from "../../runs/openRun";
import { type FinishedRun, runFiles } from "../../runs/runFolder";
import { linkedModels, linkedNames, minimumWeight, supervisedStart } from "../../runs/supervisedStart";
import type { ActorEntry } from "../../settings/agents";
import { agentEntry } from "../../settings/agents";
import {
  type LinkedAbout,
  type ShippedAbout,
  type ShippedBaseline,
  shippedFiles,
  shippedFormat,
} from "./shipped";
import type { ShippedFile } from "./unpack";

/** Why runs of an agent cannot become a page; undefined where they can. */
function cannotShip(agent: string): string | undefined {
  const entry = agentEntry(agent);
  if (entry.kind === "classic")
    return "what it learned holds the histories of the log's readers, which are not given away";
  if (/^ease/.test(agent)) return "it links every item with every other: its matrix is too large for a page";
  return undefined;
}

/** What may be exported, and what not, in a sentence. */
export const exportable =
  "every actor (ddpg, td3, td3-bc, sac, bcq, iql, reinforce, reinforce-top-k, dqn, cql, greedy-reward, behaviour-cloning), next-item, and the baselines random, most-popular, recent-popularity, item-knn, item-knn-recency and sequence-rules";

/** @throws InputError for runs of agents that cannot be exported: known before a run is opened. */
export function requireExportable({ folder, summary }: FinishedRun): void {
  const why = cannotShip(summary.agent);
  if (why !== undefined)
    throw new InputError(`a run of ${summary.agent} cannot be exported: ${why}`, {
      file: folder,
      expected: `a run of ${exportable}`,
    });
}

/**
 * What a page needs of a run to recommend as it does: the catalogue, models and links between items, and nothing of the
 * readers in its log.
 *
 * @throws InputError for runs of agents that cannot be exported.
 */
export async function takeRun(run: OpenRun): Promise<Map<string, ShippedFile>> {
  const { summary, config, dataset, folder } = run;
  requireExportable(run);
  const { catalog, interactions } = dataset;
  const entry = agentEntry(summary.agent);
  const own = entry.kind === "baseline" ? takeBaseline(run) : await takeModel(run);
  const columns = Object.fromEntries(
    Object.entries(catalog.numbers).map(([name, values]) => [`column ${name}`, values]),
  );
  const about: ShippedAbout = {
    format: shippedFormat,
    name: basename(resolve(folder)),
    agent: summary.agent,
    kind: entry.kind as ShippedAbout["kind"],
    dataset: dataset.label,
    config,
    likedWeight: interactions.weights.reduce((most, weight) => Math.max(most, weight), 0),
    log: {
      ...{ order: interactions.order, weightKind: interactions.weightKind },
      extra: Object.keys(interactions.extra),
      texts: Object.keys(interactions.texts ?? {}),
      userNumbers: Object.keys(interactions.userColumns?.numbers ?? {}),
      userText: Object.keys(interactions.userColumns?.text ?? {}),
    },
    ids: catalog.ids,
    titles: catalog.titles,
    text: shortText(catalog),
    numbers: Object.keys(catalog.numbers),
    companion: own.companion ?? [],
    ...(own.baseline && { baseline: own.baseline }),
  };
  const file = { header: about, arrays: { ...own.arrays, ...popularity(run), ...columns } };
  return new Map<string, ShippedFile>([[shippedFiles.run, file], ...own.files]);
}

interface Taken {
  readonly arrays: NamedArrays;
  readonly files: readonly (readonly [string, ShippedFile])[];
  readonly companion?: readonly LinkedAbout[];
  readonly baseline?: ShippedBaseline;
}

/** Text columns that a page can show and filter by; descriptions of items are too long for that. */
function shortText({ text, size }: Catalog): Catalog["text"] {
  const longest = 200;
  const isShort = (values: readonly string[]): boolean =>
    values.reduce((sum, { length }) => sum + length, 0) <= longest * size;
  return Object.fromEntries(Object.entries(text).filter(([, values]) => isShort(values)));
}

/** Scores of the most popular items, and of those that somebody gets of whom nothing is known (`newReaderLists`). */
function popularity({ dataset, data }: OpenRun): NamedArrays {
  const { interactions } = dataset;
  const rows = Int32Array.from({ length: interactions.size }, (_, row) => row);
  const settings = defaultSettings(interactions, data.split, data);
  const fit = (name: "most-popular" | "recent-popularity"): Float64Array =>
    forNobody(fitBaseline(name, interactions, rows, { settings, random: random(1) }));
  return { popular: fit("most-popular"), recent: fit("recent-popularity") };
}

/** [N] what a method scores for somebody of whom nothing is known. */
function forNobody(scorer: Scorer): Float64Array {
  return scorer.scores(historiesOfLists([[]]));
}

function takeBaseline(run: OpenRun): Taken {
  const { recommender, summary } = run;
  const settings = summary.baseline!;
  const positives = settings.positiveAt === undefined ? {} : { positiveAt: settings.positiveAt };
  if (summary.agent === "random") return { arrays: {}, files: [], baseline: { kind: "random" } };
  if (!("links" in recommender)) {
    const scores = forNobody(recommender as unknown as Scorer);
    return { arrays: { scores }, files: [], baseline: { kind: "same" } };
  }
  const arrays = linkArrays("links", recommender.links as ItemLinks);
  const { itemKnn, itemKnnRecency, sequenceRules } = settings;
  const baseline: ShippedBaseline =
    summary.agent === "sequence-rules"
      ? { kind: "linked", recency: sequenceRules.recency ?? 0.7, last: sequenceRules.last ?? 40 }
      : {
          ...{ kind: "linked", ...positives },
          recency: (summary.agent === "item-knn" ? itemKnn : itemKnnRecency).recency ?? 1,
        };
  return { arrays, files: [], baseline };
}

async function takeModel(run: OpenRun): Promise<Taken> {
  const { folder, summary, data, config, dataset } = run;
  const modelFile = await readArrays(join(folder, runFiles.nextItem, nextItemFile));
  const model = await loadNextItem(join(folder, runFiles.nextItem));
  try {
    const choice = summary.start!; // openRun has refused runs without
    const least = minimumWeight(config, data);
    const linked = linkedModels(data, least);
    const start = supervisedStart(choice, model, data, {
      linked,
      ...(least !== undefined && { minimumWeight: least }),
    });
    const arrays: Record<string, NamedArrays[string]> = { bias: start.bias };
    const companion = linkedNames.flatMap((name): LinkedAbout[] => {
      const chosen = choice.companion[name];
      const known = chosen && linked[name];
      if (chosen === undefined || known === undefined) return [];
      const { links, ...about } = known;
      Object.assign(arrays, linkArrays(name, links));
      return [{ name, ...about, ...chosen }];
    });
    const files: (readonly [string, ShippedFile])[] = [[shippedFiles.nextItem, modelFile]];
    const entry = agentEntry(summary.agent);
    if (entry.kind === "actor-critic") {
      const kept = await checkpoints(join(folder, runFiles.checkpoints));
      const chosen = kept.find(({ step }) => step === summary.record?.chosenStep)!; // openRun has loaded it
      const whole = await readArrays(join(chosen.folder, "agent.arrays"));
      const unavailable = unavailableItems(dataset.catalog);
      const agent = newAgent(entry as ActorEntry, {
        ...{ model, config, start },
        ...(unavailable && { unavailable }),
      });
      const acting = actingOnly(whole.arrays, agent as NeuralAgent<object, object>);
      agent.dispose();
      files.push([shippedFiles.agent, { header: whole.header, arrays: acting }]);
    }
    return { arrays, files, companion };
  } finally {
    model.dispose();
  }
}

/**
 * An agent's numbers with zeros for what it needs to learn and not to act: the optimisers' moments, target networks, and
 * where there is an actor, everything but the actor. All keep their sizes, so that the agent loads as ever.
 */
function actingOnly(arrays: NamedArrays, { networks }: NeuralAgent<object, object>): NamedArrays {
  const names = Object.keys(networks);
  const acts = (name: string): boolean =>
    names.includes("actor") ? name === "actor" : !name.startsWith("target");
  const dropped = new Set<string>();
  let variable = 0;
  for (const [name, held] of Object.entries(networks) as [string, Variables | Variables[]][])
    for (const { variables } of [held].flat())
      for (let i = 0; i < variables.length; i++, variable++)
        if (!acts(name)) dropped.add(`variable ${variable}`);
  return Object.fromEntries(
    Object.entries(arrays).map(([name, values]) => [
      name,
      dropped.has(name) || name.startsWith("optimizer ") ? values.map(() => 0) : values,
    ]),
  );
}

interface Variables {
  readonly variables: readonly unknown[];
}

/** Links as arrays, the targets of each source ascending, so that they pack well: their order does not count. */
function linkArrays(name: string, { items, offsets, targets, weights }: ItemLinks): NamedArrays {
  const sorted = new Int32Array(targets.length);
  const theirs = new Float32Array(weights.length);
  for (let source = 0; source < items; source++) {
    const [start, end] = [offsets[source], offsets[source + 1]];
    const order = Int32Array.from({ length: end - start }, (_, i) => start + i).sort(
      (a, b) => targets[a] - targets[b],
    );
    for (let i = 0; i < order.length; i++) {
      sorted[start + i] = targets[order[i]];
      theirs[start + i] = weights[order[i]];
    }
  }
  return { [`${name}.offsets`]: offsets, [`${name}.targets`]: sorted, [`${name}.weights`]: theirs };
}
