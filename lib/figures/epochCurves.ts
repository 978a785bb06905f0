import type { About, Figure } from "./figure";
import { dots } from "./marks/dots";
import { lines } from "./marks/lines";
import { note, rule } from "./marks/rules";
import { plot } from "./plot";
import { palette } from "./theme";

/**
 * What training lowers, and what it is for, side by side: the loss of each pass over the data beside that of guessing,
 * and NDCG@10 on validation with a star at the pass whose weights are kept.
 *
 * @param input.epochs as `NextItemModel.training` has them
 * @param input.items N: guessing among them has a loss of ln N
 * @param input.kept the pass whose weights are kept, from 1
 * @throws when there is no pass.
 * @example epochCurves({ epochs: model.training, kept: model.bestEpoch, items: catalog.size, dataset: label })
 */
export function epochCurves(
  input: {
    readonly epochs: readonly { readonly loss: number; readonly validationNdcg?: number }[];
    readonly items: number;
    readonly kept: number;
  } & About,
): Figure {
  const { epochs, items, kept, ...about } = input;
  if (epochs.length === 0) throw new Error("epochCurves requires at least one epoch, got none");
  const x = epochs.map((_, i) => i + 1);
  const losses = epochs.map(({ loss }) => loss);
  const marks = epochs.map(({ validationNdcg = Number.NaN }) => validationNdcg);
  const cut = kept === epochs.length && kept > 1;
  const star = { symbol: "star", size: 15, colour: palette.red };
  const late = 2 * kept > epochs.length;
  const word = note(cut ? "kept: the last" : "kept", {
    ...{ x: kept, y: marks[kept - 1], colour: palette.ink },
    anchor: { x: late ? "right" : "left", y: "middle" },
    shift: [late ? -14 : 14, 8],
  });
  const guessing = rule({ y: Math.log(items) }, { label: "guessing: ln N", below: true });
  return plot({
    panels: [
      { marks: [guessing, lines({ x, y: losses })], y: "training loss" },
      {
        marks: [
          lines({ x, y: marks, colour: palette.green }),
          dots({ x: [kept], y: [marks[kept - 1]], ...star }),
          word,
        ],
        y: "validation NDCG@10 (does not start at 0)",
      },
    ],
    x: { title: "epoch", ...(x.length <= 8 ? { ticks: x } : {}) },
    title: "Training lowers the loss; better lists are what it is for",
    caption: `NDCG@10 on validation goes from ${marks[0].toFixed(3)} to ${marks[kept - 1].toFixed(3)} in epoch ${kept}, whose weights are kept${cut ? "; there training was cut off" : ""}.`,
    ...about,
  });
}
