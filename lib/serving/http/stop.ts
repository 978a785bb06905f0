import { Server as NetServer, type Socket } from "node:net";
import type { App } from "./fastify";

/** Watches the connections of an app, so that it can end without losing a request. */
export interface Stopper {
  /** Answers everything that has come in, then closes. */
  stop(drain: () => void, limits?: StopLimits): Promise<void>;
}

export interface StopLimits {
  /** Milliseconds without a request after which open connections count as idle. */
  readonly idle?: number;
  /** Milliseconds after which what is left is cut off. */
  readonly most?: number;
}

/**
 * Nothing new is let in, connections that are open may send what they are sending and are told to close with the answer, and
 * only when none has spoken for a while are they closed: closing an idle connection at once would lose the request that is
 * on its way there.
 */
export function stopper(app: App): Stopper {
  const sockets = new Set<Socket>();
  let running = 0;
  let last = 0;
  app.server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  app.server.on("request", (_request, response) => {
    running++;
    response.once("close", () => {
      running--;
      last = performance.now();
    });
  });
  return {
    async stop(drain, { idle = 500, most = 15_000 } = {}) {
      drain();
      const from = performance.now();
      last = from;
      NetServer.prototype.close.call(app.server);
      for (;;) {
        const now = performance.now();
        if (sockets.size === 0 || now - from > most || (running === 0 && now - last > idle)) break;
        await new Promise((done) => setTimeout(done, 10));
      }
      for (const socket of sockets) socket.destroy();
      await app.close();
    },
  };
}
