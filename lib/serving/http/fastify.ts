import type { Server } from "node:http";
import type { FastifyHttpOptions, FastifyInstance, FastifyReply } from "fastify";

export type App = FastifyInstance;
export type Reply = FastifyReply;

/** The one door of Fastify and its plugins, which are loaded when a service starts. */
export function fastifyApp(options: FastifyHttpOptions<Server>): FastifyInstance {
  const { fastify } = require("fastify") as typeof import("fastify");
  return fastify(options);
}

export interface Plugins {
  readonly helmet: typeof import("@fastify/helmet").default;
  readonly rateLimit: typeof import("@fastify/rate-limit").default;
  readonly swagger: typeof import("@fastify/swagger").default;
  readonly swaggerUi: typeof import("@fastify/swagger-ui").default;
}

export function fastifyPlugins(): Plugins {
  const plugin = <P>(name: string): P => (require(name) as { readonly default: P }).default;
  return {
    helmet: plugin("@fastify/helmet"),
    rateLimit: plugin("@fastify/rate-limit"),
    swagger: plugin("@fastify/swagger"),
    swaggerUi: plugin("@fastify/swagger-ui"),
  };
}
