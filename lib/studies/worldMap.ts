import type { Figure } from "../figures/figure";
import { heatmap } from "../figures/marks/heatmap";
import { plot } from "../figures/plot";
import { fromGreedy, type WorldStudyTable } from "./worldStudy";

/** Beyond this a colour gets no stronger, in per cent. */
const strongest = 40;

/**
 * Where learning to look ahead pays: for each world agents by settings, what each truly earns beside the best of the
 * moment, in per cent. Coloured where the 95% interval over seeds leaves 0 out: blue more, orange less; white says that
 * no difference is shown.
 *
 * @example await show(worldMap(table), "when-rl-helps")
 */
export function worldMap(
  table: WorldStudyTable,
  { title = "When does looking ahead pay?" }: { readonly title?: string } = {},
): Figure {
  const { agents, columns, seeds, judgedAt, updates } = table;
  const worlds = [...new Set(columns.map(({ world }) => world))];
  return plot({
    title,
    dataset: `simulated readers; true value at γ ${judgedAt}, ${updates.toLocaleString("en-US")} updates, ${seeds.length} seeds`,
    caption:
      "Per cent more or less than the greedy policy that knows the world; colour only where the interval over seeds leaves 0 out.",
    width: 900,
    columns: 1,
    share: { x: false, y: false },
    panels: worlds.map((world) => {
      const here = columns.filter((column) => column.world === world);
      const cells = agents.map((_, a) =>
        here.map(({ values, known }) => {
          const { mean, lower, upper } = fromGreedy(values[a], known);
          const per = 100 / known.greedy;
          return { change: per * mean, shown: lower > 0 || upper < 0 };
        }),
      );
      const { optimal, greedy } = here[0].known;
      return {
        heading: world,
        ...(optimal !== null && { note: room(100 * (optimal / greedy - 1)) }),
        marks: [
          heatmap(
            cells.map((row) => row.map(({ change, shown }) => (shown ? change : 0))),
            {
              rows: agents,
              columns: here.map(({ setting }) => setting.label),
              range: [-strongest, strongest],
              written: (_, row, column) => percent(cells[row][column].change),
              textSize: 12,
              gap: 2,
            },
          ),
        ],
      };
    }),
  });
}

/** What is left to win, in words. */
function room(more: number): string {
  return Math.round(more) === 0
    ? "greedy is the best that can be done"
    : `the best that can be done: ${percent(more)}%`;
}

/** "+32", "−5", "0". */
function percent(change: number): string {
  const whole = Math.round(change);
  return whole > 0 ? `+${whole}` : whole < 0 ? `−${-whole}` : "0";
}
