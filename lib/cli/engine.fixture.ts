import { fork } from "node:child_process";
import { pathToFileURL } from "node:url";
import { openRun } from "../runs/openRun";
import type { StartEngine } from "../serving/engine/engineChild";
import { runEngine } from "../serving/engine/engineProcess";

/** For tests: an engine's process for a run folder, with the surroundings of the test itself. */
export function testEngine(folder: string): StartEngine {
  return () =>
    fork(__filename, [folder], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: ["--import", pathToFileURL(require.resolve("tsx")).href],
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    });
}

if (require.main === module) void runEngine(() => openRun(process.argv[2]));
