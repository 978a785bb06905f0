import { type Arrow, type Box, diagram } from "./diagram";
import type { Figure } from "./figure";

/**
 * The folders of lib in import order: each imports only from those before it. A test compares this list with
 * the folders that are there.
 */
export const folders: readonly { readonly name: string; readonly idea: string }[] = [
  { name: "math", idea: "seeded random,<br>vectors, bootstrap" },
  { name: "tensors", idea: "the only door<br>to TensorFlow" },
  { name: "data", idea: "logs as columns,<br>histories, splits" },
  { name: "retrieval", idea: "nearest items:<br>exact and FAISS" },
  { name: "policies", idea: "items as<br>probabilities" },
  { name: "embeddings", idea: "items as<br>64 numbers" },
  { name: "encoders", idea: "histories as<br>128 numbers" },
  { name: "replay", idea: "rewards and<br>transitions" },
  { name: "agents", idea: "DDPG and<br>its kin" },
  { name: "baselines", idea: "what learning<br>has to beat" },
  { name: "worlds", idea: "simulators whose<br>truth is known" },
  { name: "evaluation", idea: "ranking, off-policy,<br>audit" },
  { name: "experiment", idea: "runs, records,<br>comparisons" },
  { name: "cli", idea: "one file<br>a command" },
];

/** Folders beside the line: figures takes plain data, setup is plain JavaScript that runs before all else. */
export const besides: readonly { readonly name: string; readonly idea: string }[] = [
  { name: "figures", idea: "data in, picture out;<br>imports math only" },
  { name: "setup", idea: "runs before anything<br>is installed" },
];

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
    text: idea,
    ...place(i),
    width: 2.4,
    height: 1.5,
  }));
  const last = 1.1 + 2.3 * Math.ceil(folders.length / perRow);
  besides.forEach(({ name, idea }, i) => {
    boxes.push({
      id: name,
      title: `${name}/`,
      text: idea,
      x: 1.5 + 3 * i,
      y: last,
      width: 2.4,
      height: 1.5,
      colour: "#F3F3F3",
    });
  });
  const arrows: Arrow[] = folders.slice(1).map(({ name }, i) => ({ from: folders[i]!.name, to: name }));
  return diagram(boxes, arrows, {
    title: "The folders of lib, in import order",
    subtitle: "a folder imports only from those before it on the line; the grey ones stand beside it",
    caption: `The ${folders.length} folders of lib on the line of imports, from ${folders[0]!.name} to ${folders[folders.length - 1]!.name}, and the two beside it.`,
    columns: 15,
    rows: last + 1.1,
  });
}
