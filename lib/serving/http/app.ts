import type { Socket } from "node:net";
import type { Arm } from "../arms";
import { type App, fastifyApp, fastifyPlugins, type Reply } from "./fastify";
import type { Metrics } from "./metrics";
import { answerProblems, answerUnknownPaths, problem, rawProblem, sendProblem } from "./problems";
import { type ProtectionOptions, protect } from "./protection";
import { addRoutes, type RouteOptions } from "./routes";

export interface AppLimits {
  /** Bytes of a body. */
  readonly body: number;
  /** Bytes of all headers. */
  readonly headers: number;
  /** Milliseconds in which a whole request must have come. */
  readonly requestTime: number;
}

export const defaultLimits: AppLimits = { body: 262_144, headers: 16_384, requestTime: 10_000 };

export interface AppOptions extends ProtectionOptions, Omit<RouteOptions, "isDraining"> {
  readonly arms: readonly Arm[];
  readonly metrics: Metrics;
  readonly limits?: Partial<AppLimits>;
  /** Addresses of proxies whose X-Forwarded-For says who asks; nobody's by default. */
  readonly trustProxy?: string;
  readonly onFault?: (error: Error) => void;
}

/** A service behind HTTP. */
export interface ServiceApp {
  readonly app: App;
  /** Says from now on that connections close and that it is not ready. */
  drain(): void;
}

/** Puts a service behind HTTP; nothing listens yet. */
export async function serviceApp(options: AppOptions): Promise<ServiceApp> {
  const { metrics, onFault = () => {} } = options;
  const limits = { ...defaultLimits, ...options.limits };
  let draining = false;
  const app = fastifyApp({
    bodyLimit: limits.body,
    requestTimeout: limits.requestTime,
    trustProxy: options.trustProxy ?? false,
    routerOptions: { maxParamLength: 200 },
    // A request on a connection that is open still is answered until the end.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    http: { maxHeaderSize: limits.headers, headersTimeout: limits.requestTime },
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: true, allErrors: false },
    },
    clientErrorHandler: answerNoRequest,
    frameworkErrors: ({ statusCode = 400, message }, _request, reply) =>
      void sendProblem(reply as unknown as Reply, problem(statusCode, message)),
  });
  app.removeContentTypeParser("text/plain");
  answerProblems(app, onFault);
  answerUnknownPaths(app);
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none";
    metrics.request(route, reply.statusCode, reply.elapsedTime / 1000);
  });
  app.addHook("onSend", async (_request, reply, payload) => {
    if (draining) reply.header("connection", "close");
    return payload;
  });
  await protect(app, { ...options, open: options.page ? ["/", ...options.page.files.keys()] : [] });
  await describeApi(app);
  addRoutes(app, { ...options, isDraining: () => draining });
  await app.ready();
  return {
    app,
    drain() {
      draining = true;
    },
  };
}

/** Bytes that are no request, headers that are too large, and requests that come too slowly. */
function answerNoRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const [status, detail] =
    error.code === "HPE_HEADER_OVERFLOW"
      ? [431, "the headers are too large"]
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? [408, "the request took too long to come"]
        : [400, "this is no HTTP request"];
  socket.end(rawProblem(status as number, detail as string));
}

/** /openapi.json, and a page of it at /docs that needs no other server. */
async function describeApi(app: App): Promise<void> {
  const { swagger, swaggerUi } = fastifyPlugins();
  await app.register(swagger, {
    openapi: {
      openapi: "3.0.3",
      info: {
        title: "offshelf",
        description: "Recommendations of a trained run, logged with the probability of each place.",
        version: "1",
      },
    },
  });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    // Its own script and style; it sets styles of elements by attribute.
    staticCSP:
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    uiConfig: { validatorUrl: null } as object,
  });
}
