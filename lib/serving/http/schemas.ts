import { z } from "zod";

/** What requests and answers look like, once: Fastify checks by it, and /openapi.json shows it. */

const id = z.string().min(1).max(200);
const ids = (most: number) => z.array(id).max(most);
const value = z.union([z.string().max(1000), z.number()]);

export const recommendBody = z.strictObject({
  user_id: id.optional().describe("a user of the run's log, or of earlier feedback"),
  items: ids(1000)
    .optional()
    .describe("ids of items as the history of somebody new, oldest first; none is allowed, too"),
  k: z.int().min(1).max(100).default(10).describe("places of the slate"),
  exclude: ids(10_000).optional().describe("items that are not to be shown"),
  only: ids(10_000).optional().describe("the only items that may be shown"),
  where: z
    .record(
      z.string().max(200),
      z.union([
        value,
        z.array(value).max(1000),
        z.strictObject({ min: z.number().optional(), max: z.number().optional() }),
      ]),
    )
    .optional()
    .describe(
      "columns of the items file, and what an item must have there: a value, one of several, or min and max",
    ),
  seed: z.int().optional().describe("the same seed, run and history give the same slate"),
  policy: id.optional().describe("the name of one arm, or most-popular; the user's own arm by default"),
  temperature: z.number().min(0.05).max(20).default(1).describe("a factor on the run's own temperature"),
  variety: z
    .number()
    .min(0)
    .max(20)
    .default(0)
    .describe("how much likeness to what stands above costs an item"),
  explain: z.boolean().default(false).describe("say which item of the history each place is nearest to"),
});

const because = z.strictObject({
  item_id: z.string(),
  title: z.string(),
  similarity: z.number().describe("cosine of the two items' vectors"),
});

export const recommendAnswer = z.strictObject({
  slate_id: z.string(),
  policy: z.string().describe("who served: the name of a run, or most-popular"),
  recommendations: z.array(
    z.strictObject({
      rank: z.int(),
      item_id: z.string(),
      title: z.string(),
      score: z.number(),
      probability: z.number().describe("of this place given those above it; 1 where a fixed list is served"),
      because: because.optional().describe("the nearest item of the history"),
    }),
  ),
});

export const feedbackBody = z.strictObject({
  slate_id: id.describe("of the answer that showed the item"),
  item_id: id,
  reward: z.number(),
  kind: z
    .enum(["seen", "taken"])
    .optional()
    .describe(
      "seen: it came into view; taken: it joins the history. By default taken where the reward is above 0",
    ),
});

export const feedbackAnswer = z.strictObject({ status: z.literal("accepted") });

const wholeText = (most: number): z.ZodString =>
  z.string().regex(most === 100 ? /^([1-9][0-9]?|100)$/ : /^[0-9]+$/);

export const itemsQuery = z.strictObject({
  query: z.string().min(1).max(200).describe("a title, the beginning of words of it, or an id"),
  k: wholeText(100).default("10").describe("items at most, 1 to 100"),
});

export const itemsAnswer = z.object({
  items: z.array(z.looseObject({ item_id: z.string(), title: z.string() })),
});

export const columnsAnswer = z.strictObject({
  columns: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(["number", "text"]),
      min: z.number().optional(),
      max: z.number().optional(),
      values: z.array(z.string()).optional().describe("the most frequent values, up to 50"),
    }),
  ),
});

export const policiesAnswer = z.strictObject({
  policies: z.array(
    z.strictObject({
      name: z.string(),
      agent: z.string(),
      share: z.number().describe("percent of the users"),
      dataset: z.string(),
    }),
  ),
});

export const stateAnswer = z.object({ status: z.string() });

export const problemAnswer = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    field: z.string().optional().describe("the field of the request that is wrong"),
  })
  .describe("application/problem+json (RFC 9457)");

/** A schema as Fastify takes it. */
export function jsonSchema(schema: z.ZodType, io: "input" | "output" = "input"): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: "draft-7", io });
  return rest;
}
