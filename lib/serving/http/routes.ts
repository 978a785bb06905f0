import type { z } from "zod";
import type { Arm } from "../arms";
import { servedCatalogues } from "../catalogue";
import type { FeedbackBody } from "../page/protocol";
import type { ServingLog } from "../servingLog";
import type { RecommendBody, SlateService } from "../slateService";
import type { App } from "./fastify";
import type { Metrics } from "./metrics";
import { problem, sendProblem } from "./problems";
import * as schemas from "./schemas";

/** A file that a browser asks for. */
export interface PageFile {
  readonly type: string;
  readonly content: string;
}

export interface RouteOptions {
  readonly service: SlateService;
  readonly arms: readonly Arm[];
  readonly log: Pick<ServingLog, "problem">;
  readonly metrics: Metrics;
  /** The demo page, and the files it asks for by path; nothing at / by default. */
  readonly page?: { readonly html: string; readonly files: ReadonlyMap<string, PageFile> };
  readonly isDraining: () => boolean;
}

/** What a route takes and gives, for Fastify and for /openapi.json. */
function described(
  summary: string,
  answers: { readonly [status: number]: z.ZodType },
  parts: { readonly body?: z.ZodType; readonly querystring?: z.ZodType } = {},
): object {
  const response = Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => [status, schemas.jsonSchema(schema, "output")]),
  );
  const asked = Object.fromEntries(
    Object.entries(parts).map(([part, schema]) => [part, schemas.jsonSchema(schema)]),
  );
  const wrong = {
    description: "what is wrong, by field",
    content: { "application/problem+json": { schema: schemas.jsonSchema(schemas.problemAnswer, "output") } },
  };
  return { schema: { summary, ...asked, response: { ...response, "4xx": wrong, "5xx": wrong } } };
}

export function addRoutes(app: App, options: RouteOptions): void {
  const { service, arms, log, metrics, page, isDraining } = options;
  const catalogueOf = servedCatalogues();
  const catalogue = () => catalogueOf(arms[0].engine.info());

  app.post<{ Body: RecommendBody }>(
    "/recommend",
    described(
      "A slate for a user, or for whoever likes some items",
      { 200: schemas.recommendAnswer },
      { body: schemas.recommendBody },
    ),
    (request) => service.recommend(request.body),
  );
  app.post<{ Body: FeedbackBody }>(
    "/feedback",
    described(
      "What a reader did with an item of a slate; answered once it is on disk",
      { 202: schemas.feedbackAnswer },
      { body: schemas.feedbackBody },
    ),
    async (request, reply) => {
      await service.feedback(request.body);
      reply.code(202);
      return { status: "accepted" };
    },
  );
  app.get<{ Querystring: { readonly query: string; readonly k: string } }>(
    "/items",
    described("Items by title", { 200: schemas.itemsAnswer }, { querystring: schemas.itemsQuery }),
    async ({ query: { query, k } }) => ({ items: catalogue().find(query, Number(k)) }),
  );
  app.get(
    "/columns",
    described("Columns that a request can filter by", { 200: schemas.columnsAnswer }),
    async () => ({
      columns: catalogue().columns,
    }),
  );
  app.get(
    "/policies",
    described("The policies that are served, and to how many", { 200: schemas.policiesAnswer }),
    async () => ({
      policies: arms.map(({ name, share, engine }) => {
        const { agent, dataset } = engine.info();
        return { name, agent, share, dataset };
      }),
    }),
  );
  app.get("/health", described("Whether the service runs", { 200: schemas.stateAnswer }), async () => ({
    status: "ok",
  }));
  app.get(
    "/ready",
    described("Whether every policy can answer and the log can be written", { 200: schemas.stateAnswer }),
    async (_, reply) => {
      const down = arms.filter(({ engine }) => !engine.isReady()).map(({ name }) => name);
      const why = isDraining()
        ? "the service ends"
        : down.length > 0
          ? `the engine of ${down.join(", ")} is being replaced`
          : log.problem?.();
      if (why === undefined) return { status: "ready" };
      return sendProblem(reply.header("retry-after", "1"), problem(503, why));
    },
  );
  app.get(
    "/metrics",
    { schema: { summary: "Figures in the text format of Prometheus" } },
    async (_, reply) => {
      reply.header("content-type", metrics.contentType);
      return metrics.text();
    },
  );
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
  if (page === undefined) return;
  const html = { type: "text/html; charset=utf-8", content: page.html };
  for (const [path, { type, content }] of [["/", html] as const, ...page.files])
    app.get(path, { schema: { hide: true } }, async (_, reply) => {
      reply.header("content-type", type).header("cache-control", "no-cache");
      return content;
    });
}
