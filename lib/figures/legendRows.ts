const letter = 6;
const beside = 43;

/**
 * How many lines a level legend takes, to leave room for it before it is drawn: one where all names fit beside each
 * other, else columns as wide as the longest name. Letters are counted, not measured.
 *
 * @param pixels width there is
 * @example legendRows(["men", "women"], 800) // 1
 */
export function legendRows(names: readonly string[], pixels: number): number {
  const widths = names.map((name) => beside + letter * name.replace(/<[^>]*>/g, "").length);
  if (widths.reduce((sum, width) => sum + width, 0) <= pixels) return 1;
  return Math.ceil(names.length / Math.max(1, Math.floor(pixels / Math.max(...widths))));
}
