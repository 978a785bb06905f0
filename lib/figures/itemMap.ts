import { principalPlane } from "../math/principalPlane";
import type { About, Figure, Numbers } from "./figure";
import { type Dots, dots } from "./marks/dots";
import { shortTitle } from "./placeLabels";
import { plot } from "./plot";
import { series } from "./theme";

/** Shapes beside colours, so that groups differ without colour as well. */
const symbols = ["circle", "square", "diamond", "triangle-up", "cross", "star"];

/**
 * Item vectors on the plane that keeps most of their spread, coloured by group (a genre), with some items named.
 * Two axes of 64 show neighbourhoods, not distances: the axis titles say how much of the spread they hold.
 */
export function itemMap(
  input: {
    /** [n × width] vectors of the items to draw */
    vectors: Numbers;
    width: number;
    /** [n] group of each item; "" where it has none */
    groups: readonly string[];
    /** [n] shown when the pointer is over an item */
    titles: readonly string[];
    /** places (0 … n − 1) of the items to name in the picture */
    named: readonly number[];
  } & About,
): Figure {
  const { vectors, width, groups, titles, named, ...about } = input;
  const plane = principalPlane(vectors, width);
  const places = plane.project(vectors);
  const sizes = new Map<string, number>();
  for (const group of groups) if (group !== "") sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const largest = [...sizes.keys()]
    .sort((a, b) => sizes.get(b)! - sizes.get(a)! || (a < b ? -1 : 1))
    .slice(0, 6);
  const all = Array.from(titles.keys());
  const some = (name: string, members: readonly number[], look: Partial<Dots>): Dots => ({
    ...{ name, x: members.map((i) => places[2 * i]), y: members.map((i) => places[2 * i + 1]) },
    ...{ text: members.map((i) => titles[i]), ...look },
    labels: members.map((i) => (named.includes(i) ? shortTitle(titles[i]) : undefined)),
  });
  const rest = all.filter((i) => !largest.includes(groups[i]));
  const groupsOfDots = [
    some("other", rest, { colour: "#C9C9C9", size: 4 }),
    ...largest.map((group, g) =>
      some(
        group,
        all.filter((i) => groups[i] === group),
        { colour: series[g], size: 6, symbol: symbols[g], opacity: 0.8 },
      ),
    ),
  ].filter(({ x }) => x.length > 0);
  const percent = (share: number): string => `${(100 * share).toFixed(0)}% of the spread`;
  return plot({
    marks: [dots(groupsOfDots)],
    x: `first axis (${percent(plane.shares[0])})`,
    y: `second axis (${percent(plane.shares[1])})`,
    legend: "top",
    title: "The items as a map",
    caption: `${titles.length} items on two axes that hold ${percent(plane.shares[0] + plane.shares[1])}.`,
    height: 560,
    ...about,
  });
}
