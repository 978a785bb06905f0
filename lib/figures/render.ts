import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { type Figure, specJson } from "./figure";
import { plotlyFile } from "./page";
import { palettePng } from "./palettePng";

/** The project root: this file lies in lib/figures. */
export const projectRoot = resolve(__dirname, "..", "..");

/** Draws figures as PNG, at twice their size for sharp screens. */
export interface Renderer {
  png(figure: Figure): Promise<Buffer>;
  close(): Promise<void>;
}

/** How to start the browser, as lib/setup/browser.js says it. */
interface Launch {
  executablePath: string;
  env: Record<string, string>;
  args: string[];
}

/** A browser with a fresh profile; closing it removes the profile. */
export interface OpenBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/**
 * Starts the headless browser of set-up: the only door to it.
 *
 * @param scale pixels of a picture for each pixel of the page
 * @throws when set-up has found no browser.
 */
export async function openBrowser({ scale = 2 } = {}): Promise<OpenBrowser> {
  const { browser } = require("../setup/browser.js") as { browser: () => Launch };
  const { chromium } = require("playwright-core") as typeof import("playwright-core");
  const { executablePath, env, args } = browser();
  const profile = mkdtempSync(join(tmpdir(), "offshelf-browser-"));
  const remove = (): void => rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      env,
      args,
      deviceScaleFactor: scale,
      handleSIGINT: false, // a notebook's interrupt must not end the kernel
    });
    return { context, close: () => context.close().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

/** A page with nothing but Plotly, which draws figure after figure and asks nothing from any network. */
export async function renderer(): Promise<Renderer> {
  const { context, close } = await openBrowser();
  const page = await context.newPage();
  await page.setContent('<body style="margin:0;background:#fff"><div id="figure"></div></body>');
  await page.addScriptTag({ path: join(projectRoot, plotlyFile) });
  return { png: (figure) => picture(page, figure), close };
}

async function picture(page: Page, figure: Figure): Promise<Buffer> {
  const { width, height } = figure;
  await page.setViewportSize({ width, height });
  // The text of a function would carry the compiler's own names into the page, so the page gets plain text.
  await page.evaluate(`(async () => {
    const spec = ${specJson(figure)};
    const place = document.getElementById("figure");
    Plotly.purge(place);
    const layout = { ...spec.layout, width: ${width}, height: ${height} };
    await Plotly.newPlot(place, spec.data, layout, { staticPlot: true, displayModeBar: false });
    await document.fonts.ready;
  })()`);
  return palettePng(
    await page.screenshot({ clip: { x: 0, y: 0, width, height }, animations: "disabled", type: "png" }),
  );
}
