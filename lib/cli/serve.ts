import { randomInt } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { InputError } from "../data/inputError";
import { parseSettings } from "../data/settings";
import { openRun } from "../runs/openRun";
import { armNames, armShares } from "../serving/arms";
import { runEngine } from "../serving/engine/engineProcess";
import { openServingLog } from "../serving/log/openServingLog";
import { demoPage, pageFiles } from "../serving/page/demoPage";
import { readerHistories } from "../serving/readerHistories";
import { type ServiceSettings, serviceSettings } from "../serving/serviceSettings";
import { type RunningService, startService } from "../serving/startService";
import { exitWith, runCommand } from "./frame";
import { collect, positiveNumber, settingsHelp, wholeNumber } from "./options";
import type { Output } from "./output";

interface Options {
  readonly run?: string[];
  readonly split?: string;
  readonly splitSalt?: string;
  readonly shadow?: string;
  readonly host: string;
  readonly port: number;
  readonly tokenFile?: string;
  readonly trustProxy?: string;
  readonly log?: string;
  readonly refresh?: number;
  readonly seed?: number;
  readonly set?: string[];
  readonly engine?: string;
}

/** `npm run serve`: runs behind HTTP. */
export function describeServe(command: Command, output: Output): void {
  command
    .description(
      "Serves a run over HTTP: recommendations, feedback, a page to try it, and a log that npm run ope and npm run train read.",
    )
    .option(
      "--run <folder>",
      "a run folder, as npm run train makes; several are served to shares of the users",
      collect,
    )
    .option(
      "--split <percentages>",
      "with several runs: percent of the users for each, such as 90,10; equal by default",
    )
    .option("--split-salt <text>", "divides the users anew: for the next test, independent of the last")
    .option("--shadow <folder>", "another run, whose slates are logged beside those that are shown")
    .option("--port <number>", "0: any that is free", wholeNumber(0), 8000)
    .option("--host <address>", "where it listens; beyond this machine a --token-file is needed", "127.0.0.1")
    .option(
      "--token-file <file>",
      "a file with a token: whoever asks shows it as Authorization: Bearer TOKEN",
    )
    .option("--trust-proxy <addresses>", "proxies that say who asks (X-Forwarded-For), such as 127.0.0.1")
    .option("--log <folder>", "where slates and feedback are logged; data/serving/NAME by default")
    .option(
      "--refresh <seconds>",
      "look for a newer run in the folders every so often; SIGHUP looks at once",
      positiveNumber,
    )
    .option(
      "--seed <number>",
      "seed of the draws, so that the same requests in turn get the same slates",
      wholeNumber(0),
    )
    .option("--set <name=value>", "a limit, see below; may come several times", collect)
    .addOption(command.createOption("--engine <folder>").hideHelp()) // the process of one run, which the service starts
    .addHelpText("after", `\nLimits (--set NAME=VALUE):\n${settingsHelp(serviceSettings)}`)
    .action(async (options: Options) => {
      const { engine } = options;
      if (engine !== undefined) return runEngine(() => openRun(engine));
      await serve(options, output);
    });
}

async function serve(options: Options, output: Output): Promise<void> {
  const { run: runs = [], split, host, port } = options;
  if (runs.length === 0)
    throw new InputError("--run: is missing", { expected: "a run folder, as npm run train makes" });
  if (port > 65_535)
    throw new InputError(`--port: ${port} is none`, { expected: "a number from 0 to 65535" });
  armShares(split, runs.length);
  const limits = limitsOf(options.set ?? []);
  const token = await tokenOf(options);
  const names = armNames(runs);
  const folder = options.log ?? join("data", "serving", names[0].replaceAll("/", "-"));
  const note = (text: string): void => output.note(text);
  const log = await openServingLog(folder, { rotateBytes: limits.logBytes, onNotice: note });
  let service: RunningService | undefined;
  try {
    output.progress("opening", 0, runs.length, names.join(", "));
    service = await startService({
      ...{ runs: runs.map((each) => resolve(each)), log, host, port },
      taken: await readerHistories(folder),
      seed: options.seed ?? randomInt(2 ** 47),
      page: { html: demoPage(), files: pageFiles() },
      ...{ rate: limits.rate, maximumBatch: limits.batch, maximumQueue: limits.queue },
      limits: {
        body: limits.bodyBytes,
        headers: limits.headerBytes,
        requestTime: 1000 * limits.requestSeconds,
      },
      ...(split !== undefined && { split }),
      ...(options.splitSalt !== undefined && { splitSalt: options.splitSalt }),
      ...(options.shadow !== undefined && { shadow: resolve(options.shadow) }),
      ...(options.refresh !== undefined && { refresh: options.refresh }),
      ...(options.trustProxy !== undefined && { trustProxy: options.trustProxy }),
      ...(token !== undefined && { token }),
      onNotice: note,
    }).catch((error: NodeJS.ErrnoException) => {
      throw portError(error, options);
    });
    const { address, arms } = service;
    const stopped = untilStopped(service, note);
    const served = arms.map(
      ({ name, share, engine }) => `${name} (${engine.info().agent}, ${Number(share.toFixed(2))}%)`,
    );
    output.out(
      `${served.join(" and ")} at ${address}\n  page  ${address}/\n  API   ${address}/docs\n  log   ${folder}\n`,
    );
    output.note(
      token === undefined ? "Ctrl-C ends it" : "whoever asks shows the token of --token-file; Ctrl-C ends it",
    );
    await stopped;
    await service.stop();
  } finally {
    await log.close();
  }
}

/** Milliseconds after which another Ctrl-C is meant. */
const impatience = 1000;

/** Resolves at the first signal to stop; a later Ctrl-C ends the process at once. SIGHUP looks for newer runs. */
function untilStopped(service: RunningService, note: (text: string) => void): Promise<void> {
  let ending = false;
  const look = (): void => {
    if (ending) return;
    service.refresh().then(
      (renewed) => renewed.length === 0 && note("no newer run"),
      (error: Error) => note(error.message),
    );
  };
  process.on("SIGHUP", look);
  return new Promise((done) => {
    let first: number | undefined;
    const stop = (signal: NodeJS.Signals): void => {
      // One Ctrl-C comes twice, by the terminal and by npm; and whoever stops services may say so more than once.
      if (first !== undefined && signal === "SIGINT" && performance.now() - first > impatience)
        process.exit(130);
      if (first !== undefined) return;
      first = performance.now();
      ending = true;
      note("answering what has come in, then ending; Ctrl-C again ends at once");
      done();
    };
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  });
}

/** @throws InputError for a setting that is unknown or out of its range */
function limitsOf(set: readonly string[]): ServiceSettings {
  const given = set.map((text) => {
    const at = text.indexOf("=");
    if (at < 1)
      throw new InputError(`--set: "${text}" sets nothing`, { expected: "NAME=VALUE, such as rate=100" });
    const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    return [name, value !== "" && Number.isFinite(Number(value)) ? Number(value) : value] as const;
  });
  try {
    return parseSettings("serve", serviceSettings, Object.fromEntries(given));
  } catch (error) {
    throw new InputError(`--set: ${(error as Error).message}`);
  }
}

/** @throws InputError when the service listens beyond this machine without a token, or the token's file has none */
async function tokenOf({ host, tokenFile }: Options): Promise<string | undefined> {
  if (tokenFile === undefined) {
    if (/^(127\.\d+\.\d+\.\d+|::1|localhost)$/i.test(host)) return undefined;
    throw new InputError(`--host: ${host} is not this machine alone`, {
      expected: "--token-file FILE beside it, so that not everybody may ask and write the log",
    });
  }
  let text: string;
  try {
    text = await readFile(tokenFile, "utf8");
  } catch (error) {
    throw new InputError(`cannot be read (${(error as Error).message})`, {
      file: tokenFile,
      expected: "a file with a token",
    });
  }
  const token = text.trim();
  if (token === "" || /\s/.test(token))
    throw new InputError(token === "" ? "is empty" : "holds more than one word", {
      file: tokenFile,
      expected: "one token",
    });
  return token;
}

function portError(error: NodeJS.ErrnoException, { host, port }: Options): Error {
  if (error.code === "EADDRINUSE")
    return new InputError(`--port: ${port} is taken`, { expected: "another one, or 0 for any that is free" });
  if (error.code === "EACCES")
    return new InputError(`--port: ${port} is not for this user`, { expected: "one from 1024" });
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
    return new InputError(`--host: ${host} is no address of this machine`, {
      expected: "127.0.0.1, 0.0.0.0 or its own",
    });
  return error;
}

if (require.main === module) exitWith(runCommand("serve", describeServe, process.argv.slice(2)));
