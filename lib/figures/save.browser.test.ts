import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inflateSync } from "node:zlib";
import { histogram } from "./marks/bars";
import { overview } from "./overview";
import { plot } from "./plot";
import { openBrowser } from "./render";
import { save } from "./save";
import { processRenderer } from "./sharedRenderer";

const folder = mkdtempSync(join(tmpdir(), "offshelf-save-"));
const figure = plot({
  marks: [histogram([1, 2, 2, 3, 3, 3], { labelled: true })],
  ...{ title: "How people rate", dataset: "six invented ratings", caption: "3 is the commonest rating." },
});

after(async () => {
  await processRenderer.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Size and share of pixels of a colour, of a PNG with a colour table. */
function look(file: string, colour: number) {
  const png = readFileSync(file);
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const at = (name: string): Buffer => {
    const start = png.indexOf(name, 8, "latin1");
    return png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4));
  };
  const table = at("PLTE");
  const rows = inflateSync(at("IDAT"));
  let found = 0;
  for (let i = 0; i < rows.length; i++) {
    const place = 3 * rows[i];
    const rgb = (table[place] << 16) | (table[place + 1] << 8) | table[place + 2];
    if (i % (width + 1) !== 0 && rgb === colour) found++;
  }
  return { width, height, colours: table.length / 3, share: found / (width * height), bytes: png.length };
}

test("a figure is saved as a small, sharp picture, the same bytes each time", async () => {
  const first = await save(figure, "bars", { folder });
  const seen = look(first, 0x0072b2);
  assert.deepEqual([seen.width, seen.height], [1600, 900]);
  assert.ok(seen.share > 0.1, `bars cover ${seen.share}`);
  assert.ok(seen.colours > 30, "letters have grey edges: words were drawn");
  assert.ok(seen.bytes < 60_000, `${seen.bytes} bytes`);
  const again = await save(figure, "again", { folder });
  assert.deepEqual(readFileSync(first), readFileSync(again));
  assert.deepEqual(readdirSync(folder).sort(), ["again.html", "again.png", "bars.html", "bars.png"]);
});

test("a diagram has its own size", async () => {
  const seen = look(await save(overview(), "overview", { folder }), 0xffffff);
  assert.equal(seen.width, 1920);
  assert.ok(seen.share > 0.3 && seen.bytes < 100_000);
});

test("the saved page draws the figure without a network", async () => {
  const browser = await openBrowser({ scale: 1 });
  try {
    const page = await browser.context.newPage();
    await browser.context.setOffline(true);
    const outside: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith("file:")) outside.push(request.url());
    });
    await page.goto(pathToFileURL(join(folder, "bars.html")).href);
    await page.locator(".barlayer .point").first().waitFor({ timeout: 60_000 });
    assert.equal(await page.locator(".barlayer .point").count(), 3);
    assert.deepEqual(
      outside.filter((url) => url.startsWith("http")),
      [],
    );
  } finally {
    await browser.close();
  }
});

test("a name cannot leave the folder", async () => {
  await assert.rejects(save(figure, "../out", { folder }), /requires a name of small letters/);
  assert.ok(!existsSync(join(folder, "..", "out.png")));
});
