import { tuningHistory, tuningInfluence } from "../figures/tuningPlot";
import { ranked, type TuneResults } from "../tuning/results";
import { written } from "../tuning/text";
import { drawn } from "./experimentFigure";

/** Draws a search's history, and what mattered where that is known; says where. */
export async function tuningFigures(results: TuneResults, folder: string): Promise<string[]> {
  const { trials, importances, data, protocol, users, agent } = results;
  const complete = ranked(trials);
  const start = complete.find(({ about }) => about.default === true)?.value;
  const dataset = `${data}; ${protocol}; ${users.toLocaleString("en-US")} VALIDATION users`;
  const history = tuningHistory({
    dataset,
    title: `Search for settings of ${agent}: the best so far`,
    metric: "NDCG@10",
    ...(start != null && { start }),
    trials: trials
      .filter(({ state }) => state === "complete" || state === "pruned")
      .map(({ number, value, steps, params }) => ({
        number,
        ...(value === null ? {} : { value }),
        ...(steps.length > 0 && { reached: steps[steps.length - 1][1] }),
        text: Object.entries(params)
          .map(([name, tried]) => `${name} ${written(tried)}`)
          .join("<br>"),
      })),
  });
  const told = [await drawn(history, folder, "history")];
  if (importances !== null) {
    const influence = tuningInfluence({ dataset, shares: importances, trials: complete.length });
    told.push(await drawn(influence, folder, "influence"));
  }
  return told;
}
