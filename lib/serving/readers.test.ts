import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { random } from "../math/random";
import { boredom } from "../worlds/boredom";
import { interestEvolution } from "../worlds/interestEvolution";
import { satiation } from "../worlds/satiation";
import type { World } from "../worlds/world";
import { type AskedService, serviceAt, simulateReaders, withStarts } from "./readers";

type Asked = Parameters<AskedService["recommend"]>[0];
type Said = Parameters<AskedService["feedback"]>[0];

/** Shows always the same items, and keeps what it was asked and told. */
function showing(items: readonly string[]) {
  const [asked, said]: [Asked[], Said[]] = [[], []];
  const service: AskedService = {
    async recommend(body) {
      asked.push(body);
      // Answers come back in another order than that of the questions.
      await new Promise((resolve) => setTimeout(resolve, asked.length % 3));
      const slate_id = `${body.user_id}/${asked.filter(({ user_id }) => user_id === body.user_id).length}`;
      return { slate_id, recommendations: items.map((item_id) => ({ item_id })) };
    },
    async feedback(body) {
      said.push(body);
    },
  };
  return { service, asked, said };
}

test("readers are asked about until they leave, earn what the world says, and take single items whatever they earn", async () => {
  const world = withStarts(satiation({ quality: [1, 0, 0.5], leave: [0.2], fatigue: 0, effects: false }));
  const { service, asked, said } = showing(["genre-2"]);
  const how = { users: 40, discount: 0.5, name: "r", random: random(1) };
  const { returns, slates, feedbacks } = await simulateReaders(world, service, how);
  assert.deepEqual([asked.length, said.length], [slates, feedbacks]);
  assert.equal(slates, feedbacks);
  for (let i = 0; i < 40; i++) {
    const own = asked.filter(({ user_id }) => user_id === `r-${i}`);
    assert.deepEqual(own[0], { user_id: `r-${i}`, items: [`genre-${i % 3}`], k: 1 });
    // ½ at each of n steps, at discount ½: 1 − ½ⁿ.
    assert.ok(Math.abs(returns[i] - (1 - 0.5 ** own.length)) < 1e-12);
    const told = said.filter(({ slate_id }) => slate_id.startsWith(`r-${i}/`));
    assert.deepEqual(
      told.map((each) => each.slate_id),
      own.map((_, step) => `r-${i}/${step + 1}`),
    );
  }
  assert.ok(
    said.every(({ kind, reward, item_id }) => kind === "taken" && reward === 0.5 && item_id === "genre-2"),
  );
  assert.ok(new Set(returns).size > 4, "readers leave at different times");
  const nothing = showing(["genre-1"]);
  await simulateReaders(world, nothing.service, { users: 3, steps: 2, random: random(1) });
  assert.ok(nothing.said.length > 0 && nothing.said.every(({ reward }) => reward === 0));
});

test("of slates what earned something is taken, in the order of the places; steps can be ended", async () => {
  const world = boredom({ preset: "slate-top-k-bored" });
  const { actionSpace } = world.environments(1);
  assert.ok(actionSpace.kind === "slates");
  const shown = world.items.slice(0, actionSpace.slots).map(({ id }) => id);
  const { service, said } = showing(shown);
  const { slates, feedbacks, returns } = await simulateReaders(world, service, {
    users: 20,
    steps: 3,
    random: random(2),
  });
  assert.equal(slates, 60);
  assert.ok(feedbacks > 10 && feedbacks < 60 * actionSpace.slots, `${feedbacks}`);
  assert.equal(
    said.reduce((sum, { reward }) => sum + reward, 0),
    returns.reduce((sum, each) => sum + each, 0),
  );
  for (const slate of new Set(said.map(({ slate_id }) => slate_id))) {
    const places = said
      .filter(({ slate_id }) => slate_id === slate)
      .map(({ item_id }) => shown.indexOf(item_id));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
  }
});

test("worlds of other choices, items that the world has not, slates that are too short: refused", async () => {
  const asks = (world: World, items: readonly string[]) =>
    simulateReaders(world, showing(items).service, { users: 2, steps: 1, random: random(1) });
  await assert.rejects(asks(interestEvolution(), []), /asks for something else than its items/);
  await assert.rejects(
    asks(satiation(), ["book"]),
    /shows item "book", expected items of world satiation, such as "genre-0"/,
  );
  await assert.rejects(asks(satiation(), []), /shows 0 items, expected 1/);
});

test("behind HTTP: what is refused for now is sent again, other refusals are told, and nobody there too", async () => {
  let times = 0;
  const server = createServer((request, response) => {
    times++;
    if (request.url === "/feedback") response.writeHead(404).end('{"detail":"no such slate"}');
    else if (times < 3) response.writeHead(503, { "retry-after": "0" }).end();
    else response.end('{"slate_id":"s","recommendations":[{"item_id":"x"}]}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const service = serviceAt(url);
  const asked = { user_id: "u", items: [], k: 1 };
  assert.deepEqual(await service.recommend(asked), { slate_id: "s", recommendations: [{ item_id: "x" }] });
  assert.equal(times, 3);
  const said = { slate_id: "s", item_id: "x", reward: 1, kind: "taken" as const };
  await assert.rejects(service.feedback(said), /\/feedback answered 404: .*no such slate/);
  await new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await assert.rejects(service.recommend(asked), /does not answer \(.+\), expected the address of a service/);
});
