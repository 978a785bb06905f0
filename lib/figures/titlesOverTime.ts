import type { About, Figure, Numbers } from "./figure";
import { lines } from "./marks/lines";
import { note } from "./marks/rules";
import { plot } from "./plot";
import { series } from "./theme";

/** Letters of a title that fit beside its line. */
const letters = 30;

/**
 * How much of each part of the log a few titles take: the titles people talk about come and go.
 * Every line carries its title at its highest point.
 */
export function titlesOverTime(
  input: {
    readonly titles: readonly string[];
    /** [titles][parts] share of each part's rows */
    readonly shares: readonly Numbers[];
    readonly order?: string;
  } & About,
): Figure {
  const { titles, shares, order = "time", ...about } = input;
  if (titles.length === 0 || shares.length !== titles.length)
    throw new Error(
      `titlesOverTime requires shares for each of ${titles.length} titles, got ${shares.length}`,
    );
  const parts = shares[0].length;
  const x = Array.from({ length: parts }, (_, i) => i + 1);
  const percent = shares.map((line) => Array.from(line, (share) => 100 * share));
  const highest = Math.max(...percent.map((line) => Math.max(...line)));
  const peaks = percent.map((line) => line.indexOf(Math.max(...line)));
  const mean = titles.map((_, t) => percent[t].reduce((sum, share) => sum + share, 0) / parts);
  const sharpest = titles.reduce(
    (best, _, t) => (percent[t][peaks[t]] / mean[t] > percent[best][peaks[best]] / mean[best] ? t : best),
    0,
  );
  const lifts = liftsOf(
    peaks,
    titles.map((_, t) => percent[t][peaks[t]] / highest),
  );
  const labels = titles.map((title, t) => {
    const peak = peaks[t];
    const side = peak === 0 ? "left" : peak === parts - 1 ? "right" : "center";
    const colour = series[t % series.length];
    const about = { colour, anchor: { x: side }, shift: [0, 5 + lifts[t]] } as const;
    return note(shortened(title), { x: peak + 1, y: percent[t][peak], ...about });
  });
  return plot({
    marks: [
      lines(
        titles.map((name, t) => ({ name, x, y: percent[t] })),
        { width: 3, hover: "%{fullData.name}: %{y:.2f}%" },
      ),
      ...labels,
    ],
    x: { title: `part of the log, in ${order}`, range: [0.6, parts + 0.4], grid: false },
    y: { title: "share of the part's ratings (%)", range: [0, 1.18 * highest] },
    legend: "none",
    title: "Titles have their time",
    caption:
      `At its peak "${shortened(titles[sharpest])}" takes ${percent[sharpest][peaks[sharpest]].toFixed(1)}% of a part's ratings, ` +
      `${(percent[sharpest][peaks[sharpest]] / mean[sharpest]).toFixed(1)} times its average.`,
    height: 480,
    ...about,
  });
}

/** Pixels by which a label is raised so that it clears those already placed near it. */
function liftsOf(peaks: readonly number[], heights: readonly number[]): number[] {
  const lifts = new Array<number>(peaks.length).fill(0);
  const order = [...peaks.keys()].sort((a, b) => heights[a] - heights[b]);
  order.forEach((t, place) => {
    for (const other of order.slice(0, place)) {
      const below = 300 * (heights[t] - heights[other]) + lifts[t] - lifts[other];
      if (Math.abs(peaks[t] - peaks[other]) <= 2 && below < 18) lifts[t] += 18 - below;
    }
  });
  return lifts;
}

function shortened(title: string): string {
  const plain = title.replace(/\s*\(.*$/, "");
  return plain.length > letters ? `${plain.slice(0, letters - 1)}…` : plain;
}
