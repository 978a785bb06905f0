import type { About, Figure, Numbers } from "./figure";
import { panelAxes, panels } from "./panels";
import { palette, styled } from "./theme";

/**
 * Training seen from both sides: the loss it lowers, and the ranking of validation items it is meant to raise.
 * The epoch that was kept is marked.
 */
export function trainingCurves(
  input: {
    /** [epochs] mean training loss of each epoch */
    loss: Numbers;
    /** [epochs] ranking on validation after each epoch */
    validation: Numbers;
    metric?: string;
    /** loss of guessing every item alike (ln N), drawn as a reference */
    chance?: number;
  } & About,
): Figure {
  const { loss, validation, metric = "NDCG@10", chance, ...about } = input;
  const epochs = Array.from({ length: loss.length }, (_, i) => i + 1);
  const scores = Array.from(validation);
  const kept = scores.indexOf(Math.max(...scores));
  const room = scores[kept]! - Math.min(...scores) || 0.01;
  const [left, right] = panels(2, 0.16);
  const line = { type: "scatter", mode: "lines+markers", marker: { size: 7 }, x: epochs, showlegend: false };
  const traces: Record<string, unknown>[] = [
    { ...line, ...left!.axes, y: Array.from(loss), line: { color: palette.blue, width: 3 } },
    { ...line, ...right!.axes, y: scores, line: { color: palette.green, width: 3 } },
    {
      ...right!.axes,
      type: "scatter",
      mode: "markers",
      showlegend: false,
      x: [kept + 1],
      y: [scores[kept]!],
      marker: { color: palette.red, size: 15, symbol: "star" },
    },
  ];
  if (chance !== undefined)
    traces.push({
      ...left!.axes,
      type: "scatter",
      mode: "lines",
      showlegend: false,
      x: [1, Math.max(epochs.length, 2)],
      y: [chance, chance],
      line: { color: palette.grey, width: 1.5, dash: "dash" },
    });
  return styled(
    traces,
    {
      ...panelAxes(
        left!,
        { title: { text: "epoch" }, dtick: Math.ceil(epochs.length / 10) },
        { title: { text: "training loss" } },
      ),
      ...panelAxes(
        right!,
        { title: { text: "epoch" }, dtick: Math.ceil(epochs.length / 10) },
        {
          title: { text: `validation ${metric}` },
          range: [Math.min(...scores) - 0.08 * room, scores[kept]! + 0.2 * room],
        },
      ),
      annotations: [
        {
          xref: right!.axes.xaxis,
          yref: right!.axes.yaxis,
          x: kept + 1,
          y: scores[kept]!,
          text: `kept: ${scores[kept]!.toFixed(4)}`,
          showarrow: false,
          yanchor: "bottom",
          yshift: 10,
          xanchor: kept === 0 ? "left" : kept > 0.8 * epochs.length ? "right" : "center",
        },
        ...(chance === undefined
          ? []
          : [
              {
                xref: left!.axes.xaxis,
                yref: left!.axes.yaxis,
                x: epochs.length,
                y: chance,
                text: "guessing",
                showarrow: false,
                xanchor: "right",
                yanchor: "top",
                font: { color: palette.grey },
              },
            ]),
      ],
    },
    {
      title: "Training, and what it is for",
      caption: `Validation ${metric} is highest in epoch ${kept + 1} (${scores[kept]!.toFixed(4)}), which is kept.`,
      ...about,
    },
  );
}
