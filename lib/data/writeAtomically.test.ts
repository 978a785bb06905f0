import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeAtomically, writeJsonAtomically } from "./writeAtomically";

const folder = mkdtempSync(join(tmpdir(), "atomic-"));
after(() => rmSync(folder, { recursive: true }));

test("writes text, bytes, chunks and JSON, making folders", async () => {
  const at = (name: string): string => join(folder, "new", "deep", name);
  await writeAtomically(at("text"), "é\n");
  await writeAtomically(at("text"), "è\n");
  await writeAtomically(at("bytes"), Uint8Array.of(1, 2, 255));
  await writeAtomically(at("chunks"), ["a", Uint8Array.of(98), "c"]);
  await writeJsonAtomically(at("json"), { a: [1, null] });
  assert.equal(readFileSync(at("text"), "utf8"), "è\n");
  assert.deepEqual([...readFileSync(at("bytes"))], [1, 2, 255]);
  assert.equal(readFileSync(at("chunks"), "utf8"), "abc");
  assert.equal(readFileSync(at("json"), "utf8"), '{\n  "a": [\n    1,\n    null\n  ]\n}\n');
  assert.deepEqual(readdirSync(join(folder, "new", "deep")).sort(), ["bytes", "chunks", "json", "text"]);
});

test("a write that fails half-way leaves the old file and nothing else", async () => {
  const file = join(folder, "kept", "data.csv");
  await writeAtomically(file, "old");
  function* failing(): Generator<string> {
    yield "half";
    throw new Error("no more rows");
  }
  await assert.rejects(writeAtomically(file, failing()), /no more rows/);
  assert.equal(readFileSync(file, "utf8"), "old");
  assert.deepEqual(readdirSync(join(folder, "kept")), ["data.csv"]);

  mkdirSync(join(folder, "kept", "folder"));
  await assert.rejects(writeAtomically(join(folder, "kept", "folder"), "text"));
  assert.deepEqual(readdirSync(join(folder, "kept")).sort(), ["data.csv", "folder"]);
});

test("JSON refuses what it cannot say", async () => {
  await assert.rejects(
    writeJsonAtomically(join(folder, "nan.json"), { loss: Number.NaN }),
    /writeJsonAtomically requires finite numbers, got NaN at "loss"/,
  );
});
