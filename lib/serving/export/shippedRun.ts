import { companion } from "../../baselines/companion";
import { followLinks, type ItemLinks } from "../../baselines/itemLinks";
import { repeated } from "../../baselines/mostPopular";
import { recencyWeighted } from "../../baselines/positives";
import { randomBaseline } from "../../baselines/randomBaseline";
import type { Catalog } from "../../data/catalog";
import type { Dataset } from "../../data/dataset";
import { idRows } from "../../data/ids";
import { arrayOf, type NamedArrays, readArrays } from "../../data/namedArrays";
import { unavailableItems } from "../../data/unavailableItems";
import { loadNextItem } from "../../encoders/nextItemFile";
import { random } from "../../math/random";
import { normaliseRows } from "../../math/vectors";
import { repeating } from "../../retrieval/recommender";
import { rankedBy, type Scorer } from "../../retrieval/scorer";
import { newAgent } from "../../runs/newAgent";
import type { OpenRun } from "../../runs/openRun";
import { type QueryRecommender, queryRecommender } from "../../runs/queryRecommender";
import { agentEntry } from "../../settings/agents";
import { type ShippedAbout, shippedFiles } from "./shipped";

/** A policy of an exported run, as an open run with a log of nobody. */
export interface ShippedPolicy {
  readonly name: string;
  readonly agent: string;
  readonly run: OpenRun;
}

/** An exported run that is alive again. */
export interface ShippedRun {
  readonly about: ShippedAbout;
  readonly catalog: Catalog;
  /** The run's own policy and, of an actor, the supervised ranking that it started from. */
  readonly policies: readonly ShippedPolicy[];
}

/** Brings to life what `takeRun` took, by the code that opens a run on the server. */
export async function shippedRun(): Promise<ShippedRun> {
  const { header: about, arrays } = await readArrays<ShippedAbout>(shippedFiles.run);
  const dataset = datasetOf(about, arrays);
  const { catalog } = dataset;
  const { config, name } = about;
  // What serves requests reads this much of an open run: it was trained elsewhere.
  const open = (part: Pick<OpenRun, "recommender" | "served" | "unitItems">): OpenRun =>
    ({ config, dataset, ...part }) as unknown as OpenRun;
  const entry = agentEntry(about.agent);
  if (entry.kind === "baseline") {
    const ranked = rankedBy(baselineOf(about, catalog.size, arrays));
    const recommender = { ...(config.repeats ? repeating(ranked) : ranked), name: entry.name };
    return { about, catalog, policies: [{ name, agent: about.agent, run: open({ recommender }) }] };
  }
  const model = await loadNextItem(shippedFiles.nextItem);
  const linked = about.companion.map(({ name: key, ...rest }) => ({
    ...rest,
    links: linksOf(arrays, key, catalog.size),
  }));
  const start = {
    bias: arrayOf(arrays, "bias", Float32Array, shippedFiles.run),
    ...(linked.length > 0 && { companion: companion(linked, { repeats: config.repeats }) }),
    repeats: config.repeats,
  };
  const width = model.itemVectors.length / model.size;
  const unitItems = { vectors: normaliseRows(model.itemVectors.slice(), width), width };
  const policyOf = (label: string, agent: string, served: QueryRecommender): ShippedPolicy => ({
    ...{ name: label, agent },
    run: open({ recommender: served, served, unitItems }),
  });
  const supervised = queryRecommender(model, undefined, start);
  if (entry.kind !== "actor-critic")
    return { about, catalog, policies: [policyOf(name, about.agent, supervised)] };
  const unavailable = unavailableItems(catalog);
  const agent = newAgent(entry, { model, config, start, ...(unavailable && { unavailable }) });
  await agent.load(shippedFiles.agent);
  const served = queryRecommender(model, agent, { ...start, name: entry.name });
  return {
    ...{ about, catalog },
    policies: [
      policyOf(name, about.agent, served),
      policyOf(`${name}, before learning`, "next-item", supervised),
    ],
  };
}

/** The catalogue, whose columns say which items are unavailable, and a log of nobody. */
function datasetOf(about: ShippedAbout, arrays: NamedArrays): Dataset {
  const { ids, titles, text, numbers, likedWeight } = about;
  const columns = Object.fromEntries(
    numbers.map((name) => [name, arrayOf(arrays, `column ${name}`, Float64Array, shippedFiles.run)]),
  );
  const rowOf = idRows(ids).rowOf;
  const catalog = { size: ids.length, ids, titles, text, numbers: columns, rowOf };
  const none = new Int32Array(0);
  const { order, extra, texts, userNumbers, userText } = about.log;
  const nothingIn = (names: readonly string[]): Record<string, Float64Array> =>
    Object.fromEntries(names.map((name) => [name, new Float64Array(0)]));
  const interactions = {
    ...{ size: 0, users: none, items: none, times: new Float64Array(0), userIds: [], itemIds: ids },
    weights: Float32Array.of(likedWeight), // of no row: what serves requests looks for the largest
    ...{ order, weightKind: about.log.weightKind },
    extra: Object.fromEntries(extra.map((name) => [name, new Float32Array(0)])),
    texts: Object.fromEntries(texts.map((name) => [name, { codes: none, values: [] }])),
    userColumns: {
      numbers: nothingIn(userNumbers),
      text: Object.fromEntries(userText.map((name) => [name, []])),
    },
  };
  const { dataset: label } = about;
  return {
    ...{ name: label, label, origin: "an exported run", skippedRows: 0, notices: [] },
    ...{ interactions, catalog },
  };
}

function baselineOf({ agent, config, baseline }: ShippedAbout, items: number, arrays: NamedArrays): Scorer {
  if (baseline?.kind === "random") return randomBaseline(items, random(config.seed).fork("random baseline"));
  if (baseline?.kind !== "linked") {
    const scores = arrayOf(arrays, "scores", Float64Array, shippedFiles.run);
    return { name: agent, items, scores: (histories) => repeated(scores, histories.size) };
  }
  const links = linksOf(arrays, "links", items);
  return {
    ...{ name: agent, items },
    scores: (histories) => followLinks(links, recencyWeighted(histories, baseline)),
  };
}

function linksOf(arrays: NamedArrays, name: string, items: number): ItemLinks {
  const rows = (part: string): Int32Array => arrayOf(arrays, `${name}.${part}`, Int32Array, shippedFiles.run);
  const weights = arrayOf(arrays, `${name}.weights`, Float32Array, shippedFiles.run);
  return { items, offsets: rows("offsets"), targets: rows("targets"), weights };
}
