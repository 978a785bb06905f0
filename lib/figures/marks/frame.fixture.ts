import type { Frame } from "./mark";

/** A panel from 0 to 1 on both axes, whose rows are "c", "b" and "a" from the bottom up. */
export function frame(over: Partial<Frame> = {}): Frame {
  const scale = { range: [0, 1] as const, log: false, pixels: 300, at: (value: number) => value };
  return {
    ...{
      x: scale,
      y: scale,
      row: (name) => ["c", "b", "a"].indexOf(name),
      column: (name) => "abc".indexOf(name),
    },
    look: () => ({ colour: "#0072B2", dash: "dot", symbol: "square" }),
    legend: (name) => ({ name, legendgroup: name, showlegend: true }),
    ...over,
  };
}
