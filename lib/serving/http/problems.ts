import { STATUS_CODES } from "node:http";
import { EngineUnavailable } from "../engine/engine";
import { RefusedRequest } from "../engine/slateRequest";
import type { App, Reply } from "./fastify";

/** An error as RFC 9457 writes it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly field?: string;
}

export function problem(status: number, detail: string, field?: string): Problem {
  const title = STATUS_CODES[status] ?? "Error";
  return { type: "about:blank", title, status, detail, ...(field !== undefined && { field }) };
}

export function sendProblem(reply: Reply, told: Problem): Reply {
  return reply
    .code(told.status)
    .header("content-type", "application/problem+json; charset=utf-8")
    .serializer(JSON.stringify)
    .send(told);
}

/** What Ajv says of a value that does not fit. */
interface Misfit {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** `/where/price/0` and what is missing or too much there, as `where.price[0]`. */
function fieldOf({ instancePath, params }: Misfit): string {
  const steps = instancePath
    .split("/")
    .slice(1)
    .map((step) => step.replace(/~1/g, "/").replace(/~0/g, "~"));
  for (const named of [params.missingProperty, params.additionalProperty])
    if (typeof named === "string") steps.push(named);
  return steps.reduce(
    (path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : path === "" ? step : `${path}.${step}`),
    "",
  );
}

function misfitOf(all: readonly Misfit[], place: string): Problem {
  const misfit = all[0];
  const field = fieldOf(misfit).slice(0, 300);
  // Of a value that may be of several kinds, that it fits none says more than why it is not the first.
  const detail = all.some(({ keyword }) => keyword === "anyOf")
    ? "is of none of the kinds that are allowed here"
    : misfit.keyword === "additionalProperties"
      ? "there is no such field"
      : misfit.keyword === "required"
        ? "is missing"
        : misfit.keyword === "enum"
          ? `must be one of ${(misfit.params.allowedValues as readonly unknown[]).join(", ")}`
          : (misfit.message ?? "does not fit");
  return problem(400, detail, field === "" ? place : field);
}

const sentences: Readonly<Record<number, string>> = {
  400: "the request is malformed",
  413: "the body is too large",
  415: "expected a body of application/json",
  429: "too many requests from this address: slow down",
};

/** Answers every error as problem+json: what is wrong with a request by its field, what is wrong with us without a stack. */
export function answerProblems(app: App, onFault: (error: Error) => void): void {
  app.setErrorHandler((thrown, _request, reply) => {
    const error = thrown as Error & {
      readonly statusCode?: number;
      readonly code?: string;
      readonly validation?: readonly Misfit[];
      readonly validationContext?: string;
    };
    if (error instanceof RefusedRequest) {
      const { status, field, detail } = error.refusal;
      return sendProblem(reply, problem(status, detail, field));
    }
    if (error instanceof EngineUnavailable)
      return sendProblem(reply.header("retry-after", `${error.retryAfter}`), problem(503, error.message));
    if (error.validation !== undefined && error.validation.length > 0)
      return sendProblem(reply, misfitOf(error.validation, error.validationContext ?? "body"));
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500)
      return sendProblem(
        reply,
        problem(status, sentences[status] ?? error.message, status === 400 ? "body" : undefined),
      );
    onFault(error);
    return sendProblem(reply, problem(500, "a fault of the service; it is in its log"));
  });
}

/** Paths that are there with other methods answer 405, all others 404. */
export function answerUnknownPaths(app: App): void {
  const methods = new Map<string, Set<string>>();
  app.addHook("onRoute", ({ url, method }) => {
    const known = methods.get(url) ?? new Set<string>();
    for (const each of [method].flat()) known.add(each);
    methods.set(url, known);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0];
    const known = methods.get(path);
    if (known === undefined) return sendProblem(reply, problem(404, "there is nothing at this path"));
    const allowed = [...known].join(", ");
    return sendProblem(reply.header("allow", allowed), problem(405, `this path takes ${allowed}`));
  });
}

/** What is written to a connection whose bytes are no request. */
export function rawProblem(status: number, detail: string): string {
  const body = JSON.stringify(problem(status, detail));
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/problem+json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
}
