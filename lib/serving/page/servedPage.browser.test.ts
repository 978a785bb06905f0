import assert from "node:assert/strict";
import { test } from "node:test";
import { openBrowser } from "../../figures/render";
import { withService } from "../service.fixture";
import { demoPage, pageFiles } from "./demoPage";

test("where the service has a token the page asks for it, and keeps it for its tab alone", async () => {
  const browser = await openBrowser({ scale: 1 });
  try {
    const page = { html: demoPage(), files: pageFiles() };
    await withService({ runs: ["runs/a"], page, token: "secret" }, async ({ address, log }) => {
      const tab = await browser.context.newPage();
      tab.setDefaultTimeout(5000);
      await tab.goto(`${address}/`);
      const field = tab.getByLabel("The token of this service");
      await field.fill("wrong");
      await field.press("Enter");
      await tab.getByRole("alert").filter({ hasText: "does not take this token" }).waitFor();
      await field.fill("secret");
      await tab.getByRole("button", { name: "Go on" }).click();
      const ready = () => tab.getByRole("status").filter({ hasText: "3 lists" }).waitFor();
      await ready();
      assert.equal(log.slates.length, 3);
      await tab.reload();
      await ready();
      assert.ok(!tab.url().includes("secret"));
      const other = await browser.context.newPage();
      await other.goto(`${address}/`);
      await other.getByLabel("The token of this service").waitFor();
      await Promise.all([tab.close(), other.close()]);
    });
  } finally {
    await browser.close();
  }
});

test("the page meets the service itself: strict schemas, its content policy, feedback in the log", async () => {
  const browser = await openBrowser({ scale: 1 });
  try {
    const page = { html: demoPage(), files: pageFiles() };
    const hand = (folder: string) => (folder.endsWith("b") ? { kind: "scored" as const } : {});
    await withService({ runs: ["runs/a", "runs/b"], page, hand }, async ({ address, log }) => {
      const tab = await browser.context.newPage();
      tab.setDefaultTimeout(5000);
      const wrong: string[] = [];
      tab.on("pageerror", (error) => wrong.push(error.message));
      tab.on("console", (message) => {
        if (message.type() === "error") wrong.push(message.text());
      });
      const status = (text: string) => tab.getByRole("status").filter({ hasText: text }).waitFor();
      await tab.goto(`${address}/`);
      await status("3 lists for somebody new");
      await tab.getByRole("combobox", { name: "Titles you like" }).fill("book i12");
      await tab.getByRole("listbox").getByRole("option").first().click();
      await status("3 lists for 1 picked");
      await tab.locator("#variety-1").fill("20");
      await tab.locator("#temperature-1").fill("-4");
      await tab.locator("#temperature-2").fill("4");
      await tab.getByText("Filters").click();
      await tab.getByRole("checkbox", { name: "Drama" }).check();
      await tab.getByRole("spinbutton", { name: "price, at most" }).fill("30.5");
      await tab.waitForTimeout(700);
      assert.equal(await tab.getByRole("alert").textContent(), "");
      for (const list of [1, 2, 3]) {
        const shown = await tab
          .locator(`#list-${list} li`)
          .evaluateAll((all) => all.map((each) => Number(each.getAttribute("data-item")!.slice(1))));
        assert.ok(
          shown.length === 10 && shown.every((row) => row <= 30 && row % 3 !== 2 && row !== 12),
          `${shown}`,
        );
      }
      const [first] = await tab.locator("#list-2 li h3").allTextContents();
      await tab
        .locator("#list-2")
        .getByRole("button", { name: `I took ${first}`, exact: true })
        .click();
      await status(`${first} joins the history`);
      // Drawn anew for the longer history: what stood second before may not stand in any list now.
      const [second] = await tab.locator("#list-2 li h3").allTextContents();
      await tab
        .getByRole("button", { name: `Seen it: ${second}`, exact: true })
        .first()
        .click();
      await status(`${second} is not shown again`);
      assert.deepEqual(
        log.feedback.map(({ itemId, reward, kind }) => [`Book ${itemId}`, reward, kind]),
        [
          [first, 1, "taken"],
          [second, 0, "seen"],
        ],
      );
      const shown = log.slates.find(({ slateId }) => slateId === log.feedback[0].slateId)!;
      assert.equal(shown.policy, "b");
      assert.ok(shown.items.includes(log.feedback[0].itemId));
      await tab.getByRole("textbox", { name: "or a reader" }).fill("u3");
      await status("3 lists for reader u3");
      assert.deepEqual(wrong, []);
      await tab.getByRole("textbox", { name: "or a reader" }).fill("nobody");
      await tab.getByRole("alert").filter({ hasText: 'Not found: there is no user "nobody"' }).waitFor();
      await tab.close();
    });
  } finally {
    await browser.close();
  }
});
