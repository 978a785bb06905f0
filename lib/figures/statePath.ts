import type { About, Figure, Numbers } from "./figure";
import { dots } from "./marks/dots";
import { lines } from "./marks/lines";
import { shortTitle } from "./placeLabels";
import { plot } from "./plot";
import { lightToDark, palette } from "./theme";

/** Points of a plane. */
interface Places {
  readonly x: Numbers;
  readonly y: Numbers;
}

/**
 * One reader's way through the plane of states: a dot after each title, from light to dark, the step that is longest in
 * all dimensions in red, other readers in grey.
 *
 * @param input.titles what was read, one a dot, at least two
 * @param input.steps lengths of the steps between the dots in all dimensions of the state, one fewer
 * @param input.shares of the spread that the two axes hold
 * @throws when dots, titles and steps do not go together.
 * @example statePath({ path, others, titles, steps, shares: plane.shares, title: "A reader moves", dataset: label })
 */
export function statePath(
  input: {
    readonly path: Places;
    readonly others: Places;
    readonly titles: readonly string[];
    readonly steps: Numbers;
    readonly shares: readonly [number, number];
    readonly title: string;
  } & About,
): Figure {
  const { path, others, titles, steps, shares, ...about } = input;
  if (titles.length < 2 || steps.length !== titles.length - 1 || path.x.length !== titles.length)
    throw new Error(
      `statePath requires two titles or more, a dot for each and a step between, got ${titles.length}, ${path.x.length} and ${steps.length}`,
    );
  const lengths = Array.from(steps);
  const longest = lengths.indexOf(Math.max(...lengths));
  const times = (lengths[longest] * lengths.length) / lengths.reduce((sum, length) => sum + length, 0);
  const every = Math.max(1, Math.round((titles.length - 1) / 4));
  const isNamed = (i: number): boolean =>
    i === 0 || i === titles.length - 1 || i === longest + 1 || (i % every === 0 && i + 1 < titles.length - 1);
  const names = titles.map((title, i) => `${i + 1}. ${shortTitle(title, 24)}`);
  const axis = (name: string, share: number): string =>
    `${name} axis (${(100 * share).toFixed(0)}% of the spread)`;
  const ends = [longest, longest + 1];
  return plot({
    marks: [
      dots({ name: "other readers", ...others, colour: "#D0D0D0", size: 4 }),
      lines({ ...path, colour: "#7FB8D8" }, { width: 1.5, dots: false }),
      lines(
        { x: ends.map((i) => path.x[i]), y: ends.map((i) => path.y[i]), colour: palette.red },
        { width: 4, dots: false },
      ),
      dots(
        {
          ...{ name: "one reader, from light to dark", ...path, text: names, edge: palette.ink },
          labels: names.map((name, i) => (isNamed(i) ? name : undefined)),
          ...{ colour: names.map((_, i) => i), colours: { scale: lightToDark } },
        },
        { avoid: [path] },
      ),
    ],
    x: axis("first", shares[0]),
    y: axis("second", shares[1]),
    height: 520,
    caption: `One reader after each of ${titles.length} titles. The longest step, in red, is to title ${longest + 2}, ${titles[longest + 1]}: ${times.toFixed(1)} times the average.`,
    ...about,
  });
}
