import { once } from "node:events";
import { InputError } from "../../data/inputError";
import type { OpenRun } from "../../runs/openRun";
import type { EngineAnswer, EngineBatch, EngineInfo, EngineMessage } from "./engineMessages";
import { type PolicyServer, policyServer } from "./policyServer";
import type { SlateRequest } from "./slateRequest";

/**
 * The engine's own process: opens a run and answers batches of the process that started it, until that lets go.
 * TensorFlow and FAISS live here, so that a native abort takes this process and not the service.
 *
 * Ctrl-C reaches every process of a terminal: the service says when its engines end.
 */
export async function runEngine(open: () => Promise<OpenRun>): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
  const say = (message: EngineMessage): void => {
    // Who started it may be gone at any moment: nobody hears then, which is no error.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  const gone = once(process, "disconnect");
  let run: OpenRun;
  try {
    run = await open();
  } catch (error) {
    say({ failed: (error as Error).message, input: error instanceof InputError });
    return;
  }
  const server = policyServer(run);
  process.on("message", ({ batch, requests }: EngineBatch) =>
    say({ batch, answers: answersOf(server, requests) }),
  );
  say({ ready: infoOf(run) });
  await gone;
  run.dispose();
}

/** All together; where that fails, one by one, so that a fault of ours costs one request alone. */
function answersOf(server: PolicyServer, requests: readonly SlateRequest[]): EngineAnswer[] {
  try {
    return server.answer(requests);
  } catch {
    return requests.map((request) => {
      try {
        return server.answer([request])[0];
      } catch (error) {
        return { fault: (error as Error).stack ?? `${error}` };
      }
    });
  }
}

function infoOf({ summary, dataset }: OpenRun): EngineInfo {
  const { size, ids, titles, text, numbers } = dataset.catalog;
  return {
    agent: summary.agent,
    dataset: dataset.label,
    users: dataset.interactions.userIds.length,
    catalog: { size, ids, titles, text, numbers },
  };
}
