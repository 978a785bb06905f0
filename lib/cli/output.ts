import { once } from "node:events";
import type { SingleBar } from "cli-progress";
import { atEnd } from "../data/atEnd";

/**
 * Where a command writes. Results go to `out` (stdout); notices and progress go to `note` and `progress`
 * (stderr), so that `npm run -s NAME > file` holds results alone.
 */
export interface Output {
  out(text: string): void;
  note(text: string): void;
  /** One updating line on a terminal; otherwise one plain line at each tenth of the way. */
  progress(label: string, done: number, total: number, detail?: string): void;
  /** When what was written to stdout has been taken, so that a slow reader is waited for and not buffered for. */
  drained(): Promise<void>;
  /** Leaves the progress line as it stands, so that what follows starts on a fresh line. */
  settle(): void;
}

/** The streams of this process. */
export function processOutput(): Output {
  const line = process.stderr.isTTY ? barProgress() : plainProgress((text) => process.stderr.write(text));
  return {
    out(text) {
      line.settle();
      process.stdout.write(text);
    },
    note(text) {
      line.settle();
      process.stderr.write(text + "\n");
    },
    async drained() {
      if (process.stdout.writableNeedDrain) await once(process.stdout, "drain");
    },
    progress: line.progress,
    settle: line.settle,
  };
}

/** Keeps everything in memory: what tests read, and what a caller inside the process can look at. */
export function memoryOutput(): Output & { readonly stdout: () => string; readonly stderr: () => string } {
  const written: string[] = [];
  const noted: string[] = [];
  const line = plainProgress((text) => noted.push(text));
  return {
    out: (text) => void written.push(text),
    note: (text) => void noted.push(text + "\n"),
    drained: async () => {},
    progress: line.progress,
    settle: line.settle,
    stdout: () => written.join(""),
    stderr: () => noted.join(""),
  };
}

type Line = Pick<Output, "progress" | "settle">;

/** Prints when the label changes, when a tenth of the way has passed, and at the end: logs stay short. */
function plainProgress(write: (text: string) => void): Line {
  let shown = "";
  return {
    progress(label, done, total, detail = "") {
      const tenth = total > 0 ? Math.floor((10 * done) / total) : 10;
      const key = `${label} ${tenth}`;
      if (key === shown) return;
      shown = key;
      write(`${label} ${done}/${total}${detail ? `  ${detail}` : ""}\n`);
    },
    settle() {},
  };
}

function barProgress(): Line {
  let bar: SingleBar | undefined;
  let current = "";
  let forget = (): void => {};
  const settle = (): void => {
    bar?.stop();
    forget();
    bar = undefined;
    current = "";
  };
  return {
    progress(label, done, total, detail = "") {
      if (label !== current) {
        settle();
        const { SingleBar: Bar } = require("cli-progress") as typeof import("cli-progress");
        bar = new Bar({
          stream: process.stderr,
          format: "{label} {bar} {value}/{total}  {eta_formatted} left  {detail}",
          barsize: 24,
          hideCursor: true,
          clearOnComplete: false,
          linewrap: false,
        });
        // Ctrl-C must not leave the terminal without a cursor: heard before the bar hides it.
        forget = atEnd(settle);
        bar.start(total, done, { label, detail });
        current = label;
      } else {
        bar?.setTotal(total);
        bar?.update(done, { label, detail });
      }
    },
    settle,
  };
}
