import type { About, Figure, Numbers } from "./figure";
import { bars } from "./marks/bars";
import { dots } from "./marks/dots";
import { shortTitle } from "./placeLabels";
import { plot } from "./plot";
import { palette } from "./theme";

/** A list with the probability of each item being served first, best at the top; marked items stand out. */
export function slateProbabilities(
  input: {
    titles: readonly string[];
    probabilities: Numbers;
    /** places of the list to mark, e.g. what was really read next */
    marked?: readonly number[];
    /** what the mark means */
    mark?: string;
    /** share of some draws that each item got, drawn as an open diamond beside its bar */
    drawn?: Numbers;
  } & About,
): Figure {
  const { titles, probabilities, marked = [], mark = "read next", drawn, ...about } = input;
  const places = Array.from(titles.keys());
  const names = places.map((i) => `${i + 1}. ${shortTitle(titles[i], 40)}`);
  const percent = (share: number): number => 100 * share;
  const rows = places.map((i) => ({
    name: names[i],
    group: marked.includes(i) ? mark : "in the list",
    value: percent(probabilities[i]),
  }));
  const beyond = places.map((i) => percent(Math.max(probabilities[i], drawn?.[i] ?? 0)));
  const legend = marked.length > 0 || drawn !== undefined;
  return plot({
    marks: [
      bars(rows, {
        write: (value) => `\u00a0\u00a0${value.toFixed(1)}%`,
        beyond,
        colours: { [mark]: palette.orange },
      }),
      ...(drawn === undefined
        ? []
        : [
            dots({
              ...{
                name: "share of the draws",
                colour: palette.ink,
                symbol: "diamond-open",
                size: 11,
                edgeWidth: 2,
              },
              ...{ x: Array.from(drawn, percent), y: names },
              text: Array.from(drawn, (share, i) => `${names[i]}: drawn ${percent(share).toFixed(2)}%`),
            }),
          ]),
    ],
    x: { title: "probability of being served first (%)", range: [0, 1.15 * Math.max(...beyond)] },
    legend: legend ? "top" : "none",
    rows: "plain",
    title: "From action to list",
    caption: `A list of ${titles.length}: first is ${titles[0]}, with ${percent(probabilities[0]).toFixed(1)}%.`,
    height: Math.max(300, 150 + 30 * titles.length),
    ...about,
  });
}
