import type { About, Figure } from "./figure";
import { type Line, lines } from "./marks/lines";
import { rule } from "./marks/rules";
import { plot } from "./plot";

/** Any curves over a common axis; `plot` with the mark `lines` does the same and more. */
export function bandedLines(
  input: {
    readonly lines: readonly (Line & { readonly name: string })[];
    readonly x: string;
    readonly y: string;
    readonly title: string;
    readonly caption: string;
    readonly logarithmic?: boolean;
    /** what stands below the places of the first line instead of numbers */
    readonly ticks?: readonly string[];
    /** the upright axis starts at 0, so that heights can be compared as they look */
    readonly fromZero?: boolean;
    /** a value to compare with, drawn as a dashed line across */
    readonly reference?: { readonly value: number; readonly name: string };
  } & About,
): Figure {
  const { lines: all, x, y, logarithmic = false, ticks, fromZero = false, reference, ...about } = input;
  return plot({
    marks: [
      ...(reference === undefined ? [] : [rule({ y: reference.value }, { label: reference.name })]),
      lines(all),
    ],
    x: { title: x, log: logarithmic, ...(ticks === undefined ? {} : { tickNames: ticks }) },
    y: { title: y, zero: fromZero },
    ...about,
  });
}
