import type { Histogram, Registry } from "prom-client";

/** Figures of a service in the text format of Prometheus; prom-client's one door. */
export interface Metrics {
  readonly contentType: string;
  request(route: string, status: number, seconds: number): void;
  batch(policy: string, size: number, seconds: number): void;
  slate(policy: string): void;
  feedback(policy: string, kind: "seen" | "taken"): void;
  shadow(logged: boolean): void;
  restart(policy: string): void;
  reload(policy: string, done: boolean): void;
  text(): Promise<string>;
}

/** Makes the figures. @param queued how many requests wait at each engine, asked when the figures are */
export function metrics(
  queued: () => readonly (readonly [policy: string, requests: number, ready: boolean])[],
): Metrics {
  const { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } =
    require("prom-client") as typeof import("prom-client");
  const register: Registry = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register, prefix: "offshelf_" });
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name: `offshelf_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string, labelNames: string[], buckets: number[]): Histogram =>
    new Histogram({ name: `offshelf_${name}`, help, labelNames, buckets, registers });
  const requests = counter("requests_total", "Requests answered, by route and status.", ["route", "status"]);
  const latency = histogram(
    "request_seconds",
    "Seconds from a request's arrival to its answer, by route.",
    ["route"],
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
  );
  const sizes = histogram(
    "batch_size",
    "Requests that an engine answered together.",
    ["policy"],
    [1, 2, 4, 8, 16, 32, 64, 128],
  );
  const times = histogram(
    "batch_seconds",
    "Seconds that an engine took for a batch.",
    ["policy"],
    [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
  );
  const slates = counter("slates_total", "Slates shown, by policy.", ["policy"]);
  const feedbacks = counter("feedback_total", "Feedback on disk, by policy and kind.", ["policy", "kind"]);
  const shadows = counter(
    "shadow_slates_total",
    "Slates logged with what the shadow would have shown, or without it.",
    ["logged"],
  );
  const restarts = counter("engine_restarts_total", "Engine processes that died and were replaced.", [
    "policy",
  ]);
  const reloads = counter("reloads_total", "Newer runs that were found, and whether they were opened.", [
    "policy",
    "done",
  ]);
  const gauge = (name: string, help: string, value: (entry: readonly [string, number, boolean]) => number) =>
    new Gauge({
      ...{ name: `offshelf_${name}`, help, labelNames: ["policy"], registers },
      collect() {
        for (const entry of queued()) this.set({ policy: entry[0] }, value(entry));
      },
    });
  gauge("queue_requests", "Requests that wait for an engine.", ([, waiting]) => waiting);
  gauge("engine_ready", "1 where an engine can answer.", ([, , ready]) => (ready ? 1 : 0));
  return {
    contentType: register.contentType,
    request(route, status, seconds) {
      requests.inc({ route, status });
      latency.observe({ route }, seconds);
    },
    batch(policy, size, seconds) {
      sizes.observe({ policy }, size);
      times.observe({ policy }, seconds);
    },
    slate: (policy) => slates.inc({ policy }),
    feedback: (policy, kind) => feedbacks.inc({ policy, kind }),
    shadow: (logged) => shadows.inc({ logged: `${logged}` }),
    restart: (policy) => restarts.inc({ policy }),
    reload: (policy, done) => reloads.inc({ policy, done: `${done}` }),
    text: () => register.metrics(),
  };
}
