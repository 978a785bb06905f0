import type { About, Figure } from "./figure";
import { type Line, lines } from "./marks/lines";
import { short } from "./marks/mark";
import { band, rule } from "./marks/rules";
import { plot } from "./plot";
import { stillMoving } from "./stillMoving";
import { palette } from "./theme";

/**
 * What the critic believes while it learns, against what can be true: no return can leave
 * [lowest reward / (1 − discount), highest reward / (1 − discount)]. Beyond, the ground is shaded: a critic there
 * has lost touch with the log, however well its loss looks. A line that was cut while it still rose or fell says so at
 * its end (`stillMoving`).
 *
 * @param input.lines Q by step, one line an agent; with `lower` and `upper`, as `curveOfSeeds` gives them, a band
 */
export function valueCurve(
  input: {
    readonly lines: readonly (Line & { readonly name: string })[];
    readonly lowestReward: number;
    readonly highestReward: number;
    readonly discount: number;
  } & About,
): Figure {
  const { lines: all, lowestReward, highestReward, discount, ...about } = input;
  if (!(discount >= 0 && discount < 1))
    throw new Error(`valueCurve requires a discount in [0, 1), got ${discount}`);
  const [floor, ceiling] = [lowestReward / (1 - discount), highestReward / (1 - discount)];
  const values = all.flatMap((line) =>
    [line.y, line.upper ?? [], line.lower ?? []].flatMap((v) => Array.from(v)),
  );
  const finite = values.filter(Number.isFinite);
  const room = 0.15 * (ceiling - floor);
  const top = Math.max(ceiling + room, ...finite.map((v) => 1.05 * v));
  const lowest = Math.min(0, ...finite);
  // A floor that no line comes near is left out: it would only press the lines together.
  const nearFloor = lowest < 0.5 * floor;
  const bottom = nearFloor ? Math.min(floor - room, 1.05 * lowest) : lowest - 0.3 * room;
  const outside = all.filter((line) => {
    const last = line.y[line.y.length - 1] ?? 0;
    return last > ceiling || last < floor || !Number.isFinite(last);
  });
  const verdict =
    outside.length === 0
      ? "all critics stay within what rewards allow"
      : `${outside.map((line) => line.name).join(" and ")} left what rewards allow`;
  const named = all.map((line) => {
    const moving = stillMoving(line.y);
    return moving === undefined ? line : { ...line, name: `${line.name} (still ${moving})` };
  });
  const { alarm: colour, red } = palette;
  const words = `highest possible: ${highestReward} / (1 − ${discount}) = ${short(ceiling)}`;
  const edge = (y: number, label: string, below: boolean) =>
    rule({ y }, { label, below, side: "start", colour: red });
  return plot({
    marks: [
      ...[band({ y: [ceiling, top] }, { colour }), edge(ceiling, words, false)],
      ...(nearFloor
        ? [band({ y: [bottom, floor] }, { colour }), edge(floor, `lowest possible: ${short(floor)}`, true)]
        : []),
      lines(named),
    ],
    x: "training step",
    y: { title: "mean Q", range: [bottom, top] },
    title: "What the critic believes, and what can be true",
    caption: `Q while learning: ${verdict}.`,
    ...about,
  });
}
