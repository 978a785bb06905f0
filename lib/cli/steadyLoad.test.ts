import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { random } from "../math/random";
import { steadyLoad } from "./steadyLoad";

test("a service that stops for a while is not spared: what was due meanwhile counts from then", async () => {
  const asked: string[] = [];
  let stopped = Promise.resolve();
  const server = createServer(async (request, response) => {
    for await (const part of request) asked.push(`${part}`);
    if (asked.length === 20) stopped = setTimeout(300); // from here nobody is answered for 300 ms
    await stopped;
    response.writeHead(asked.length % 50 === 0 ? 503 : 200).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const how = { rate: 200, seconds: 1, connections: 5 };
  const { requests, p50, p99, failures } = await steadyLoad(address, ["a", "b"], random(1), how);
  server.close();
  server.closeAllConnections();
  assert.equal(asked.length, requests);
  assert.ok(requests > 150 && requests < 250, `${requests}: about as many as were wanted, though it stopped`);
  const first = asked.filter((body) => body === "a").length;
  assert.equal(
    first,
    Math.ceil(requests / 2),
    "bodies are taken in turn (connections may overtake each other)",
  );
  assert.ok(p99 > 200 && p50 < p99, `${p50}, ${p99}`);
  assert.ok(failures >= 1 && failures < 60, `${failures}`);
});
