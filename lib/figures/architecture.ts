import { type Arrow, type Box, diagram } from "./diagram";
import type { Figure } from "./figure";
import { wrapText } from "./layout";

interface Folder {
  readonly name: string;
  readonly idea: string;
}

const { folders, besides } = require("../setup/folders.js") as {
  readonly folders: readonly Folder[];
  readonly besides: readonly Folder[];
};

const perRow = 5;

/** The house: folders of lib, row by row in import order. */
export function architecture(): Figure {
  const place = (i: number) => {
    const row = Math.floor(i / perRow);
    const along = i % perRow;
    return { x: 1.5 + 3 * (row % 2 === 0 ? along : perRow - 1 - along), y: 1.1 + 2.3 * row };
  };
  const boxes: Box[] = folders.map(({ name, idea }, i) => ({
    id: name,
    title: `${name}/`,
    text: wrapText(idea, 20).join("<br>"),
    ...place(i),
    width: 2.4,
    height: 1.5,
  }));
  const last = 1.1 + 2.3 * Math.ceil(folders.length / perRow);
  besides.forEach(({ name, idea }, i) => {
    boxes.push({
      id: name,
      title: `${name}/`,
      text: wrapText(idea, 20).join("<br>"),
      x: 1.5 + 3 * i,
      y: last,
      width: 2.4,
      height: 1.5,
      colour: "#F3F3F3",
    });
  });
  const arrows: Arrow[] = folders.slice(1).map(({ name }, i) => ({ from: folders[i].name, to: name }));
  return diagram(boxes, arrows, {
    title: "The folders of lib, in import order",
    subtitle: "a folder imports only from those before it on the line; the grey ones stand beside it",
    caption: `The ${folders.length} folders of lib on the line of imports, from ${folders[0].name} to ${folders[folders.length - 1].name}, and the two beside it.`,
    columns: 15,
    rows: last + 1.1,
  });
}
