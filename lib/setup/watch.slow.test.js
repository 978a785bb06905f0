"use strict";
// Training that is watched in a cell, as Jupyter hears it: one output that is updated in place.
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { startKernel } = require("./kernel.fixture");
const { places } = require("./places");

const prepared = `import { nextItem, prepare, train } from "./lib/index";
const data = await prepare("synthetic");
const model = await nextItem(data, { epochs: 1, units: 8, width: 8 });
const how = { data, model, batchSize: 16, evaluateEvery: 100, watch: true };`;

/** The messages of a cell that show something, by the id of their place. */
function listener() {
  const places = new Map();
  return {
    places,
    hear({ type, content }) {
      const id = content.transient?.display_id;
      if (!/display_data$/.test(type) || !String(id).startsWith("watch-")) return;
      places.set(id, [...(places.get(id) ?? []), { type, data: content.data }]);
    },
  };
}

test("a watched run has one place below its cell, which is updated while it learns and keeps a picture; a stopped one too", async () => {
  const kernel = await startKernel(places.root);
  try {
    assert.deepEqual(await kernel.run(prepared).then(({ status }) => status), "ok");
    const whole = listener();
    const ran = await kernel.run(
      'const run = await train("ddpg", { ...how, steps: 800, settings: { hidden: [32] } });',
      whole.hear,
    );
    assert.equal(ran.status, "ok", ran.text);
    assert.equal(whole.places.size, 1);
    const [messages] = whole.places.values();
    assert.deepEqual(
      messages.map(({ type }) => type),
      ["display_data", ...messages.slice(1).map(() => "update_display_data")],
    );
    assert.ok(messages.length >= 3, `${messages.length} drawings`);
    const last = messages.at(-1).data;
    assert.match(last["text/plain"], /^ddpg at step 800 of 800: critic loss .*mean Q .*validation NDCG@10/);
    assert.ok(last["image/png"].length > 10_000);

    const stopped = listener();
    const soon = setTimeout(() => kernel.interrupt(), 3000);
    const cut = await kernel.run(
      'await train("ddpg", { ...how, steps: 100_000, settings: { hidden: [32] } });',
      stopped.hear,
    );
    clearTimeout(soon);
    assert.equal(cut.status, "error");
    // The cell has ended; what it awaited ends behind it and leaves its last state.
    let text = "";
    for (let tries = 0; tries < 60 && !/stopped at step/.test(text); tries++) {
      // What ends behind its cell is heard with the one that runs then.
      await kernel.run("await new Promise((settle) => setTimeout(settle, 500));", stopped.hear);
      text = [...stopped.places.values()].flat().at(-1)?.data["text/html"] ?? "";
    }
    assert.match(text, /ddpg stopped at step/);
    assert.equal(stopped.places.size, 1);
  } finally {
    await kernel.end();
  }
});
