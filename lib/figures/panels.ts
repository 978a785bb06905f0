/** Places small charts side by side in one figure. */
export interface Panel {
  /** What a trace of this panel refers to. */
  readonly axes: { readonly xaxis: string; readonly yaxis: string };
  /** Layout keys of this panel's axes. */
  readonly keys: { readonly x: string; readonly y: string };
  readonly domain: readonly [number, number];
}

/**
 * Splits the width of a figure into `count` panels with gaps between them.
 *
 * @param gap share of the width between two panels; axis labels need about 0.12
 * @example panels(2, 0.2).map((panel) => panel.domain) // [[0, 0.4], [0.6, 1]]
 */
export function panels(count: number, gap = 0.12): Panel[] {
  const width = (1 - gap * (count - 1)) / count;
  return Array.from({ length: count }, (_, i) => {
    const suffix = i === 0 ? "" : String(i + 1);
    const start = i * (width + gap);
    const round = (value: number): number => Math.round(value * 1e6) / 1e6;
    return {
      axes: { xaxis: `x${suffix}`, yaxis: `y${suffix}` },
      keys: { x: `xaxis${suffix}`, y: `yaxis${suffix}` },
      domain: [round(start), round(start + width)] as const,
    };
  });
}

/** Layout of a panel's two axes. */
export function panelAxes(
  panel: Panel,
  x: Record<string, unknown>,
  y: Record<string, unknown>,
): Record<string, unknown> {
  return {
    [panel.keys.x]: { domain: panel.domain, anchor: panel.axes.yaxis, ...x },
    [panel.keys.y]: { anchor: panel.axes.xaxis, ...y },
  };
}

/** A heading above a panel. */
export function panelTitle(panel: Panel, text: string): Record<string, unknown> {
  return {
    text,
    x: panel.domain[0],
    y: 1,
    xref: "paper",
    yref: "paper",
    xanchor: "left",
    yanchor: "bottom",
    showarrow: false,
    font: { size: 14 },
  };
}
