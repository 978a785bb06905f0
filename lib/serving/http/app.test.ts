import assert from "node:assert/strict";
import { createConnection, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { type Answered, type TestedService, withService } from "../service.fixture";

let service: TestedService;
let end: () => void;
let running: Promise<void>;

before(async () => {
  const page = {
    html: "<!doctype html><title>hello</title>",
    files: new Map([["/page/page.js", { type: "text/javascript; charset=utf-8", content: "1" }]]),
  };
  const ended = new Promise<void>((done) => {
    end = done;
  });
  await new Promise<void>((ready, failed) => {
    running = withService({ page, limits: { body: 20_000 } }, async (made) => {
      service = made;
      ready();
      await ended;
    });
    running.catch(failed);
  });
});

after(async () => {
  end();
  await running;
});

function isProblem({ status, headers, body }: Answered, expected: number, field?: string): void {
  assert.equal(status, expected, JSON.stringify(body));
  assert.match(headers.get("content-type") ?? "", /^application\/problem\+json/);
  assert.equal(body.status, expected);
  assert.ok(body.title.length > 0 && body.detail.length > 0);
  assert.equal(body.field, field);
  assert.doesNotMatch(JSON.stringify(body), /\.ts:|node_modules|\\n +at /);
}

test("a user gets a slate, which is in the log with its probabilities", async () => {
  const { status, body } = await service.post("/recommend", { user_id: "u1", k: 4, seed: 5, variety: 1 });
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body), ["slate_id", "policy", "recommendations"]);
  assert.equal(body.policy, "a");
  assert.deepEqual(
    body.recommendations.map(({ rank }: { rank: number }) => rank),
    [1, 2, 3, 4],
  );
  const [first] = body.recommendations;
  assert.deepEqual(Object.keys(first), ["rank", "item_id", "title", "score", "probability"]);
  assert.equal(first.title, `Book ${first.item_id}`);
  const again = await service.post("/recommend", { user_id: "u1", k: 4, seed: 5, variety: 1 });
  assert.deepEqual(again.body.recommendations, body.recommendations);
  assert.notEqual(again.body.slate_id, body.slate_id);
  const logged = service.log.slates.find(({ slateId }) => slateId === body.slate_id)!;
  assert.deepEqual(
    logged.items,
    body.recommendations.map(({ item_id }: { item_id: string }) => item_id),
  );
  assert.deepEqual(
    logged.probabilities,
    body.recommendations.map(({ probability }: { probability: number }) => probability),
  );
  assert.deepEqual(
    [logged.userId, logged.policy, logged.rules!.seed, logged.rules!.variety],
    ["u1", "a", 5, 1],
  );
  const explained = await service.post("/recommend", { items: ["i1", "i2"], explain: true });
  assert.equal(explained.body.recommendations.length, 10);
  assert.deepEqual(Object.keys(explained.body.recommendations[0].because), [
    "item_id",
    "title",
    "similarity",
  ]);
  const popular = await service.post("/recommend", { user_id: "u1", policy: "most-popular", k: 2 });
  assert.equal(popular.body.policy, "most-popular");
  assert.equal(popular.body.recommendations[0].probability, 1);
});

test("feedback is acknowledged with 202 once the log has it", async () => {
  const { body } = await service.post("/recommend", { user_id: "u2" });
  const item = body.recommendations[0].item_id;
  const answer = await service.post("/feedback", { slate_id: body.slate_id, item_id: item, reward: 1 });
  assert.deepEqual([answer.status, answer.body], [202, { status: "accepted" }]);
  await service.post("/feedback", { slate_id: body.slate_id, item_id: item, reward: 0 });
  await service.post("/feedback", { slate_id: body.slate_id, item_id: item, reward: 0.5, kind: "seen" });
  assert.deepEqual(
    service.log.feedback.map(({ kind, reward }) => [kind, reward]),
    [
      ["taken", 1],
      ["seen", 0],
      ["seen", 0.5],
    ],
  );
  isProblem(await service.post("/feedback", { slate_id: "no", item_id: item, reward: 1 }), 404, "slate_id");
  const other = { slate_id: body.slate_id, item_id: "i5", reward: 1 };
  isProblem(await service.post("/feedback", other), 404, "item_id");
  isProblem(await service.post("/feedback", { ...other, reward: "1" }), 400, "reward");
  isProblem(await service.post("/feedback", { ...other, kind: "bought" }), 400, "kind");
});

test("what is wrong is named by its field", async () => {
  for (const [body, status, field] of [
    [{}, 400, "user_id"],
    [{ user_id: 1 }, 400, "user_id"],
    [{ user_id: "nobody" }, 404, "user_id"],
    [{ user_id: "" }, 400, "user_id"],
    [{ user_id: "u1", items: ["i1"] }, 400, "items"],
    [{ items: ["i1", "x"] }, 404, "items[1]"],
    [{ items: "i1" }, 400, "items"],
    [{ items: [1] }, 400, "items[0]"],
    [{ user_id: "u1", k: 0 }, 400, "k"],
    [{ user_id: "u1", k: 101 }, 400, "k"],
    [{ user_id: "u1", k: 1.5 }, 400, "k"],
    [{ user_id: "u1", k: "3" }, 400, "k"],
    [{ user_id: "u1", exclude: ["x"] }, 404, "exclude[0]"],
    [{ user_id: "u1", only: ["x"] }, 404, "only[0]"],
    [{ user_id: "u1", where: { colour: "red" } }, 400, "where.colour"],
    [{ user_id: "u1", where: { price: { least: 1 } } }, 400, "where.price"],
    [{ user_id: "u1", where: { price: true } }, 400, "where.price"],
    [{ user_id: "u1", where: [] }, 400, "where"],
    [{ user_id: "u1", seed: 1.5 }, 400, "seed"],
    [{ user_id: "u1", seed: 1e300 }, 400, "seed"],
    [{ user_id: "u1", temperature: 0 }, 400, "temperature"],
    [{ user_id: "u1", variety: 21 }, 400, "variety"],
    [{ user_id: "u1", policy: "b" }, 404, "policy"],
    [{ user_id: "u1", colour: "red" }, 400, "colour"],
    [{ user_id: "u1", explain: "yes" }, 400, "explain"],
    ["[]", 400, "body"],
    ["null", 400, "body"],
    ["", 400, "body"],
    ["{", 400, "body"],
    ['{"user_id": "u1", "__proto__": {}}', 400, "body"],
  ] as const)
    isProblem(await service.post("/recommend", body), status, field);
});

test("paths, methods, types and sizes that are wrong", async () => {
  isProblem(await service.get("/nothing"), 404);
  const wrong = await service.get("/recommend");
  isProblem(wrong, 405);
  assert.equal(wrong.headers.get("allow"), "POST");
  isProblem(await service.post("/health", {}), 405);
  isProblem(await service.post("/recommend", "user_id=u1", { "content-type": "text/plain" }), 415);
  isProblem(await service.post("/recommend", { user_id: "u1", exclude: Array(5000).fill("i1") }), 413);
  isProblem(await service.get("/%zz"), 400);
  const raw = (text: string): Promise<string> =>
    new Promise((done, failed) => {
      const { port } = new URL(service.address);
      let all = "";
      const socket: Socket = createConnection(Number(port), "127.0.0.1", () => socket.write(text));
      socket.setEncoding("utf8").on("data", (part: string) => {
        all += part;
      });
      socket.on("close", () => done(all)).on("error", failed);
    });
  assert.match(await raw("nonsense\r\n\r\n"), /^HTTP\/1.1 400 .*problem\+json/s);
  assert.match(
    await raw(`GET /health HTTP/1.1\r\nhost: x\r\na: ${"a".repeat(20_000)}\r\n\r\n`),
    /^HTTP\/1.1 431 .*problem\+json/s,
  );
});

test("what a page asks for", async () => {
  const { body: found } = await service.get("/items?query=book%20i1&k=3");
  assert.deepEqual(found.items[0], { price: 1, genres: "Drama", item_id: "i1", title: "Book i1" });
  assert.equal(found.items.length, 3);
  isProblem(await service.get("/items"), 400, "query");
  isProblem(await service.get("/items?query=a&k=101"), 400, "k");
  isProblem(await service.get("/items?query=a&size=3"), 400, "size");
  assert.deepEqual((await service.get("/columns")).body.columns, [
    { name: "price", kind: "number", min: 0, max: 39 },
    { name: "genres", kind: "text", values: ["Drama", "Comedy", "Horror"] },
  ]);
  assert.deepEqual((await service.get("/policies")).body.policies, [
    { name: "a", agent: "hand", share: 100, dataset: "hand made" },
  ]);
  assert.deepEqual((await service.get("/health")).body, { status: "ok" });
  assert.deepEqual((await service.get("/ready")).body, { status: "ready" });
  const home = await service.get("/");
  assert.match(home.body, /<title>hello/);
  assert.match(home.headers.get("content-type") ?? "", /^text\/html/);
  assert.match(home.headers.get("content-security-policy") ?? "", /default-src 'none';.*script-src 'self';/);
  assert.equal(home.headers.get("x-content-type-options"), "nosniff");
  assert.match((await service.get("/page/page.js")).headers.get("content-type") ?? "", /^text\/javascript/);
});

test("the API describes itself, without other servers", async () => {
  const { body: api } = await service.get("/openapi.json");
  const { schema } = api.paths["/recommend"].post.requestBody.content["application/json"];
  assert.equal(schema.additionalProperties, false);
  assert.deepEqual(
    [schema.properties.k.minimum, schema.properties.k.maximum, schema.properties.k.default],
    [1, 100, 10],
  );
  assert.ok(api.paths["/feedback"].post.responses["202"]);
  assert.ok(api.paths["/recommend"].post.responses["4XX"].content["application/problem+json"]);
  const docs = await service.get("/docs/");
  assert.equal(docs.status, 200);
  assert.match(docs.headers.get("content-security-policy") ?? "", /^default-src 'none'; script-src 'self';/);
  assert.doesNotMatch(docs.body, /https?:\/\//);
  for (const [, file] of docs.body.matchAll(/(?:src|href)="([^"]+)"/g))
    assert.equal((await service.get(new URL(file, `${service.address}/docs/`).pathname)).status, 200, file);
});

test("figures count requests, batches, slates and feedback", async () => {
  const { body, headers } = await service.get("/metrics");
  assert.match(headers.get("content-type") ?? "", /^text\/plain/);
  for (const pattern of [
    /^offshelf_requests_total\{route="\/recommend",status="200"\} [1-9]/m,
    /^offshelf_requests_total\{route="\/recommend",status="400"\} [1-9]/m,
    /^offshelf_request_seconds_bucket\{le="0.02",route="\/recommend"\} [1-9]/m,
    /^offshelf_batch_size_count\{policy="a"\} [1-9]/m,
    /^offshelf_slates_total\{policy="a"\} [1-9]/m,
    /^offshelf_slates_total\{policy="most-popular"\} 1$/m,
    /^offshelf_feedback_total\{policy="a",kind="taken"\} 1$/m,
    /^offshelf_queue_requests\{policy="a"\} 0$/m,
    /^offshelf_engine_ready\{policy="a"\} 1$/m,
  ])
    assert.match(body, pattern);
});
