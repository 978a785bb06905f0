import { Agent, request } from "node:http";
import { setImmediate } from "node:timers/promises";
import type { Random } from "../math/random";
import type { Load } from "./benchServe";

/**
 * Asks at a given rate whatever the answers do, as many people would: the times between two requests are exponential. How
 * long an answer takes counts from the moment at which it was due, so that a service that stops for a while is not spared
 * (a closed loop asks nothing meanwhile).
 *
 * @param address of the service, without a path
 * @param bodies of POST /recommend, taken in turn
 * @param options.rate requests a second
 * @param options.connections at most; a request beyond them waits for one
 */
export async function steadyLoad(
  address: string,
  bodies: readonly string[],
  random: Random,
  {
    rate,
    seconds,
    connections = 100,
  }: { readonly rate: number; readonly seconds: number; readonly connections?: number },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(address);
  const took: number[] = [];
  let failures = 0;
  const ask = (body: string, due: number): Promise<void> =>
    new Promise((done) => {
      const ended = (good: boolean): void => {
        took.push(performance.now() - due);
        if (!good) failures++;
        done();
      };
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const asked = request(
        { hostname, port, path: "/recommend", method: "POST", agent, headers },
        (answer) => {
          answer.resume().on("end", () => ended(answer.statusCode === 200));
        },
      );
      asked.on("error", () => ended(false));
      asked.end(body);
    });
  const from = performance.now();
  const all: Promise<void>[] = [];
  for (let due = from; ; ) {
    due += (-1000 * Math.log(1 - random.next())) / rate;
    if (due > from + 1000 * seconds) break;
    while (performance.now() < due) await setImmediate();
    all.push(ask(bodies[all.length % bodies.length], due));
  }
  await Promise.all(all);
  agent.destroy();
  took.sort((a, b) => a - b);
  const at = (share: number): number => Math.round(10 * (took[Math.floor(share * took.length)] ?? 0)) / 10;
  return { connections, requests: took.length / seconds, p50: at(0.5), p99: at(0.99), failures };
}
