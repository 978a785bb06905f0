import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { writeSite } from "./writeSite";

/** For tests: an exported page that a browser has opened from a file. */
export interface OpenSite {
  readonly page: Page;
  /** Every request, and whatever went wrong. */
  readonly heard: string[];
  readonly folder: string;
}

/** Writes a site into a folder and opens it. */
export async function openSite(
  context: BrowserContext,
  site: ReadonlyMap<string, string>,
  folder: string,
): Promise<OpenSite> {
  await writeSite(site, folder);
  const page = await context.newPage();
  const heard: string[] = [];
  page.on("request", (request) => heard.push(request.url()));
  page.on("pageerror", (error) => heard.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") heard.push(`console: ${message.text()}`);
  });
  await page.goto(pathToFileURL(join(folder, "index.html")).href);
  return { page, heard, folder };
}
