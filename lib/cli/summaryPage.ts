import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../data/writeAtomically";
import { escaped } from "../figures/page";
import { type Results, readResults, resultsFile } from "../studies/resultsFile";
import { bookContents, type Chapter } from "./bookContents";
import { type GallerySection, sectionOf } from "./gallery";

/** What the summary page shows: a chapter, and the figures that its run has left. */
export interface SummarySection extends Omit<GallerySection, "link"> {
  /** The notebook, which has a page NAME.html beside this one. */
  readonly name: string;
}

/** Bold and code of a caption; everything else is text. */
const words = (text: string): string =>
  escaped(text)
    .replace(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
    .replace(/`([^`]+)`/g, "<code>$1</code>");

/**
 * One page for a whole run: the contents of the book, every figure with its sentence, notebook by notebook, and the table of
 * results. It stands beside the pictures and asks nothing from any network.
 *
 * @param style the style sheet, which goes into the page
 */
export function summaryPage(
  sections: readonly SummarySection[],
  { chapters, style, results }: { chapters: readonly Chapter[]; style: string; results?: Results },
): string {
  const parts = [
    contents(sections, chapters),
    ...(results === undefined ? [] : [resultTable(results)]),
    ...sections.filter(({ pictures }) => pictures.length > 0).map(figures),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>offshelf: notebooks and figures</title>
<style>
${style}</style>
</head>
<body>
<nav class="bar" aria-label="Page"><div><a class="skip" href="#figures">Skip to the figures</a><a href="#contents">Contents</a>${
    results === undefined ? "" : '<a href="#results">Results</a>'
  }<a href="#figures">Figures</a></div></nav>
<main>
<h1>offshelf: notebooks and figures</h1>
<p>What this run has made. A picture leads to its interactive figure, a title to the executed notebook.</p>
${parts.join("\n")}
</main>
</body>
</html>
`;
}

function contents(sections: readonly SummarySection[], chapters: readonly Chapter[]): string {
  const ran = new Map(sections.map((section) => [section.name, section]));
  const known = chapters.map(({ name, title, line }) => ({ name, title, line }));
  const others = sections.filter(({ name }) => !chapters.some((chapter) => chapter.name === name));
  const lines = [...known, ...others.map(({ name, title }) => ({ name, title, line: "" }))].map(
    ({ name, title, line }) => {
      const shown =
        name !== undefined && ran.has(name)
          ? `<a href="${name}.html">${escaped(title)}</a>`
          : `<span>${escaped(title)}</span>`;
      const note = name !== undefined && ran.has(name) ? line : `${line} (not run yet)`;
      return `<li>${shown}<span>${escaped(note)}</span></li>`;
    },
  );
  return `<h2 id="contents">Contents</h2>\n<ul class="contents">\n${lines.join("\n")}\n</ul>`;
}

function figures({ name, title, pictures }: SummarySection, i: number): string {
  const shown = pictures.map(
    (picture) =>
      `<figure><a href="${picture.name}.html"><img loading="lazy" src="${picture.name}.png" ` +
      `alt="${escaped(picture.caption)}"></a><figcaption>${words(picture.caption)}</figcaption></figure>`,
  );
  const id = i === 0 ? ' id="figures"' : "";
  return `<h2${id}><a href="${name}.html">${escaped(title)}</a></h2>\n${shown.join("\n")}`;
}

function resultTable({ dataset, users, k, fast, rows }: Results): string {
  const head = ["method", `NDCG@${k}`, "95%", `Recall@${k}`, `coverage@${k}`];
  const body = rows.map(({ name, ndcg, lower, upper, recall, coverage }) => [
    name,
    ndcg.toFixed(4),
    `${lower.toFixed(4)} to ${upper.toFixed(4)}`,
    recall.toFixed(4),
    coverage.toFixed(4),
  ]);
  const line = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  const about = `${dataset}; ${users.toLocaleString("en-US")} test users${fast ? "; a quick look: short training" : ""}.`;
  return `<h2 id="results">Results on test rows</h2>
<p class="soft">${escaped(about)}</p>
<div class="wide" tabindex="0"><table>
<thead>${line("th", head)}</thead>
<tbody>
${body.map((cells) => line("td", cells)).join("\n")}
</tbody>
</table></div>`;
}

/**
 * Writes index.html into the folder of a run, from what lies there.
 *
 * @param names notebooks in order; those without an executed copy in the folder are named as not run
 * @returns its path
 */
export async function writeSummary(folder: string, names: readonly string[]): Promise<string> {
  const sections = names
    .filter((name) => existsSync(join(folder, `${name}.ipynb`)))
    .map((name) => ({ name, ...sectionOf(join(folder, `${name}.ipynb`)) }))
    .map(({ name, title, pictures }) => ({
      name,
      title,
      pictures: pictures.filter((picture) => existsSync(join(folder, `${picture.name}.png`))),
    }));
  const results = await readResults(resultsFile(folder));
  const page = summaryPage(sections, {
    chapters: bookContents(),
    style: readFileSync(join(__dirname, "page.css"), "utf8"),
    ...(results === undefined ? {} : { results }),
  });
  const path = join(folder, "index.html");
  await writeAtomically(path, page);
  return path;
}
