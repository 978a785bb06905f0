import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Dataset } from "../data/dataset";
import type { InputError } from "../data/inputError";
import { readStoredDataset, storeDataset } from "./storedDataset";

const ids = ["1", "2", "ü-1"];
const dataset: Dataset = {
  name: "shop.csv",
  label: "shop.csv (2 users)",
  origin: "/somewhere/shop.csv",
  interactions: {
    size: 3,
    users: Int32Array.of(0, 1, 0),
    items: Int32Array.of(2, 0, 1),
    weights: Float32Array.of(1, 0.5, 3),
    times: Float64Array.of(1e9, 1e9 + 1, 2e9),
    userIds: ["a", "é"],
    itemIds: ids,
    order: "timestamp",
    weightKind: "weight",
    extra: { clicks: Float32Array.of(4, 5, 6) },
  },
  catalog: {
    size: 3,
    ids,
    titles: ["One", "Two", "Drei"],
    text: {},
    numbers: {},
    rowOf: (id) => ids.indexOf(id),
  },
  skippedRows: 2,
  notices: ["2 rows were skipped"],
};

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "offshelf-stored-"));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("a stored dataset comes back as it was, and always as the same bytes", () =>
  inFolder(async (folder) => {
    await storeDataset(folder, dataset);
    const { catalog, ...rest } = await readStoredDataset(folder);
    const { catalog: kept, ...expected } = dataset;
    assert.deepEqual(rest, expected);
    assert.deepEqual(catalog.titles, kept.titles);
    assert.equal(catalog.rowOf("ü-1"), 2);
    assert.equal(catalog.rowOf("none"), -1);
    const before = await readFile(join(folder, "log.arrays"));
    await storeDataset(folder, { ...dataset, ...rest, catalog });
    assert.deepEqual(await readFile(join(folder, "log.arrays")), before);
  }));

test("a log that is missing, foreign or cut short is refused by file", () =>
  inFolder(async (folder) => {
    const file = join(folder, "log.arrays");
    const refused = (pattern: RegExp) =>
      assert.rejects(
        readStoredDataset(folder),
        (error: InputError) => error.file === file && pattern.test(error.message),
      );
    await refused(/cannot be read/);
    await writeFile(file, "user_id,item_id\n");
    await refused(/is not a file of named arrays/);
    await storeDataset(folder, dataset);
    const { length } = await readFile(file);
    await truncate(file, length - 8);
    await refused(/ends within the array extra clicks/);
    await truncate(file, 60);
    await refused(/ends within its header/);
  }));
