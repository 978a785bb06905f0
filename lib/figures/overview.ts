import { type Arrow, type Box, diagram } from "./diagram";
import type { Figure } from "./figure";

const learnt = "#FDF1DC";
const judged = "#E3F4EE";

/** Middles of the columns and rows, and the size of a box. */
const across = [1.6, 5.2, 8.8, 12.4];
const down = [1.0, 3.6, 6.2];
const size = { width: 2.8, height: 1.6 };

const box = (column: number, row: number, id: string, text: string, colour?: string): Box => ({
  id,
  title: id,
  text,
  x: across[column],
  y: down[row],
  ...size,
  ...(colour === undefined ? {} : { colour }),
});

/** Above: what the log becomes. Middle: what is learnt from it. Below: what a reader gets, and how it is judged. */
const boxes: readonly Box[] = [
  box(0, 0, "log", "who read what,<br>and liked it how much"),
  box(1, 0, "columns", "typed, in time order,<br>split by time"),
  box(2, 0, "item vectors", "64 numbers<br>an item", learnt),
  box(3, 0, "state", "a history as<br>128 numbers (GRU)", learnt),
  box(0, 1, "reward", "what we want<br>more of"),
  box(1, 1, "replay", "state, action, reward,<br>next state"),
  box(2, 1, "critic", "what an action is<br>worth in the long run", learnt),
  box(3, 1, "actor", "state → action,<br>a point among items", learnt),
  box(3, 2, "nearest items", "FAISS, without<br>what was read"),
  box(2, 2, "list", "ten titles, with<br>probabilities"),
  box(1, 2, "judgement", "ranking, off-policy<br>value, audit", judged),
];

const arrows: readonly Arrow[] = [
  { from: "log", to: "columns" },
  { from: "columns", to: "item vectors" },
  { from: "item vectors", to: "state" },
  { from: "columns", to: "replay" },
  { from: "reward", to: "replay" },
  { from: "replay", to: "critic" },
  { from: "critic", to: "actor", dashed: true },
  { from: "state", to: "actor" },
  { from: "actor", to: "nearest items" },
  { from: "nearest items", to: "list" },
  { from: "list", to: "judgement" },
];

/** What offshelf does, on one picture: blue is computed, orange is learnt, green is measured. */
export function overview(): Figure {
  return diagram(boxes, arrows, {
    title: "From a log of ratings to a list of recommendations",
    subtitle:
      "blue: computed   ·   orange: learnt from the log   ·   green: measured   ·   orange arrow: teaches",
    caption:
      "The road of the data: a log becomes columns, vectors and states; actor and critic learn from replayed transitions; " +
      "an action becomes a list by nearest-neighbour search, and the list is judged.",
    columns: 14,
    rows: 7.2,
  });
}
