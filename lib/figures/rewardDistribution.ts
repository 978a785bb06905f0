import type { About, Figure, Numbers } from "./figure";
import { panelAxes, panels, panelTitle } from "./panels";
import { palette, series, styled } from "./theme";

const bins = 25;

/** The rewards that different reward functions give the same log, one panel each; the dashed line is the mean. */
export function rewardDistribution(input: { rewards: Readonly<Record<string, Numbers>> } & About): Figure {
  const { rewards, ...about } = input;
  const names = Object.keys(rewards);
  const places = panels(names.length, 0.09);
  const traces: Record<string, unknown>[] = [];
  const shapes: Record<string, unknown>[] = [];
  const means: number[] = [];
  let layout: Record<string, unknown> = {};
  names.forEach((name, i) => {
    const panel = places[i]!;
    const values = rewards[name]!;
    const { centres, shares, width, mean } = histogram(values);
    means.push(mean);
    traces.push({
      ...panel.axes,
      type: "bar",
      x: centres,
      y: shares,
      width: 0.92 * width,
      showlegend: false,
      marker: { color: series[i % series.length] },
      hovertemplate: "reward %{x:.2f}: %{y:.1f}%<extra></extra>",
    });
    const line = { color: palette.ink, width: 1.5, dash: "dash" };
    shapes.push({
      type: "line",
      xref: panel.axes.xaxis,
      x0: mean,
      x1: mean,
      yref: "paper",
      y0: 0,
      y1: 1,
      line,
    });
    layout = {
      ...layout,
      ...panelAxes(
        panel,
        { title: { text: `reward, mean ${mean.toFixed(2)}` }, showgrid: false, nticks: 5 },
        { title: { text: i === 0 ? "share of the rows (%)" : "" }, rangemode: "tozero" },
      ),
    };
  });
  return styled(
    traces,
    {
      ...layout,
      shapes,
      annotations: names.map((name, i) => panelTitle(places[i]!, name)),
      margin: { t: 96 },
    },
    {
      title: "The same log, rewarded differently",
      caption: `Rewards by reward function; means: ${names.map((name, i) => `${name} ${means[i]!.toFixed(2)}`).join(", ")}.`,
      ...about,
    },
  );
}

/** Few different values get a bar each; many are binned. */
function histogram(values: Numbers) {
  let [low, high, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  const counts = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    low = Math.min(low, value);
    high = Math.max(high, value);
    sum += value;
    if (counts.size <= bins) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const mean = sum / values.length;
  if (counts.size <= bins) {
    const centres = [...counts.keys()].sort((a, b) => a - b);
    const gaps = centres.slice(1).map((centre, i) => centre - centres[i]!);
    const width = gaps.length > 0 ? Math.min(...gaps) : 1;
    return { centres, shares: centres.map((c) => (100 * counts.get(c)!) / values.length), width, mean };
  }
  const width = (high - low) / bins;
  const shares = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++)
    shares[Math.min(bins - 1, Math.floor((values[i]! - low) / width))]! += 100 / values.length;
  return { centres: shares.map((_, i) => low + (i + 0.5) * width), shares, width, mean };
}
