import assert from "node:assert/strict";
import { test } from "node:test";
import { onDark, palette, series, styled } from "./theme";

const look = { title: "T", caption: "C", dataset: "ten invented ratings" };

test("every figure names its data under the title", () => {
  const { layout } = styled([], {}, look);
  const title = layout.title as { text: string; subtitle: { text: string } };
  assert.equal(title.text, "<b>T</b>");
  assert.equal(title.subtitle.text, "ten invented ratings");
  assert.throws(() => styled([], {}, { ...look, dataset: " " }), /requires the name of the data/);
});

test("a figure's own layout lies over the common one, axis by axis", () => {
  const { layout } = styled([], { xaxis: { type: "log" }, yaxis3: {}, margin: { t: 100 } }, look);
  const [x, y3, margin] = [layout.xaxis, layout.yaxis3, layout.margin] as Record<string, unknown>[];
  assert.equal(x.type, "log");
  assert.equal(x.gridcolor, palette.faint);
  assert.equal(y3.automargin, true);
  assert.equal(margin.t, 100);
  assert.equal(margin.l, 64);
});

/** Relative luminance of WCAG 2.1. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of WCAG 2.1, 1.4.11: graphics need 3 to 1 against their ground. */
const contrastOnWhite = (hex: string): number => 1.05 / (luminance(hex) + 0.05);

test("on a dark ground every series and all words stand out, and no two series become one", () => {
  const dark = (hex: string): string => onDark[hex] ?? hex;
  const contrast = (hex: string): number =>
    (luminance(dark(hex)) + 0.05) / (luminance(dark("#FFFFFF")) + 0.05);
  for (const colour of series) assert.ok(contrast(colour) > 4, `${colour}: ${contrast(colour)}`);
  assert.ok(contrast(palette.ink) > 12 && contrast(palette.grey) > 4.5);
  assert.equal(new Set(series.map(dark)).size, series.length);
});

test("the first series and all words stand out from the ground", () => {
  assert.ok(contrastOnWhite(series[0]) > 4.5);
  assert.ok(contrastOnWhite(palette.ink) > 12);
  assert.ok(contrastOnWhite(palette.grey) > 4, String(contrastOnWhite(palette.grey)));
  for (const colour of series) assert.ok(contrastOnWhite(colour) > 2, colour);
});
