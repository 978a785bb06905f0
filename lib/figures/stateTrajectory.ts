import { principalPlane } from "../math/principalPlane";
import type { About, Figure, Numbers } from "./figure";
import { labelAnnotations, placeLabels, shortTitle, spanOf } from "./placeLabels";
import { lightToDark, palette, styled } from "./theme";

/** How many steps of the path are named in the picture. */
const namedSteps = 6;

/**
 * One reader's state after each book, as a path on the plane that keeps most of the spread of the background
 * (other readers' states; the path itself when none are given).
 */
export function stateTrajectory(
  input: {
    /** [steps × width] the state after each entry of the history */
    states: Numbers;
    width: number;
    /** [steps] what was read at each step */
    titles: readonly string[];
    /** [n × width] states of other readers */
    background?: Numbers;
  } & About,
): Figure {
  const { states, width, titles, background, ...about } = input;
  const plane = principalPlane(background ?? states, width);
  const path = plane.project(states);
  const cloud = background === undefined ? new Float64Array(0) : plane.project(background);
  const xs = (places: Float64Array): number[] => Array.from(places).filter((_, i) => i % 2 === 0);
  const ys = (places: Float64Array): number[] => Array.from(places).filter((_, i) => i % 2 === 1);
  const steps = titles.length;
  const count = Math.min(namedSteps, steps);
  const named = [
    ...new Set(
      Array.from({ length: count }, (_, i) => Math.round((i * (steps - 1)) / Math.max(1, count - 1))),
    ),
  ];
  const range = { x: spanOf([...xs(path), ...xs(cloud)]), y: spanOf([...ys(path), ...ys(cloud)]) };
  const labels = named.map((step) => ({
    text: `${step + 1}. ${shortTitle(titles[step]!, 24)}`,
    x: path[2 * step]!,
    y: path[2 * step + 1]!,
  }));
  const avoid = Array.from({ length: steps }, (_, i) => ({ x: path[2 * i]!, y: path[2 * i + 1]! }));
  const percent = (share: number): string => `${(100 * share).toFixed(0)}% of the spread`;
  return styled(
    [
      {
        type: "scatter",
        mode: "markers",
        name: "other readers",
        x: xs(cloud),
        y: ys(cloud),
        hoverinfo: "skip",
        marker: { color: "#D0D0D0", size: 4 },
      },
      {
        type: "scatter",
        mode: "lines+markers",
        name: "one reader, from light to dark",
        x: xs(path),
        y: ys(path),
        text: titles.map((title, i) => `${i + 1}. ${title}`),
        hovertemplate: "%{text}<extra></extra>",
        line: { color: "rgba(0,114,178,0.45)", width: 1.5 },
        marker: {
          color: Array.from(titles.keys()),
          colorscale: lightToDark.map(([at, colour]) => [at, at === 0 ? "#DEEBF7" : colour]),
          size: 9,
          line: { color: palette.ink, width: 0.5 },
        },
      },
    ],
    {
      xaxis: { range: range.x, title: { text: `first axis (${percent(plane.shares[0])})` } },
      yaxis: { range: range.y, title: { text: `second axis (${percent(plane.shares[1])})` } },
      margin: { t: 100 },
      annotations: labelAnnotations(placeLabels(labels, range, { width: 700, height: 360, avoid })),
    },
    {
      title: "A reader moves",
      caption: `The state of one reader after each of ${steps} titles, as a path among other readers' states.`,
      height: 520,
      ...about,
    },
  );
}
