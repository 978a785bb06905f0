import type { Numbers } from "../figure";
import { palette } from "../theme";
import type { Mark } from "./mark";

/**
 * One line for each row, from its first event to its last, with a dot at every event; rows stand in the order of their
 * first events, the earliest at the bottom. A row without events is left out.
 *
 * @param rows [rows][events] times, ascending
 * @example timeline([[0, 25], [50, 95]])
 */
export function timeline(
  rows: readonly Numbers[],
  { colour = palette.blue }: { readonly colour?: string } = {},
): Mark {
  const ordered = rows
    .map((row) => Array.from(row))
    .filter((row) => row.length > 0)
    .sort((a, b) => a[0] - b[0]);
  const skip = { type: "scatter", hoverinfo: "skip", showlegend: false };
  return {
    x: ordered.flat(),
    y: [0, ordered.length - 1],
    draw: () => ({
      traces: [
        {
          ...{ ...skip, mode: "lines", line: { color: "#BBBBBB", width: 1 } },
          x: ordered.flatMap((row) => [row[0], row.at(-1)!, null]),
          y: ordered.flatMap((_, place) => [place, place, null]),
        },
        {
          ...{ ...skip, mode: "markers", marker: { color: colour, size: 4 } },
          x: ordered.flat(),
          y: ordered.flatMap((row, place) => row.map(() => place)),
        },
      ],
    }),
  };
}
