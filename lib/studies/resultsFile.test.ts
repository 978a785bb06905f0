import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readResults, resultsFile, writeResults } from "./resultsFile";

const row = (name: string, ndcg: number) => ({
  ...{ name, kind: "baseline" as const, ndcg, lower: ndcg - 0.01, upper: ndcg + 0.01 },
  ...{ recall: 0.1, hitRate: 0.2, mrr: 0.1, coverage: 0.3 },
});

test("results come back best first; where nothing was written there are none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "results-"));
  try {
    const file = resultsFile(folder);
    assert.equal(await readResults(file), undefined);
    await writeResults(
      { dataset: "toy", users: 3, k: 10, fast: true, rows: [row("a", 0.1), row("b", 0.3)] },
      file,
    );
    assert.deepEqual(
      (await readResults(file))!.rows.map(({ name }) => name),
      ["b", "a"],
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
