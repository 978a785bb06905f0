import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeResults } from "../studies/resultsFile";
import { summaryPage, writeSummary } from "./summaryPage";

const chapters = [
  { name: "01-a", title: "1 · A?", line: "What a is.", minutes: { short: 1, full: 1 } },
  { title: "2 · B & c?", line: "What b is.", minutes: { short: 1, full: 1 } },
];
const bars = { name: "01-bars", caption: 'Four is **commonest**, by "far" <5.' };
const row = { kind: "agent", recall: 0.1, hitRate: 0.2, mrr: 0.3, coverage: 0.4 } as const;
const results = {
  dataset: "a log",
  users: 1331,
  k: 10,
  fast: true,
  rows: [{ ...row, name: "DDPG", ndcg: 0.0912, lower: 0.08, upper: 0.1 }],
};

test("the page has every figure with its sentence, linked, below its notebook, and the results", () => {
  const page = summaryPage([{ name: "01-a", title: "1 · A?", pictures: [bars] }], {
    chapters,
    style: "p { color: red }\n",
    results,
  });
  const order = [
    "p { color: red }",
    '<li><a href="01-a.html">1 · A?</a><span>What a is.</span></li>',
    "<li><span>2 · B &amp; c?</span><span>What b is. (not run yet)</span></li>",
    "a log; 1,331 test users; a quick look: short training.",
    "<td>DDPG</td><td>0.0912</td><td>0.0800 to 0.1000</td>",
    '<h2 id="figures"><a href="01-a.html">1 · A?</a></h2>',
    '<a href="01-bars.html"><img loading="lazy" src="01-bars.png" alt="Four is **commonest**, by &quot;far&quot; &lt;5."></a>',
    "<figcaption>Four is <strong>commonest</strong>, by &quot;far&quot; &lt;5.</figcaption>",
  ];
  const places = order.map((part) => page.indexOf(part));
  assert.ok(
    places.every((place, i) => place > (places[i - 1] ?? 0)),
    `${places}\n${page}`,
  );
  assert.doesNotMatch(page, /https?:|<script/, "nothing is fetched and nothing runs");
});

test("what lies in the folder of a run is on its page, and pictures that are gone are not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "offshelf-summary-"));
  try {
    const outputs = [bars, { name: "01-gone", caption: "" }].map((offshelf) => ({ metadata: { offshelf } }));
    const cells = [
      { cell_type: "markdown", source: "# 1 · What did they do?" },
      { cell_type: "code", source: "show()", outputs },
    ];
    writeFileSync(join(folder, "01-zzz.ipynb"), JSON.stringify({ cells }));
    writeFileSync(join(folder, "01-bars.png"), "");
    await writeResults(results, join(folder, "results.json"));
    const path = await writeSummary(folder, ["01-zzz", "02-never-run"]);
    const page = readFileSync(path, "utf8");
    assert.equal(path, join(folder, "index.html"));
    assert.match(page, /<a href="01-zzz\.html">1 · What did they do\?<\/a>/);
    assert.match(page, /src="01-bars\.png"/);
    assert.doesNotMatch(page, /01-gone|02-never-run/);
    assert.match(page, /prefers-color-scheme: dark/);
    assert.match(page, /id="results"/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
