import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { runEngine } from "./engineProcess";
import { type HandRunOptions, handRun } from "./handRun.fixture";

/** For tests: an engine's process around a run made by hand, without TensorFlow. */
export function handEngine(options: HandRunOptions = {}): () => ChildProcess {
  return handEngineAs(() => JSON.stringify(options));
}

/** The same, with the options of a file at the time the process starts. */
export function handEngineOf(file: string): () => ChildProcess {
  return handEngineAs(() => readFileSync(file, "utf8"));
}

function handEngineAs(options: () => string): () => ChildProcess {
  return () =>
    fork(__filename, [options()], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: ["--import", "tsx"],
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    });
}

if (require.main === module) {
  const options = JSON.parse(process.argv[2]) as HandRunOptions & { readonly broken?: boolean };
  void runEngine(async () => {
    if (options.broken === true) throw new Error("the run is broken");
    return handRun(options);
  });
}
