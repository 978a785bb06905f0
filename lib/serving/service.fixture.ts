import { handEngine } from "./engine/handEngine.fixture";
import type { HandRunOptions } from "./engine/handRun.fixture";
import type { Feedback, ServedSlate, ServingLog } from "./servingLog";
import { type RunningService, type ServiceOptions, startService } from "./startService";

/** For tests: a log in memory. */
export function memoryLog(): ServingLog & { readonly slates: ServedSlate[]; readonly feedback: Feedback[] } {
  const slates: ServedSlate[] = [];
  const feedback: Feedback[] = [];
  let next = 0;
  return {
    ...{ slates, feedback },
    newSlateId: () => `s${next++}`,
    append: (slate) => void slates.push(slate),
    slateOf: async (slateId) => slates.find((slate) => slate.slateId === slateId),
    addFeedback: async (each) => void feedback.push(each),
    close: async () => {},
  };
}

/** What a request is answered. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came
  readonly body: any;
}

export interface TestedService extends RunningService {
  readonly log: ReturnType<typeof memoryLog>;
  readonly notices: string[];
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answered>;
  get(path: string, init?: RequestInit): Promise<Answered>;
}

/** Runs a service on runs made by hand, one for each name (`runs`), and stops it. */
export async function withService(
  options: Partial<ServiceOptions> & { readonly hand?: (folder: string) => HandRunOptions },
  use: (service: TestedService) => Promise<void>,
): Promise<void> {
  const { hand = () => ({}), ...rest } = options;
  const log = memoryLog();
  const notices: string[] = [];
  const service = await startService({
    ...{ runs: ["runs/a"], log, seed: 1, onNotice: (text: string) => notices.push(text) },
    start: (folder) => handEngine(hand(folder)),
    ...rest,
  });
  const ask = async (path: string, init: RequestInit): Promise<Answered> => {
    const response = await fetch(`${service.address}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  let stopped: Promise<void> | undefined;
  try {
    await use({
      ...service,
      ...{ log, notices },
      get: (path, init = {}) => ask(path, init),
      post: (path, body, headers = {}) =>
        ask(path, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: typeof body === "string" ? body : JSON.stringify(body),
        }),
      stop: () => {
        stopped ??= service.stop();
        return stopped;
      },
    });
  } finally {
    await (stopped ?? service.stop());
  }
}
