import type { About, Figure, Numbers } from "./figure";
import { shortTitle } from "./placeLabels";
import { palette, styled } from "./theme";

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
  const names = places.map((i) => `${i + 1}. ${shortTitle(titles[i]!, 40)}`);
  const group = (name: string, members: number[], colour: string, showlegend: boolean) => ({
    type: "bar",
    orientation: "h",
    name,
    showlegend,
    x: members.map((i) => 100 * probabilities[i]!),
    y: members.map((i) => names[i]!),
    marker: { color: colour },
    hovertemplate: "%{y}: %{x:.2f}%<extra></extra>",
  });
  // Beyond the bar and the diamond, whichever reaches further.
  const numbers = {
    type: "scatter",
    mode: "text",
    x: places.map((i) => 100 * Math.max(probabilities[i]!, drawn?.[i] ?? 0)),
    y: names,
    text: places.map((i) => `\u00a0\u00a0\u00a0${(100 * probabilities[i]!).toFixed(1)}%`),
    textposition: "middle right",
    cliponaxis: false,
    showlegend: false,
    hoverinfo: "skip",
  };
  const highest = Math.max(...Array.from(probabilities), ...Array.from(drawn ?? [])) * 100;
  const legend = marked.length > 0 || drawn !== undefined;
  return styled(
    [
      group(
        "in the list",
        places.filter((i) => !marked.includes(i)),
        palette.blue,
        legend,
      ),
      group(
        mark,
        places.filter((i) => marked.includes(i)),
        palette.orange,
        marked.length > 0,
      ),
      ...(drawn === undefined
        ? []
        : [
            {
              type: "scatter",
              mode: "markers",
              name: "share of the draws",
              x: Array.from(drawn, (share) => 100 * share),
              y: names,
              marker: { symbol: "diamond-open", size: 11, color: palette.ink, line: { width: 2 } },
              hovertemplate: "%{y}: drawn %{x:.2f}%<extra></extra>",
            },
          ]),
      numbers,
    ],
    {
      xaxis: { title: { text: "probability of being served first (%)" }, range: [0, 1.15 * highest] },
      yaxis: { categoryorder: "array", categoryarray: [...names].reverse(), showgrid: false, ticks: "" },
      bargap: 0.3,
      margin: { t: legend ? 100 : 76 },
    },
    {
      title: "From action to list",
      caption: `A list of ${titles.length}: first is ${titles[0]}, with ${(100 * probabilities[0]!).toFixed(1)}%.`,
      height: Math.max(300, 150 + 30 * titles.length),
      ...about,
    },
  );
}
