import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Agent } from "../../agents/agent";
import { readArrays } from "../../data/namedArrays";
import { writeJsonAtomically } from "../../data/writeAtomically";
import { makeFolder, writeFailure } from "../../data/writeFailure";
import { nextItemData, trainNextItem } from "../../encoders/nextItem";
import { loadNextItem, nextItemFile } from "../../encoders/nextItemFile";
import { type NextItemModel, nextItemModel } from "../../encoders/nextItemModel";
import { random } from "../../math/random";
import type { RunConfig } from "../../settings/runConfig";
import { chooseColdBias, coldItems, withColdItems } from "../coldStartModel";
import { atMost, type PreparedData } from "../preparedData";
import { agentFile, growAgent } from "./grownAgent";
import { grownModel, type NewItemStarts } from "./grownModel";
import type { Lineage } from "./record";

/** The folder of a run folder that holds what a refreshed run goes on from. */
export const originFolder = "refresh";

interface Kept {
  readonly lineage: Lineage;
  /** Ids of the old catalogue: row i is item i of the weights. */
  readonly items: readonly string[];
  /** The settings with which the same data would be learned from nothing, where that is to be compared. */
  readonly anew?: RunConfig;
}

/** Where the parts of an origin stand: in the run that is gone on from, or copied in the new one's folder. */
export interface OriginPlaces {
  /** Folder of the next-item model; absent for methods without one. */
  readonly model?: string;
  /** Folders of the agent as served and before its first update; absent for methods without updates. */
  readonly agent?: { readonly served: string; readonly start: string };
}

/** What a refreshed run starts from, in place of nothing. */
export interface RunOrigin extends Kept {
  /** Copies all that it needs into the run's folder, so that the run can be continued there. */
  store(folder: string): Promise<void>;
  /** The old model with what is new, learned on for a few passes; for methods with a model. */
  model(
    data: PreparedData,
    config: RunConfig,
    options: { readonly root?: string; onProgress?(done: number, total: number, detail: string): void },
  ): Promise<{ readonly model: NextItemModel; readonly starts: NewItemStarts }>;
  /** Puts a new agent where the old one was, and says how many updates it has had. */
  readonly initial?: (agent: Agent) => Promise<number>;
}

/** Most validation readers that decide which pass counts. */
const mostValidated = 5000;

export function runOrigin(kept: Kept, catalogIds: readonly string[], places: OriginPlaces): RunOrigin {
  const oldRows = new Map(kept.items.map((id, row) => [id, row]));
  const oldItems = Int32Array.from(catalogIds, (id) => oldRows.get(id) ?? -1);
  return {
    ...kept,
    async store(folder) {
      const home = join(folder, originFolder);
      if (places.model === join(home, "next-item")) return; // they stand there already
      await makeFolder(home);
      const copy = async (from: string, name: string, file: string): Promise<void> => {
        await makeFolder(join(home, name));
        await copyFile(join(from, file), join(home, name, file)).catch((error) => {
          throw writeFailure(error, home);
        });
      };
      if (places.model) await copy(places.model, "next-item", nextItemFile);
      if (places.agent) {
        await copy(places.agent.served, "served", agentFile);
        await copy(places.agent.start, "start", agentFile);
      }
      await writeJsonAtomically(join(home, "origin.json"), kept);
    },
    model: (data, config, options) => refreshedModel(places.model!, oldItems, { data, config, ...options }),
    ...(places.agent && {
      initial: async (agent: Agent) => {
        const fresh = await mkdtemp(join(tmpdir(), "offshelf-grown-"));
        try {
          await agent.save(fresh);
          await growAgent({ ...places.agent!, fresh }, { oldItems, oldSize: kept.items.length, into: fresh });
          await agent.load(fresh);
          const { header } = await readArrays<{ readonly updates: number }>(join(fresh, agentFile));
          return header.updates;
        } finally {
          await rm(fresh, { recursive: true, force: true });
        }
      },
    }),
  };
}

/** The origin that a refreshed run's folder holds; nothing where it holds none. */
export async function storedOrigin(
  folder: string,
  catalogIds: readonly string[],
): Promise<RunOrigin | undefined> {
  const home = join(folder, originFolder);
  const file = join(home, "origin.json");
  if (!existsSync(file)) return undefined;
  const kept = JSON.parse(await readFile(file, "utf8")) as Kept;
  const [model, served, start] = ["next-item", "served", "start"].map((name) => join(home, name));
  return runOrigin(kept, catalogIds, {
    ...(existsSync(model) && { model }),
    ...(existsSync(served) && { agent: { served, start } }),
  });
}

/**
 * The old model grown by new items, then a few passes over the rows that may be learned from; its weights as they are are a
 * candidate. Items that have no row there yet get their vectors anew from the others' as they are afterwards.
 */
async function refreshedModel(
  folder: string,
  oldItems: Int32Array,
  {
    data,
    config,
    root,
    onProgress,
  }: {
    readonly data: PreparedData;
    readonly config: RunConfig;
    readonly root?: string;
    onProgress?(done: number, total: number, detail: string): void;
  },
): Promise<{ model: NextItemModel; starts: NewItemStarts }> {
  const { catalog, interactions } = data.dataset;
  const old = await loadNextItem(folder);
  const draw = random(config.seed).fork("refresh");
  const source = { histories: data.histories, catalog, ...(root === undefined ? {} : { root }) };
  const grown = await grownModel(old.parameters, { ...source, oldItems, random: draw.fork("texts") });
  old.dispose();
  const { relevantAt, repeats } = data;
  const learned = data.validation
    ? nextItemData(interactions, data.split, { relevantAt, repeats })
    : { histories: data.histories, itemCount: catalog.size };
  const { validation } = learned;
  const few = validation && { validation: atMost(validation, mostValidated, "next-item validation users") };
  const model = await trainNextItem(
    { ...learned, ...few },
    { ...config.nextItem, seed: config.seed },
    {
      from: grown.parameters,
      onProgress: ({ epoch, epochs, share, loss, validationNdcg }) =>
        onProgress?.(
          Math.round(20 * (epoch - 1 + share)),
          20 * epochs,
          `loss ${loss.toFixed(3)}${validationNdcg === undefined ? "" : `, validation NDCG@10 ${validationNdcg.toFixed(4)}`}`,
        ),
    },
  );
  const cold = coldItems(data.histories, catalog.size).filter((item) => oldItems[item] < 0);
  if (cold.length === 0) return { model, starts: grown.starts };
  const left = new Set(cold);
  const warm = Int32Array.from(oldItems, (_, item) => (left.has(item) ? -1 : item));
  const again = await grownModel(model.parameters, { ...source, oldItems: warm, random: draw.fork("cold") });
  model.dispose();
  const placed = nextItemModel(again.parameters);
  if (again.starts.text === 0 || data.validation === undefined)
    return { model: placed, starts: grown.starts };
  const { biases } = chooseColdBias(placed, cold, { validation: data.validation });
  placed.dispose();
  return { model: withColdItems(placed, { rows: cold, biases }), starts: grown.starts };
}
