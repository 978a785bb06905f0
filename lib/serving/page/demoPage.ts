import { readFileSync } from "node:fs";
import { join } from "node:path";
import { plainBundle } from "./bundle";

/** A file that the page asks its server for. */
export interface PageFile {
  readonly type: string;
  readonly content: string;
}

/** The service's demo page, which has its style and its script from the same server. */
export function demoPage(): string {
  return pageHtml({ scripts: ["/page/page.js"], style: "/page/page.css", standsAlone: false });
}

/** What `demoPage` asks for, by path. The script is made anew at each call: ask once. */
export function pageFiles(): Map<string, PageFile> {
  return new Map([
    ["/page/page.css", { type: "text/css; charset=utf-8", content: pageStyle() }],
    [
      "/page/page.js",
      {
        type: "text/javascript; charset=utf-8",
        content: plainBundle("serving/page/client/servedPage.ts"),
      },
    ],
  ]);
}

export function pageStyle(): string {
  return readFileSync(join(__dirname, "page.css"), "utf8");
}

/**
 * The page's frame; its script fills it.
 *
 * @param options.standsAlone it has no server: a policy in the page itself forbids every request but its own scripts
 */
export function pageHtml({
  scripts,
  style,
  standsAlone,
}: {
  readonly scripts: readonly string[];
  readonly style: string;
  readonly standsAlone: boolean;
}): string {
  const policy = standsAlone ? `<meta http-equiv="Content-Security-Policy" content="${alonePolicy}">\n` : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${policy}<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="offshelf">
<title>offshelf: three lists side by side</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">
</head>
<body>
<noscript>This page needs JavaScript.</noscript>
<main id="offshelf" aria-busy="true"><p role="status">Opening …</p></main>
${scripts.map((script) => `<script src="${script}" defer></script>`).join("\n")}
</body>
</html>
`;
}

/** Scripts and styles of the page's own folder, also where it is opened as a file; and no request to anywhere. */
const alonePolicy = [
  "default-src 'none'",
  "script-src 'self' file:",
  "style-src 'self' file:",
  "img-src data:",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
