import { z } from "zod";

/** What can be set of a service beside what it serves: the limits it keeps. */
export const serviceSettings = z.strictObject({
  rate: z
    .int()
    .min(0)
    .default(2000)
    .describe("requests a second from one address, beyond which it gets 429; 0: no limit"),
  batch: z.int().min(1).max(1024).default(64).describe("requests that an engine answers together, at most"),
  queue: z.int().min(1).default(1000).describe("requests that wait for an engine, beyond which one gets 503"),
  bodyBytes: z
    .int()
    .min(1024)
    .default(262_144)
    .describe("bytes of a request's body, beyond which it gets 413"),
  headerBytes: z
    .int()
    .min(1024)
    .default(16_384)
    .describe("bytes of a request's headers, beyond which it gets 431"),
  requestSeconds: z
    .number()
    .gt(0)
    .default(10)
    .describe("seconds in which a whole request must have come, else it gets 408"),
  logBytes: z
    .int()
    .min(10_000)
    .default(67_108_864)
    .describe("bytes of a file of the log, after which the next one begins"),
});

export type ServiceSettings = z.output<typeof serviceSettings>;
