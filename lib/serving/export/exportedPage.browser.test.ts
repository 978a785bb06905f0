import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { historiesOfLists } from "../../data/histories";
import { type OpenBrowser, openBrowser } from "../../figures/render";
import { openRun } from "../../runs/openRun";
import { servedLists } from "../../runs/servedLists";
import { openSite } from "./openSite.fixture";
import { trainedRun } from "./trainedRun.fixture";
import { siteOf } from "./writeSite";

let root: string;
let browser: OpenBrowser;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "offshelf-page-"));
  browser = await openBrowser({ scale: 1 });
});

after(async () => {
  await browser.close();
  await rm(root, { recursive: true, force: true });
});

test("the exported page itself works from a file: search, three lists, a draw or the best first, titles taken", async () => {
  const run = await openRun(await trainedRun(root, "page", { agent: "next-item" }));
  const { page, heard } = await openSite(browser.context, await siteOf(run), join(root, "site-page"));
  page.setDefaultTimeout(5000);
  try {
    const { catalog } = run.dataset;
    await page.waitForSelector("#list-3 li");
    assert.equal(await page.getByRole("textbox", { name: "or a reader" }).count(), 0);
    await page.getByRole("combobox", { name: "Titles you like" }).fill(catalog.titles[3]);
    await page.getByRole("listbox").getByRole("option").first().click();
    const status = (text: string) => page.getByRole("status").filter({ hasText: text }).waitFor();
    await status("3 lists for 1 picked");
    const shown = (list: number): Promise<string[]> => page.locator(`#list-${list} li h3`).allTextContents();
    await page.getByRole("checkbox", { name: "Best first, no draw" }).check();
    const likedWeight = Math.max(...run.dataset.interactions.weights);
    const { items } = servedLists(run, historiesOfLists([[3]], { weights: likedWeight }), 10);
    const best = [...items].map((row) => catalog.titles[row]);
    for (let i = 0; i < 50 && (await shown(1)).join() !== best.join(); i++) await page.waitForTimeout(50);
    assert.deepEqual(await shown(1), best);
    assert.match((await page.locator("#list-1 li").first().textContent())!, /likeness .*probability .*score/);
    await page
      .getByRole("button", { name: `I took ${best[0]}`, exact: true })
      .first()
      .click();
    await status(`${best[0]} joins the history`);
    assert.deepEqual(await page.locator(".chips li span").allTextContents(), [catalog.titles[3], best[0]]);
    for (const list of [1, 2, 3]) assert.ok(!(await shown(list)).includes(best[0]));
    await page.getByText("Filters").click();
    await page.getByRole("spinbutton", { name: "price, at most" }).fill("10");
    await page.getByText("Filters (1 in use)").waitFor();
    await page.waitForTimeout(800);
    const cheap = catalog.titles.filter((_, row) => catalog.numbers.price[row] <= 10);
    for (const list of [1, 2, 3])
      for (const title of await shown(list)) assert.ok(cheap.includes(title), title);
    assert.deepEqual(
      heard.filter((each) => !each.startsWith("file://")),
      [],
    );
  } finally {
    await page.close();
    run.dispose();
  }
});

test("what is missing beside the page is told, and no request can leave it", async () => {
  const run = await openRun(await trainedRun(root, "broken", { agent: "item-knn" }));
  const site = await siteOf(run);
  run.dispose();
  const part = new Map([...site].filter(([name]) => name !== "data-1.js"));
  const { page, heard } = await openSite(browser.context, part, join(root, "site-broken"));
  try {
    await page.getByRole("alert").filter({ hasText: "data-1.js is missing beside index.html" }).waitFor();
  } finally {
    await page.close();
  }
  assert.ok(heard.some((each) => /console: .*ERR_FILE_NOT_FOUND/.test(each)));
  const whole = await openSite(browser.context, site, join(root, "site-whole"));
  try {
    await whole.page.waitForSelector("#list-3 li");
    const refused: string = await whole.page.evaluate(
      `new Promise((done) => { document.addEventListener("securitypolicyviolation", (event) => done(event.violatedDirective)); fetch("http://127.0.0.1:9/").catch(() => {}); })`,
    );
    assert.equal(refused, "connect-src");
  } finally {
    await whole.page.close();
  }
});
