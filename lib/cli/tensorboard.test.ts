import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { inNewFolder, ran } from "./files.fixture";
import { describeAt, type TensorboardPlace } from "./tensorboard";

const tensorboard = (place: TensorboardPlace, ...argv: string[]) =>
  ran("tensorboard", (command) => describeAt(place, command), ...argv);

test("where it is not installed the command that installs it is named; what is not there is refused", () =>
  inNewFolder(async () => {
    const missing = await tensorboard({ python: "nowhere/python", program: [] });
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /run `npm run setup -- --tensorboard` once/);
    const none = await tensorboard({ python: process.execPath, program: [] });
    assert.equal(none.status, 2);
    assert.match(none.stderr, /data\/runs: is not there, expected run folders/);
  }));

test("it is started on the runs with its port and host, and how it ended is told", () =>
  inNewFolder(async () => {
    await mkdir("runs");
    await writeFile(
      "stand-in.js",
      "require('fs').writeFileSync('args.json', JSON.stringify(process.argv.slice(2))); process.exit(process.argv.includes('7') ? 3 : 0)",
    );
    const place = { python: process.execPath, program: ["stand-in.js"] };
    assert.equal((await tensorboard(place, "--logs", "runs", "--port", "0")).status, 0);
    assert.deepEqual(JSON.parse(await readFile("args.json", "utf8")), [
      ...["--logdir", "runs", "--port", "0", "--host", "localhost"],
    ]);
    const failed = await tensorboard(place, "--logs", "runs", "--port", "7");
    assert.equal(failed.status, 1);
    assert.match(failed.stderr, /TensorBoard ended with status 3/);
  }));
