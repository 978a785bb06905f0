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

test("what notebooks print of lib's sources is there to be found", () => {
  let looked = 0;
  for (const file of notebookFiles()) {
    const { cells } = JSON.parse(readFileSync(file, "utf8")) as { cells: Cell[] };
    let [name, printed] = ["", ""];
    for (const { cell_type, source } of cells) {
      const text = cell_type === "code" ? [source].flat().join("") : "";
      const read = /readFileSync\("(lib\/[^"]+)"/.exec(text);
      if (read !== null) [name, printed] = [read[1], readFileSync(join(root, read[1]), "utf8")];
      if (name === "") continue;
      for (const [, start] of text.matchAll(/(?:indexOf|part)\("((?:[^"\\]|\\.)+)"/g)) {
        looked++;
        assert.ok(printed.includes(JSON.parse(`"${start}"`)), `${basename(file)}: ${start} in ${name}`);
      }
    }
  }
  assert.ok(looked >= 3, `${looked}`);
});

test("no two notebooks save a figure under the same name", () => {
  assert.match(galleryPage(notebookFiles().map(sectionOf)), /^# Figures\n/);
});
