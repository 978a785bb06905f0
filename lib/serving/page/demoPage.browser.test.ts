import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Page } from "playwright-core";
import { type OpenBrowser, openBrowser } from "../../figures/render";
import { type FakeService, fakeService } from "./fakeService.fixture";

let browser: OpenBrowser;
let service: FakeService;
let page: Page;
/** Requests to anywhere else, and whatever a page complains of. */
let wrong: string[];

before(async () => {
  browser = await openBrowser({ scale: 1 });
});
after(() => browser.close());

beforeEach(async () => {
  service = await fakeService();
  page = await browser.context.newPage();
  page.setDefaultTimeout(5000);
  await page.setViewportSize({ width: 1200, height: 900 });
  wrong = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(service.address) && !request.url().startsWith("data:"))
      wrong.push(request.url());
  });
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (404|503|400)/.test(message.text()))
      wrong.push(message.text());
  });
  await page.goto(`${service.address}/`);
  await page.waitForSelector("#list-3 li");
});
afterEach(async () => {
  await page.close();
  await service.close();
  assert.deepEqual(wrong, []);
});

const titles = (list: number): Promise<string[]> => page.locator(`#list-${list} li h3`).allTextContents();
const status = (text: string | RegExp) => page.getByRole("status").filter({ hasText: text }).waitFor();
const field = () => page.getByRole("combobox", { name: "Titles you like" });
const options = () => page.getByRole("listbox", { name: "Titles found" }).getByRole("option");
/** The name, or the id, of what has the focus. */
const focused = (): Promise<string> =>
  page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.id");
/** The last request to each list. */
const asked = (list: number) =>
  service.asked.filter(({ policy }) => policy === ["run-a", "run-b", "most-popular"][list - 1]).at(-1)!;

/** Waits until the service was asked and all three lists have been drawn since. */
async function drawn(isAsked: () => boolean): Promise<void> {
  for (let i = 0; i < 250 && !isAsked(); i++) await page.waitForTimeout(20);
  const busy = page.locator("[aria-busy=true]");
  for (let i = 0; i < 250 && (await busy.count()) > 0; i++) await page.waitForTimeout(20);
}

async function pick(text: string): Promise<void> {
  await field().fill(text);
  await options().first().click();
}

test("a title is searched and picked, and three lists by two policies and popularity say why", async () => {
  assert.deepEqual([asked(1).items, asked(2).items, asked(3).items], [[], [], []]);
  await pick("title 12");
  await status("3 lists for 1 picked");
  for (const list of [1, 2, 3]) {
    assert.deepEqual(asked(list).items, ["i12"]);
    assert.deepEqual([asked(list).k, asked(list).explain, asked(list).seed], [10, true, asked(1).seed]);
    assert.equal((await titles(list)).length, 10);
    assert.ok(!(await titles(list)).includes("The Title 12"), "what is picked is not shown");
  }
  assert.notDeepEqual(await titles(1), await titles(2));
  const first = page.locator("#list-1 li").first();
  assert.match((await first.textContent())!, /near The Title 12 \(likeness 0\.80\)probability 50%score 3/);
  assert.match(
    (await page.locator("#list-1 li").nth(9).textContent())!,
    /far from what you picked; nearest is/,
  );
  await page.getByRole("button", { name: "Take back The Title 12" }).click();
  await status("3 lists for somebody new");
  assert.deepEqual(asked(1).items, []);
});

test("everything can be done with the keyboard alone", async () => {
  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  assert.equal(await focused(), "title");
  await page.keyboard.type("title 1");
  await options().first().waitFor();
  await press("ArrowDown", "ArrowDown");
  assert.equal(await field().getAttribute("aria-activedescendant"), "found-1");
  const second = await options().nth(1).locator("span").textContent();
  await press("Enter");
  await status("3 lists for 1 picked");
  assert.equal(await page.locator(".chips li span").textContent(), second);
  await page.keyboard.type("title 20");
  await options().first().waitFor();
  await press("Escape");
  assert.equal(await page.getByRole("listbox").isVisible(), false);
  await press("ControlOrMeta+A", "Delete", "Backspace"); // in the empty field: takes the last title back
  await status("3 lists for somebody new");
  for (let i = 0; i < 40 && (await focused()) !== "temperature-1"; i++) await press("Tab");
  await press("ArrowRight", "ArrowRight");
  await page.locator("#temperature-1 + output", { hasText: "×2" }).waitFor();
  await drawn(() => asked(1).temperature === 2); // a list that is drawn anew below a key would get another title
  for (let i = 0; i < 40 && !(await focused()).startsWith("I took "); i++) await press("Tab");
  assert.notEqual(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "none");
  const taken = (await titles(1))[0];
  await press("Enter");
  await status(`${taken} joins the history`);
  assert.equal(await page.locator(".chips li span").textContent(), taken);
  assert.equal(asked(1).temperature, 2);
  assert.match(await focused(), /^I took /);
});

test("what was taken is told to the service and joins the titles; what was seen is not shown again", async () => {
  await pick("title 12");
  await status("3 lists for 1 picked");
  const slate = `slate-${service.asked.length - 2}`; // of the first of three lists
  const [first, second] = await titles(1);
  await page
    .getByRole("button", { name: `I took ${first}`, exact: true })
    .first()
    .click();
  await status(`${first} joins the history`);
  assert.match(await focused(), /^I took /);
  const taken = service.feedback[0];
  assert.deepEqual(taken, { slate_id: slate, item_id: taken.item_id, reward: 1, kind: "taken" });
  assert.deepEqual(asked(2).items, ["i12", taken.item_id]);
  await page
    .getByRole("button", { name: `Seen it: ${second}`, exact: true })
    .first()
    .click();
  await status(`${second} is not shown again`);
  assert.deepEqual([service.feedback[1].reward, service.feedback[1].kind], [0, "seen"]);
  assert.deepEqual(asked(1).exclude, [service.feedback[1].item_id]);
  assert.deepEqual(asked(1).items, ["i12", taken.item_id]);
  for (const list of [1, 2, 3]) assert.ok(!(await titles(list)).includes(second));
});

test("filters, temperature, variety, number and seed are sent, and start over takes them back", async () => {
  await page.getByText("Filters").click();
  await page.getByRole("checkbox", { name: "Crime" }).check();
  await page.getByRole("spinbutton", { name: "price, at most" }).fill("9");
  await page.getByRole("spinbutton", { name: "How many" }).fill("4");
  await page.getByRole("spinbutton", { name: "Seed of the draw" }).fill("77");
  await page.locator("#variety-2").fill("6");
  await page.locator("#temperature-2").fill("-1");
  await page.locator("#list-2 li").nth(4).waitFor({ state: "detached" });
  await page.getByText("Filters (2 in use)").waitFor();
  await page.waitForTimeout(600); // the last of the changes
  assert.deepEqual(asked(1).where, { genres: ["Crime"], price: { max: 9 } });
  const { k, seed, variety, temperature } = asked(2);
  assert.deepEqual([k, seed, variety, temperature], [4, 77, 6, 0.5]);
  assert.deepEqual([asked(1).variety, asked(1).temperature], [0, 1]);
  await page.getByRole("button", { name: "Draw again" }).click();
  await page.getByRole("button", { name: "Start over" }).click();
  await page.getByText("Filters", { exact: true }).waitFor();
  await page.waitForTimeout(300);
  assert.equal(asked(1).where, undefined);
  assert.notEqual(asked(1).seed, 77);
  await page.locator("#filter-0-most").fill("1");
  await page.getByText("Nothing is left").first().waitFor();
});

test("a reader of the log is asked for by id, and one that is not there is told", async () => {
  await pick("title 12");
  await page.getByRole("textbox", { name: "or a reader" }).fill("58");
  await status("3 lists for reader 58; the titles you picked are left aside");
  assert.deepEqual([asked(1).user_id, asked(1).items], ["58", undefined]);
  service.fail("/recommend", 404, 'there is no user "x" in forty titles', { field: "user_id" });
  await page.getByRole("textbox", { name: "or a reader" }).fill("x");
  const alert = page.getByRole("alert");
  await alert.filter({ hasText: 'Not found: there is no user "x" in forty titles.' }).waitFor();
  assert.deepEqual(await titles(1), []);
  service.heal();
  await page.getByRole("textbox", { name: "or a reader" }).fill("");
  await status("3 lists for 1 picked");
  assert.equal(await alert.textContent(), "");
});

test("a service that is busy is told, and asked again when it said; feedback that failed changes nothing", async () => {
  service.fail("/recommend", 503, "the engine of run-a is being replaced", { retryAfter: 1 });
  await page.getByRole("button", { name: "Draw again" }).click();
  const alert = page.getByRole("alert");
  await alert
    .filter({ hasText: "The service is busy: the engine of run-a is being replaced. Trying again in 1 s." })
    .waitFor();
  service.heal();
  await page.waitForSelector("#list-3 li");
  assert.equal(await alert.textContent(), "");
  service.fail("/feedback", 503, "the log cannot be written");
  await page
    .getByRole("button", { name: /^I took / })
    .first()
    .click();
  await alert.filter({ hasText: "the log cannot be written" }).waitFor();
  assert.equal(await page.locator(".chips li").count(), 0);
  await service.close();
  await page.getByRole("button", { name: "Draw again" }).click();
  await alert.filter({ hasText: "No answer: the service does not answer." }).waitFor();
  wrong = wrong.filter((each) => !/ERR_CONNECTION_REFUSED/.test(each));
  service = await fakeService();
});

test("titles are text, whatever stands in them; every control has a name; nothing is cut off on a phone", async () => {
  await pick("<b>");
  await page.locator(".chips", { hasText: "<b>Bold</b> & Sons" }).waitFor();
  assert.equal(await page.locator("b").count(), 0);
  await page.getByText("Filters").click();
  for (const width of [320, 390]) {
    await page.setViewportSize({ width, height: 800 });
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), width);
  }
  const nameless = await page.evaluate(() =>
    Array.from(document.querySelectorAll<HTMLInputElement>("input, select, button, a, section"))
      .filter((each) => {
        const by = each.getAttribute("aria-labelledby");
        const label = each.labels?.[0]?.textContent ?? (by && document.getElementById(by)?.textContent);
        return !(each.getAttribute("aria-label") || label || each.textContent?.trim());
      })
      .map((each) => each.outerHTML),
  );
  assert.deepEqual(nameless, []);
  const low = await page.evaluate(() =>
    Array.from(document.querySelectorAll("main button, main select"))
      .filter((each) => each.getBoundingClientRect().height < 32)
      .map((each) => each.outerHTML),
  );
  assert.deepEqual(low, []);
  const ids = await page.evaluate(() => Array.from(document.querySelectorAll("[id]")).map(({ id }) => id));
  assert.equal(new Set(ids).size, ids.length);
});
