import { random } from "../math/random";
import { type Arm, armNames, armShares } from "./arms";
import { type Engine, engine } from "./engine/engine";
import { engineOf, type StartEngine } from "./engine/engineChild";
import { type AppLimits, serviceApp } from "./http/app";
import { type Metrics, metrics as serviceMetrics } from "./http/metrics";
import type { PageFile } from "./http/routes";
import { stopper } from "./http/stop";
import { runStamp } from "./runStamp";
import type { ServingLog } from "./servingLog";
import { slateService, type TakenItems } from "./slateService";

export interface ServiceOptions {
  /** Run folders, one for each arm. */
  readonly runs: readonly string[];
  /** Percent of the users for each; equal shares by default. */
  readonly split?: string;
  readonly splitSalt?: string;
  readonly shadow?: string;
  readonly log: ServingLog;
  readonly taken?: TakenItems;
  readonly host?: string;
  /** 0: any that is free. */
  readonly port?: number;
  readonly token?: string;
  /** Requests a second from one address; 0 for no limit. */
  readonly rate?: number;
  readonly trustProxy?: string;
  readonly limits?: Partial<AppLimits>;
  readonly maximumBatch?: number;
  readonly maximumQueue?: number;
  /** Seconds between looks for newer runs; never by default. */
  readonly refresh?: number;
  readonly seed: number;
  readonly page?: { readonly html: string; readonly files: ReadonlyMap<string, PageFile> };
  readonly onNotice?: (text: string) => void;
  /** How a folder's engine process is started. */
  readonly start?: (folder: string) => StartEngine;
}

/** A service that listens. */
export interface RunningService {
  /** Such as http://127.0.0.1:8000 */
  readonly address: string;
  readonly arms: readonly Arm[];
  /** Opens runs that are newer than those that are served; names of those that were opened. */
  refresh(): Promise<string[]>;
  /** Answers what was accepted, writes the log, and ends the engines. The log stays open. */
  stop(): Promise<void>;
}

/**
 * Starts the engines, and listens once all have opened their runs.
 *
 * @throws InputError for shares that do not fit and for runs that cannot be opened
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { runs, log, host = "127.0.0.1", port = 0, onNotice } = options;
  const names = armNames(options.shadow === undefined ? runs : [...runs, options.shadow]);
  const shares = armShares(options.split, runs.length);
  const engines = new Map<string, Engine>();
  const metrics = serviceMetrics(() =>
    [...engines].map(([name, each]) => [name, each.queued(), each.isReady()] as const),
  );
  const stamps = new Map<string, string | undefined>();
  const folders = new Map(names.map((name, i) => [name, runs[i] ?? options.shadow!]));
  try {
    await startAll(folders, { engines, stamps, metrics, options });
    const armOf = (name: string, i: number): Arm => ({
      ...{ name, folder: runs[i], share: shares[i], engine: engines.get(name)! },
    });
    const arms = names.slice(0, runs.length).map(armOf);
    const shadowName = names[runs.length];
    const service = slateService({
      ...{ arms, log, random: random(options.seed).fork("service") },
      ...(options.splitSalt !== undefined && { splitSalt: options.splitSalt }),
      ...(options.taken && { taken: options.taken }),
      ...(shadowName !== undefined && { shadow: { name: shadowName, engine: engines.get(shadowName)! } }),
      onSlate: metrics.slate,
      onFeedback: metrics.feedback,
      onShadow: metrics.shadow,
    });
    const { app, drain } = await serviceApp({
      ...{ service, arms, log, metrics, rate: options.rate ?? 0 },
      ...(options.token !== undefined && { token: options.token }),
      ...(options.trustProxy !== undefined && { trustProxy: options.trustProxy }),
      ...(options.limits && { limits: options.limits }),
      ...(options.page && { page: options.page }),
      onFault: (error) => onNotice?.(error.stack ?? error.message),
    });
    const ending = stopper(app);
    const address = await app.listen({ host, port });
    const refresh = (): Promise<string[]> => refreshAll(folders, { engines, stamps, metrics, options });
    let looking: Promise<unknown> = Promise.resolve();
    const look = (): void => {
      looking = looking.then(refresh).catch((error: Error) => onNotice?.(error.message));
    };
    const timer = options.refresh === undefined ? undefined : setInterval(look, 1000 * options.refresh);
    return {
      address,
      arms,
      refresh,
      async stop() {
        clearInterval(timer);
        await ending.stop(drain);
        await service.settled();
        await looking;
        await Promise.all([...engines.values()].map((each) => each.close()));
      },
    };
  } catch (error) {
    await Promise.all([...engines.values()].map((each) => each.close()));
    throw error;
  }
}

interface Opened {
  readonly engines: Map<string, Engine>;
  readonly stamps: Map<string, string | undefined>;
  readonly metrics: Metrics;
  readonly options: ServiceOptions;
}

async function startAll(folders: ReadonlyMap<string, string>, opened: Opened): Promise<void> {
  const { engines, stamps, metrics, options } = opened;
  const { maximumBatch, maximumQueue, onNotice, start = engineOf } = options;
  const starts = [...folders].map(async ([name, folder]) => {
    stamps.set(name, await runStamp(folder));
    const made = await engine(start(folder), {
      ...(maximumBatch !== undefined && { maximumBatch }),
      ...(maximumQueue !== undefined && { maximumQueue }),
      onNotice: (text) => onNotice?.(`${name}: ${text}`),
      onBatch: (size, seconds) => metrics.batch(name, size, seconds),
      onRestart: () => metrics.restart(name),
    });
    engines.set(name, made);
  });
  const failed = (await Promise.allSettled(starts)).find((each) => each.status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

/** Opens what is newer; a run that cannot be opened leaves the old one in place. */
async function refreshAll(folders: ReadonlyMap<string, string>, opened: Opened): Promise<string[]> {
  const { engines, stamps, metrics, options } = opened;
  const renewed: string[] = [];
  for (const [name, folder] of folders) {
    const stamp = await runStamp(folder);
    if (stamp === undefined || stamp === stamps.get(name)) continue;
    stamps.set(name, stamp); // a run that cannot be opened is not tried again until it changes
    try {
      await engines.get(name)!.reload();
      metrics.reload(name, true);
      renewed.push(name);
      options.onNotice?.(`${name}: a newer run is served now`);
    } catch (error) {
      metrics.reload(name, false);
      options.onNotice?.(
        `${name}: the newer run cannot be opened, the old one stays: ${(error as Error).message}`,
      );
    }
  }
  return renewed;
}
