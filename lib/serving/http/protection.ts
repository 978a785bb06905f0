import { createHash, timingSafeEqual } from "node:crypto";
import type { App } from "./fastify";
import { fastifyPlugins } from "./fastify";
import { problem, sendProblem } from "./problems";

export interface ProtectionOptions {
  /** What a bearer must show, but for /health and `open`. None: everything is open. */
  readonly token?: string;
  /** Paths that a GET or HEAD without the token reaches: the demo page's own files, which hold no data. */
  readonly open?: Iterable<string>;
  /** Requests a second from one address; 0 for no limit. */
  readonly rate: number;
}

/** Headers for browsers, a limit on each address, and the bearer token. */
export async function protect(app: App, { token, rate, open = [] }: ProtectionOptions): Promise<void> {
  const { helmet, rateLimit } = fastifyPlugins();
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // The service speaks plain HTTP: whoever adds TLS says so.
    strictTransportSecurity: false,
  });
  if (rate > 0)
    await app.register(rateLimit, {
      max: rate,
      timeWindow: 1000,
      cache: 10_000,
      allowList: (request) => request.url === "/health",
      addHeaders: { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false },
      addHeadersOnExceeding: {
        "x-ratelimit-limit": false,
        "x-ratelimit-remaining": false,
        "x-ratelimit-reset": false,
      },
    });
  if (token !== undefined) {
    const wanted = digest(`Bearer ${token}`);
    const free = new Set(["/health", ...open]);
    app.addHook("onRequest", async (request, reply) => {
      if (["GET", "HEAD"].includes(request.method) && free.has(request.url.split("?")[0])) return;
      // Digests have one length, so that the comparison takes the same time whatever is sent.
      if (timingSafeEqual(digest(request.headers.authorization ?? ""), wanted)) return;
      await sendProblem(
        reply.header("www-authenticate", "Bearer"),
        problem(401, "expected the service's token: Authorization: Bearer TOKEN"),
      );
    });
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
