import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { test } from "node:test";
import { galleryPage, sectionOf } from "./gallery";
import { notebookFiles } from "./runNotebooks";

const root = resolve(__dirname, "..", "..");

interface Cell {
  readonly cell_type: string;
  readonly execution_count?: number | null;
  readonly source: string | readonly string[];
  readonly outputs?: readonly { output_type: string; name?: string; data?: Record<string, unknown> }[];
}

for (const file of notebookFiles()) {
  test(`${basename(file)} is committed as the runner leaves it`, () => {
    const text = readFileSync(file, "utf8");
    const { cells, metadata } = JSON.parse(text) as {
      cells: Cell[];
      metadata: { kernelspec: { name: string } };
    };
    const code = cells.filter((cell) => cell.cell_type === "code");
    assert.equal(metadata.kernelspec.name, "offshelf");
    assert.ok(text.length <= 500 * 1024, `${text.length} bytes`);
    assert.deepEqual(
      code.map((cell) => cell.execution_count),
      code.map((_, i) => i + 1),
      "executed from start to end, in order",
    );
    const outputs = code.flatMap((cell) => cell.outputs ?? []);
    assert.ok(outputs.every((output) => output.output_type !== "error"));
    assert.ok(!outputs.some((output) => String(output.data?.["text/html"] ?? "").includes("<script")));
    assert.doesNotMatch(text, /["\s(]\/(home|root|work|Users|tmp)\//, "no path of a machine");
    for (const { name } of sectionOf(file).pictures)
      assert.ok(existsSync(join(root, "figures", `${name}.png`)), `figures/${name}.png is committed too`);
  });
}

test("no two notebooks save a figure under the same name", () => {
  assert.match(galleryPage(notebookFiles().map(sectionOf)), /^# Figures\n/);
});
