import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle } from "./bundle";
import { demoPage, pageFiles, pageStyle } from "./demoPage";

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

test("words stand out from their grounds, in light and in dark", () => {
  const [light, dark] = [...pageStyle().matchAll(/:root \{([^}]*)\}/g)].map(([, body]) =>
    Object.fromEntries(
      [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
    ),
  );
  for (const [name, colours] of [
    ["light", light],
    ["dark", { ...light, ...dark }],
  ] as const) {
    for (const [words, ground] of [
      ...["words", "soft", "accent"].flatMap((each) => [
        [each, "ground"],
        [each, "panel"],
      ]),
      ["on-accent", "accent"],
      ["alarm", "alarm-ground"],
    ]) {
      const found = contrast(colours[words], colours[ground]);
      assert.ok(found >= 4.5, `${name}: ${words} on ${ground} has ${found.toFixed(2)}`);
    }
    assert.ok(contrast(colours.bar, colours.panel) >= 1.8);
  }
});

test("the served page has no inline script or style and asks for its own files alone", () => {
  const html = demoPage();
  const files = pageFiles();
  assert.doesNotMatch(html, /<style|style=|<script(?! src=)|\son\w+=|https?:/);
  const asked = [...html.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, path]) => path);
  assert.deepEqual(asked.sort(), [...files.keys()].sort());
  for (const { type, content } of files.values()) {
    assert.match(type, /^text\/(css|javascript); charset=utf-8$/);
    assert.ok(content.length > 1000);
    assert.doesNotMatch(content, /https?:|@import|url\(|innerHTML|eval\(/);
  }
});

test("Node's modules throw in a browser, by name, where they are used; a file may stand for another", async () => {
  const script = await bundle("serving/page/browserOnly.fixture.ts", {
    instead: { "serving/page/replaced.fixture.ts": "serving/page/standsFor.fixture.ts" },
  });
  const found: Record<string, unknown> = {};
  new Function("globalThis", script)(found);
  assert.equal(found.joined, "a/b");
  assert.equal(found.source, "the browser's");
  assert.throws(found.hash as () => void, /createHash of node:crypto is not there in a browser/);
});
