import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { after, before, test } from "node:test";
import type { BrowserContext, Page } from "playwright-core";
import { decode } from "../figures/palettePng";
import { openBrowser } from "../figures/render";
import { controls, writeNotebook } from "./notebooks.fixture";

/** JupyterLab as `npm run lab` starts it, seen through a browser: a notebook runs and its figure is drawn. */
const root = resolve(__dirname, "..", "..");
const home = mkdtempSync(join(tmpdir(), "offshelf-lab-"));
// The notebook has to lie below the project root, where JupyterLab works; data/ is ignored by git.
const folder = join(root, "data", "cache", `lab-test-${process.pid}`);
const token = "a-token-of-this-test";
const patience = 180_000;

let lab: ChildProcess;
let labLog = "";
let browser: { context: BrowserContext; close(): Promise<void> };
let page: Page;
let address: string;
const outside: string[] = [];

before(async () => {
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  writeNotebook(folder, "figure", controls.good);
  mkdirSync(join(home, "settings"), { recursive: true });
  const flags = [
    "--no-browser",
    `--port=${port}`,
    "--ip=127.0.0.1",
    `--IdentityProvider.token=${token}`,
    "--LabApp.expose_app_in_browser=True",
    `--LabApp.user_settings_dir=${join(home, "settings")}`,
    `--LabApp.workspaces_dir=${join(home, "workspaces")}`,
  ];
  lab = spawn(process.execPath, [join(root, "lib", "setup", "lab.js"), ...flags], {
    cwd: root,
    env: {
      ...process.env,
      JUPYTER_CONFIG_DIR: join(home, "config"),
      JUPYTER_RUNTIME_DIR: join(home, "runtime"),
      OFFSHELF_FIGURES: join(home, "figures"),
    },
  });
  for (const stream of [lab.stdout!, lab.stderr!])
    stream.on("data", (data) => {
      labLog = (labLog + data).slice(-6000);
    });
  await answering(`${address}/api?token=${token}`);
  browser = await openBrowser({ scale: 1 });
  page = await browser.context.newPage();
  await page.setViewportSize({ width: 1280, height: 1400 });
  await page.route("**/*", (route) => {
    const { hostname, protocol } = new URL(route.request().url());
    if (hostname === "127.0.0.1" || protocol === "data:" || protocol === "blob:") return route.continue();
    outside.push(route.request().url());
    return route.abort();
  });
});

after(async () => {
  await browser?.close();
  const ended = new Promise((settle) => lab?.once("close", settle));
  if (lab?.exitCode === null) {
    lab.kill("SIGTERM");
    await Promise.race([ended, new Promise((settle) => setTimeout(settle, 15_000).unref())]);
    lab.kill("SIGKILL");
  }
  rmSync(folder, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

test("a notebook runs in JupyterLab and its figure is drawn, interactive, without any outside request", async () => {
  const path = relative(root, join(folder, "figure.ipynb"));
  await page.goto(`${address}/lab/tree/${path}?token=${token}`, { timeout: patience });
  await page.waitForSelector(".jp-NotebookPanel .jp-CodeCell", { timeout: patience });
  const kernel = "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel";
  await page.waitForFunction(`${kernel}?.status === "idle"`, undefined, { timeout: patience });
  await page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')");
  const chart = page.locator(".jp-OutputArea-output .js-plotly-plot");
  await chart
    .locator(".barlayer .point")
    .first()
    .waitFor({ timeout: patience })
    .catch(async (error) => {
      await keep("failed");
      throw new Error(`no figure was drawn: ${error}\n${await page.innerText("body")}\n${labLog}`);
    });
  await page.waitForFunction(
    "document.querySelector('.jp-NotebookPanel').innerText.includes('at ')",
    undefined,
    { timeout: patience },
  );
  assert.equal(await chart.count(), 1);
  assert.equal(await chart.locator(".barlayer .point").count(), 3);
  assert.match(await chart.innerText(), /six invented ratings/);
  assert.match(await page.innerText(".jp-NotebookPanel"), /counting: 3\/3/);

  await chart.scrollIntoViewIfNeeded();
  const { colours } = decode(await chart.screenshot());
  const blue = colours.filter((colour) => near(colour, 0x0072b2)).length / colours.length;
  assert.ok(blue > 0.05, `bars cover ${(100 * blue).toFixed(1)}% of the figure`);
  assert.ok(new Set(colours).size > 50, "letters and lines are drawn as well");

  const bar = (await chart.locator(".barlayer .point").nth(2).boundingBox())!;
  await page.mouse.move(bar.x + bar.width / 2, bar.y + bar.height / 2);
  await chart.locator(".hoverlayer .hovertext").first().waitFor({ timeout: 10_000 });
  await keep("lab");
  assert.deepEqual(outside, []);
});

/** Keeps a picture of the page where somebody asks for it: OFFSHELF_KEEP names the folder. */
async function keep(name: string): Promise<void> {
  const place = process.env.OFFSHELF_KEEP;
  if (place !== undefined) writeFileSync(join(place, `${name}.png`), await page.screenshot());
}

function near(colour: number, wanted: number): boolean {
  return [16, 8, 0].every((shift) => Math.abs(((colour >> shift) & 255) - ((wanted >> shift) & 255)) < 12);
}

function freePort(): Promise<number> {
  return new Promise((settle, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => settle(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function answering(url: string): Promise<void> {
  for (let waited = 0; waited < patience; waited += 500) {
    if (lab.exitCode !== null) throw new Error(`JupyterLab ended with status ${lab.exitCode}\n${labLog}`);
    const ready = await fetch(url).then(
      (reply) => reply.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((settle) => setTimeout(settle, 500));
  }
  throw new Error(`JupyterLab does not answer\n${labLog}`);
}
