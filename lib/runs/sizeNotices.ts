import { baselineLimit } from "../baselines/fitBaselines";
import { InputError } from "../data/inputError";
import { candidateCount } from "../encoders/candidates";
import { fittingEpochs } from "../encoders/nextItem";
import { nextItemConfig } from "../encoders/nextItemConfig";
import { sequenceNetwork } from "../encoders/sequenceNetworks";
import { requireRoomFor, statesPlace } from "../encoders/stateCache";
import type { AgentEntry } from "../settings/agents";
import type { RunConfig } from "../settings/runConfig";
import type { PreparedData } from "./preparedData";

/** Entries that the next-item model reads in a second, about: two cores, GRU, all of 10,000 items or 4,000 drawn. */
const readInSecond = 15_000;

/**
 * What a run does otherwise because its log is large, a line each, before the work begins.
 *
 * @throws InputError where something would not fit, with numbers and what to set.
 * @example sizeNotices(data, agentEntry("td3"), config) // [] on goodbooks
 */
export function sizeNotices(data: PreparedData, entry: AgentEntry, config: RunConfig): string[] {
  const { interactions } = data.dataset;
  const entries = data.histories.items.length;
  if (entry.kind === "baseline") {
    const limit = baselineLimit(entry.name, interactions);
    if (limit !== undefined)
      throw new InputError(`--agent ${entry.name}: ${limit}`, {
        expected: "a smaller catalogue, or another agent (item-knn, next-item)",
      });
  }
  if (entry.kind === "baseline" || entry.kind === "classic") return [];
  const model = nextItemConfig(config.nextItem);
  const notices: string[] = [];
  const items = interactions.itemIds.length;
  const drawn = candidateCount(model.candidates, items);
  if (drawn !== undefined && model.candidates === "auto")
    notices.push(
      `of ${count(items)} items, ${count(drawn)} are drawn for each update of the next-item model beside the true and the most frequent ones (--set nextItem.candidates=all takes all)`,
    );
  if (model.epochs === null && fittingEpochs(entries) < 8) {
    const epochs = fittingEpochs(entries);
    const minutes = Math.round((epochs * entries) / readInSecond / 60);
    notices.push(
      `the next-item model reads ${count(entries)} entries in ${epochs} ${epochs === 1 ? "epoch" : "epochs"}, about ${minutes} minutes on two cores (--set nextItem.epochs=N for another number, --set steps=N for the updates after it)`,
    );
  }
  if (entry.kind === "actor-critic") {
    const { stateSize } = sequenceNetwork(model);
    const place = statesPlace(entries, stateSize);
    if (place !== undefined) {
      requireRoomFor(entries, stateSize);
      notices.push(place);
    }
  }
  return notices;
}

function count(n: number): string {
  return n.toLocaleString("en-US");
}
