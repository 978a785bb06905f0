import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { test } from "node:test";
import * as fc from "fast-check";
import { withService } from "../service.fixture";

/** So many in CI; OFFSHELF_FUZZ=5000 by hand. */
const runs = Number(process.env.OFFSHELF_FUZZ ?? 400);

const paths = [
  "/recommend",
  "/feedback",
  "/items",
  "/columns",
  "/policies",
  "/health",
  "/ready",
  "/docs",
  "/openapi.json",
];

/** A field of a good request, or anything else. */
const mostly = (good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 3, arbitrary: good },
    { weight: 1, arbitrary: fc.jsonValue() },
    { weight: 1, arbitrary: fc.double() },
  );
const id = fc.oneof(fc.constantFrom("i1", "i2", "i39", "u1", "u9"), fc.string());
const ids = fc.array(id, { maxLength: 5 });
const fields = fc.record(
  {
    user_id: mostly(id),
    items: mostly(ids),
    k: mostly(fc.integer({ min: -5, max: 200 })),
    exclude: mostly(ids),
    only: mostly(ids),
    where: mostly(
      fc.dictionary(
        fc.constantFrom("price", "genres", "available", "__proto__", "constructor", "toString", ""),
        mostly(fc.record({ min: mostly(fc.double()), max: mostly(fc.double()) }, { requiredKeys: [] })),
      ),
    ),
    seed: mostly(fc.maxSafeInteger()),
    policy: mostly(fc.constantFrom("a", "most-popular", "b")),
    temperature: mostly(fc.double({ min: 0, max: 30 })),
    variety: mostly(fc.double({ min: -1, max: 30 })),
    explain: mostly(fc.boolean()),
    slate_id: mostly(fc.string()),
    item_id: mostly(id),
    reward: mostly(fc.double()),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  { weight: 6, arbitrary: fields.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.json() },
  {
    weight: 1,
    arbitrary: fields.chain((value) => fc.nat().map((at) => JSON.stringify(value).slice(0, at % 60))),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc.nat({ max: 20_000 }).map((depth) => '{"where":'.repeat(depth % 5000) + "[".repeat(depth)),
  },
  { weight: 1, arbitrary: fc.constant(`{"exclude": [${'"i1",'.repeat(70_000)}"i1"]}`) },
);
const asked = fc.record({
  method: fc.constantFrom("POST", "POST", "POST", "GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"),
  path: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom("/recommend", ...paths) },
    { weight: 1, arbitrary: fc.webPath() },
    { weight: 1, arbitrary: fc.webQueryParameters().map((query) => `/items?${query}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "/%",
        "/%00",
        "/../..",
        "//",
        "/docs/../x",
        "/docs/%2e%2e/x",
        "/items?query=%ff",
      ),
    },
  ),
  type: fc.oneof(
    { weight: 6, arbitrary: fc.constant("application/json") },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "text/plain",
        "application/xml",
        "application/json; charset=latin1",
        "",
        "a/b/c",
      ),
    },
  ),
  encoding: fc.constantFrom(undefined, undefined, undefined, "gzip", "nonsense"),
  body,
});

test("whatever is asked, the service answers with 2xx to 4xx, errors as problem+json", async () => {
  await withService({ limits: { requestTime: 5000 } }, async ({ address, notices }) => {
    const agent = new Agent({ keepAlive: true });
    const statuses = new Map<number, number>();
    const send = ({
      method,
      path,
      type,
      encoding,
      body: text,
    }: typeof asked extends fc.Arbitrary<infer T> ? T : never) =>
      new Promise<{ status: number; type: string; text: string }>((done, failed) => {
        const headers = {
          ...(type !== "" && { "content-type": type }),
          ...(encoding !== undefined && { "content-encoding": encoding }),
          "content-length": Buffer.byteLength(text as string),
        };
        const { hostname, port } = new URL(address);
        const sent = request({ agent, hostname, port, method, path, headers }, (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part) => parts.push(part));
          response.on("end", () =>
            done({
              status: response.statusCode!,
              type: response.headers["content-type"] ?? "",
              text: Buffer.concat(parts).toString(),
            }),
          );
        });
        sent.on("error", (error: NodeJS.ErrnoException) => {
          // A body that is too large may be cut off while it is still being sent.
          if (error.code === "EPIPE" || error.code === "ECONNRESET")
            done({ status: 413, type: "", text: "" });
          else failed(error);
        });
        sent.end(text);
      });
    await fc.assert(
      fc.asyncProperty(asked, async (each) => {
        const { status, type, text } = await send(each);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        assert.ok(status >= 200 && status < 500, `${status}: ${text}`);
        if (status >= 400 && text !== "") {
          assert.match(type, /^application\/problem\+json/);
          assert.equal(JSON.parse(text).status, status);
        }
      }),
      { numRuns: runs, seed: 7, endOnFailure: true },
    );
    agent.destroy();
    assert.deepEqual(notices, []);
    if (process.env.OFFSHELF_FUZZ !== undefined) console.log(Object.fromEntries(statuses));
    for (const status of [200, 400, 404, 405, 413, 415])
      assert.ok((statuses.get(status) ?? 0) > 0, `no ${status}`);
    assert.equal((await fetch(`${address}/health`)).status, 200);
  });
});
