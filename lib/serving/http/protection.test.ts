import assert from "node:assert/strict";
import { test } from "node:test";
import { withService } from "../service.fixture";

test("with a token everything but /health and the page's own files asks for it", async () => {
  const files = new Map([["/page/page.js", { type: "text/javascript", content: "1" }]]);
  await withService({ token: "secret", page: { html: "<p>page</p>", files } }, async (service) => {
    for (const path of ["/", "/?a=1", "/page/page.js", "/health"])
      assert.equal((await service.get(path)).status, 200, path);
    for (const path of ["/page", "/page/", "/page/page.js/", "//", "/policies", "/docs/", "/%70olicies"])
      assert.equal((await service.get(path)).status, 401, path);
    assert.equal((await service.post("/", {})).status, 401);
    assert.equal((await service.post("/page/page.js", {})).status, 401);
  });
});

test("with a token and no page everything but /health asks for it", () =>
  withService({ token: "secret" }, async (service) => {
    assert.equal((await service.get("/health")).status, 200);
    for (const path of [
      "/",
      "/ready",
      "/metrics",
      "/docs/",
      "/openapi.json",
      "/policies",
      "/nothing",
      "/health/../ready",
    ]) {
      const { status, headers, body } = await service.get(path);
      assert.equal(status, 401, path);
      assert.equal(headers.get("www-authenticate"), "Bearer");
      assert.match(headers.get("content-type") ?? "", /problem\+json/);
      assert.equal(body.status, 401);
    }
    assert.equal((await service.post("/recommend", { user_id: "u1" })).status, 401);
    for (const wrong of ["Bearer secre", "Bearer secret2", "bearer", "secret", "Basic secret", "Bearer "])
      assert.equal(
        (await service.post("/recommend", { user_id: "u1" }, { authorization: wrong })).status,
        401,
        wrong,
      );
    const right = { authorization: "Bearer secret" };
    assert.equal((await service.post("/recommend", { user_id: "u1" }, right)).status, 200);
    assert.equal(service.log.slates.length, 1);
  }));

test("an address that asks too often is told to slow down, but may ask for /health", () =>
  withService({ rate: 5 }, async (service) => {
    const all = await Promise.all(
      Array.from({ length: 20 }, () => service.post("/recommend", { user_id: "u1" })),
    );
    const refused = all.filter(({ status }) => status === 429);
    assert.ok(refused.length >= 5 && refused.length < 20, `${refused.length} of 20`);
    assert.match(refused[0].headers.get("content-type") ?? "", /problem\+json/);
    assert.ok(Number(refused[0].headers.get("retry-after")) >= 1);
    assert.equal((await service.get("/health")).status, 200);
  }));
