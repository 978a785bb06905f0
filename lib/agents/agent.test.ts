import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { random } from "../math/random";
import { agentOf } from "./agent";
import { someBatch } from "./smallProblem.fixture";

/** An agent that learns nothing, but tells which update it is in and what it would draw there. */
const diary = (seed: number) =>
  agentOf({
    ...{ name: "diary", config: {}, networks: {}, optimizers: [], random: random(seed) },
    act: () => new Float32Array(0),
    learn: (_batch, update, draw) => ({ update, drawn: draw.next() }),
  });

test("every update draws anew, the same under the same seed, and a loaded agent goes on with the next", async () => {
  const folder = await mkdtemp(join(tmpdir(), "agent-of-"));
  try {
    const batch = someBatch(1);
    const lived = (agent: ReturnType<typeof diary>, times: number) =>
      Array.from({ length: times }, () => agent.learn(batch));
    const first = diary(1);
    const told = lived(first, 3);
    assert.deepEqual(
      told.map(({ update }) => update),
      [1, 2, 3],
    );
    assert.equal(new Set(told.map(({ drawn }) => drawn)).size, 3);
    assert.deepEqual(lived(diary(1), 3), told);
    assert.notDeepEqual(lived(diary(2), 3), told);

    await first.save(folder);
    const next = lived(first, 2);
    const loaded = diary(1);
    await loaded.load(folder);
    assert.deepEqual(lived(loaded, 2), next);
    assert.deepEqual(
      next.map(({ update }) => update),
      [4, 5],
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
