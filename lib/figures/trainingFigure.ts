import type { About, Figure, Numbers } from "./figure";
import { lines } from "./marks/lines";
import { type Mark, short } from "./marks/mark";
import { band, rule } from "./marks/rules";
import { type Panel, plot } from "./plot";
import { palette } from "./theme";

/** One figure of a run over its updates. */
export interface TrainingCurve {
  readonly steps: Numbers;
  readonly values: Numbers;
}

/** What a run has shown so far. */
export interface TrainingSoFar {
  /** What the agent is called. */
  readonly name: string;
  /** Updates made, and asked for. */
  readonly step: number;
  readonly steps: number;
  /** By name: criticLoss, meanQ, validationNdcg ... */
  readonly curves: Readonly<Record<string, TrainingCurve>>;
  /** What no policy's value can leave. */
  readonly bounds?: readonly [number, number];
  /** Whether it was ended before its last update. */
  readonly stopped?: boolean;
}

/** The loss that says how learning goes, the first that a run has. */
const losses: Readonly<Record<string, string>> = {
  criticLoss: "critic loss",
  loss: "loss",
  actorLoss: "actor loss",
  behaviourLoss: "behaviour loss",
};

/**
 * A run while it learns: its loss, what its critic believes against what can be true, and how it ranks for validation
 * users beside step 0. The axes are those of the whole run from the beginning, so that what comes next has its place.
 *
 * @throws when there is no curve yet.
 */
export function trainingFigure(input: TrainingSoFar & About): Figure {
  const { name, step, steps, curves, bounds, stopped = false, ...about } = input;
  const loss = Object.keys(losses).find((key) => curves[key] !== undefined);
  const panels: Panel[] = [];
  const story: string[] = [];
  if (loss !== undefined) {
    panels.push({ heading: losses[loss], marks: [lineOf(curves[loss])], y: { zero: true } });
    story.push(`${losses[loss]} ${short(lastOf(curves[loss]))}`);
  }
  const { meanQ, validationNdcg } = curves;
  if (meanQ !== undefined) {
    panels.push(valuePanel(meanQ, bounds));
    story.push(
      `mean Q ${short(lastOf(meanQ))}${bounds === undefined ? "" : ` (possible: ${bounds.map(short).join(" to ")})`}`,
    );
  }
  if (validationNdcg !== undefined) {
    const start = validationNdcg.steps[0] === 0 ? validationNdcg.values[0] : undefined;
    panels.push({
      heading: "validation NDCG@10",
      marks: [
        ...(start === undefined
          ? []
          : [rule({ y: start }, { label: "step 0", side: "start", colour: palette.grey })]),
        lineOf(validationNdcg),
      ],
      y: { range: around(validationNdcg.values) },
    });
    story.push(
      `validation NDCG@10 ${short(lastOf(validationNdcg))}${start === undefined ? "" : ` (step 0: ${short(start)})`}`,
    );
  }
  if (panels.length === 0) throw new Error("trainingFigure requires a curve, got none");
  const place = `step ${count(step)} of ${count(steps)}`;
  return plot({
    panels,
    x: { title: "training step", range: [0, Math.max(1, steps)], plotly: { tickmode: "auto", nticks: 4 } },
    title: `${name}${stopped ? " stopped at" : step < steps ? " learns:" : ":"} ${place}`,
    caption: `${name} at ${place}: ${story.join("; ")}.`,
    height: 340,
    width: Math.max(420, 300 * panels.length),
    ...about,
  });
}

/** Q with the bounds that it comes near; beyond them the ground is shaded. */
function valuePanel(curve: TrainingCurve, bounds: TrainingSoFar["bounds"]): Panel {
  const heading = "mean Q";
  if (bounds === undefined) return { heading, marks: [lineOf(curve)] };
  const [floor, ceiling] = bounds;
  const finite = Array.from(curve.values).filter(Number.isFinite);
  const room = 0.15 * (ceiling - floor || 1);
  const top = Math.max(ceiling + room, ...finite.map((value) => 1.05 * value));
  const lowest = Math.min(0, ...finite);
  const nearFloor = floor < 0 && lowest < 0.5 * floor;
  const bottom = nearFloor ? Math.min(floor - room, 1.05 * lowest) : lowest - 0.3 * room;
  const marks: Mark[] = [
    band({ y: [ceiling, top] }, { colour: palette.alarm }),
    rule(
      { y: ceiling },
      { label: `highest possible: ${short(ceiling)}`, side: "start", colour: palette.red },
    ),
    ...(nearFloor
      ? [
          band({ y: [bottom, floor] }, { colour: palette.alarm }),
          rule(
            { y: floor },
            { label: `lowest: ${short(floor)}`, below: true, side: "start", colour: palette.red },
          ),
        ]
      : []),
    lineOf(curve),
  ];
  return { heading, marks, y: { range: [bottom, top] } };
}

function lineOf({ steps, values }: TrainingCurve): Mark {
  return lines({ x: steps, y: values });
}

/** Half as much room as the curve takes on either side: small changes are seen, and are not the whole picture. */
function around(values: Numbers): [number, number] {
  const finite = Array.from(values).filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const room = Math.max(0.5 * (high - low), 0.1 * Math.abs(high), 1e-6);
  return [Math.max(0, low - room), high + room];
}

function lastOf({ values }: TrainingCurve): number {
  return values[values.length - 1];
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
