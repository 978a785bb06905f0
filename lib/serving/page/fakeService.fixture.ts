import { type FastifyInstance, fastify } from "fastify";
import { demoPage, pageFiles } from "./demoPage";
import type { Answer, Ask, Column, FeedbackBody, FoundItem } from "./protocol";

/** For tests: a service that answers as its contract says, from forty titles, and can be told to fail. */
export interface FakeService {
  readonly address: string;
  /** Bodies of /recommend, in order. */
  readonly asked: Ask[];
  readonly feedback: FeedbackBody[];
  /** Answers the next requests to a path so, in place of what it would. */
  fail(path: string, status: number, detail: string, more?: { field?: string; retryAfter?: number }): void;
  heal(): void;
  close(): Promise<void>;
}

const genres = ["Fantasy", "Crime", "Poetry"];

/** `<b>Title 7</b>` and the like: what is shown has to be text. */
const titleOf = (item: number): string =>
  item === 7 ? "<b>Bold</b> & Sons" : `${["The", "A", "My"][item % 3]} Title ${item}`;

export const fakeItems: readonly FoundItem[] = Array.from({ length: 40 }, (_, item) => ({
  ...{ item_id: `i${item}`, title: titleOf(item) },
  ...{ authors: `Author ${item % 5}`, genres: genres[item % 3], price: 5 + (item % 10) },
}));

const columns: readonly Column[] = [
  { name: "price", kind: "number", min: 5, max: 14 },
  { name: "genres", kind: "text", values: genres },
];

const problemType = "application/problem+json; charset=utf-8";

/** The policy in force where nothing may run or load but the service's own files. */
const contentPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export async function fakeService(): Promise<FakeService> {
  const app: FastifyInstance = fastify();
  const [asked, feedback]: [Ask[], FeedbackBody[]] = [[], []];
  const failing = new Map<string, { status: number; detail: string; field?: string; retryAfter?: number }>();
  app.addHook("onRequest", async (request, reply) => {
    const told = failing.get(request.url.split("?")[0]);
    if (told === undefined) return;
    if (told.retryAfter !== undefined) reply.header("retry-after", `${told.retryAfter}`);
    const { status, detail, field } = told;
    await reply
      .code(status)
      .header("content-type", problemType)
      .send(JSON.stringify({ type: "about:blank", title: "Error", status, detail, field }));
  });
  const html = { type: "text/html; charset=utf-8", content: demoPage() };
  for (const [path, { type, content }] of [["/", html] as const, ...pageFiles()])
    app.get(path, async (_, reply) =>
      reply.header("content-type", type).header("content-security-policy", contentPolicy).send(content),
    );
  app.get("/policies", async () => ({
    policies: [
      { name: "run-a", agent: "ddpg", share: 90, dataset: "forty titles" },
      { name: "run-b", agent: "item-knn", share: 10, dataset: "forty titles" },
    ],
  }));
  app.get("/columns", async () => ({ columns }));
  app.get<{ Querystring: { query: string; k: string } }>("/items", async ({ query: { query, k } }) => ({
    items: fakeItems
      .filter(({ title }) => title.toLowerCase().includes(query.toLowerCase()))
      .slice(0, Number(k)),
  }));
  app.post<{ Body: Ask }>("/recommend", async ({ body }) => {
    asked.push(body);
    const gone = new Set([...(body.items ?? []), ...(body.exclude ?? [])]);
    const { genres: wanted, price } = (body.where ?? {}) as { genres?: string[]; price?: { max?: number } };
    const open = fakeItems.filter(
      (item) =>
        !gone.has(item.item_id) &&
        (wanted === undefined || wanted.includes(item.genres as string)) &&
        !((item.price as number) > (price?.max ?? Number.POSITIVE_INFINITY)),
    );
    const last = fakeItems.find(({ item_id }) => item_id === body.items?.at(-1));
    const from = body.policy === "run-b" ? 20 : body.policy === "most-popular" ? 30 : 0;
    const turned = [...open.slice(from), ...open.slice(0, from)].slice(0, body.k);
    return {
      slate_id: `slate-${asked.length}`,
      policy: body.policy ?? "run-a",
      recommendations: turned.map(({ item_id, title }, place) => ({
        ...{ rank: place + 1, item_id, title, score: 3 - place / 10 },
        probability: body.policy === "most-popular" ? 1 : 0.5 ** (place + 1),
        ...(last && { because: { item_id: last.item_id, title: last.title, similarity: 0.8 - place / 10 } }),
      })),
    } satisfies Answer;
  });
  app.post<{ Body: FeedbackBody }>("/feedback", async ({ body }, reply) => {
    feedback.push(body);
    return reply.code(202).send({ status: "accepted" });
  });
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    ...{ address, asked, feedback },
    fail: (path, status, detail, more = {}) => void failing.set(path, { status, detail, ...more }),
    heal: () => failing.clear(),
    close: () => app.close(),
  };
}
