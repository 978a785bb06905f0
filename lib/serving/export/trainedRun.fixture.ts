import { join } from "node:path";
import type { Dataset } from "../../data/dataset";
import { syntheticDataset } from "../../data/synthetic";
import { random } from "../../math/random";
import { trainRun } from "../../runs/trainRun";
import { resolveConfig } from "../../settings/resolveConfig";

/** For tests: a small log with genres and prices in which some items are gone, and runs trained on it in a second. */
export function smallShop(): Dataset {
  const made = syntheticDataset({ config: { users: 50, items: 60, genres: 4, rows: [8, 16] } });
  const draw = random(2);
  const price = Float64Array.from({ length: 60 }, (_, row) => (row === 7 ? Number.NaN : draw.integer(40)));
  const available = Float64Array.from({ length: 60 }, (_, row) => (row % 9 === 4 ? 0 : 1));
  const { catalog } = made;
  return { ...made, catalog: { ...catalog, numbers: { ...catalog.numbers, price, available } } };
}

const quick = [
  ...["nextItem.epochs=2", "nextItem.units=8", "nextItem.width=8", "validationUsers=20"],
  "policy.candidates=20",
];
const quickActor = ["steps=12", "evaluateEvery=12", "batchSize=16", "keep=last"];

/** Trains a run and says where it is. */
export async function trainedRun(
  root: string,
  name: string,
  {
    agent,
    set = [],
    dataset = smallShop(),
  }: { readonly agent: string; readonly set?: readonly string[]; readonly dataset?: Dataset },
): Promise<string> {
  const folder = join(root, name);
  const isActor = !/next-item|item-knn|rules|popular|random|ease/.test(agent);
  const isModel = isActor || agent === "next-item";
  const all = [...(isModel ? quick : []), ...(isActor ? quickActor : []), ...set];
  await trainRun({ folder, root, dataset, config: resolveConfig({ agent, set: all }) });
  return folder;
}
