import { inNotebook } from "./cell";
import { type CellProgress, cellProgress, progressText } from "./cellProgress";

/** Where lines of progress go in a terminal; tests give their own. */
export interface TerminalLine {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const betweenMilliseconds = 200;

/**
 * Progress wherever the code runs: a bar below a notebook's cell, one line that is rewritten in a terminal, and elsewhere
 * (a log file) one line when it is over.
 *
 * @example
 * const progress = progressBar("next-item model");
 * progress.update(3, 10, "loss 6.9");
 * progress.end();
 */
export function progressBar(title: string, out: TerminalLine = process.stderr): CellProgress {
  if (inNotebook()) return cellProgress(title);
  let state = { done: 0, total: 0, detail: "" };
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    update(done, total, detail = "") {
      state = { done, total, detail };
      const now = performance.now();
      if (out.isTTY !== true || now - shownAt < betweenMilliseconds) return;
      shownAt = now;
      out.write(`\r\u001b[2K${progressText(title, state)}`);
    },
    end(detail = state.detail) {
      if (state.total === 0) return; // nothing had to be done: what was wanted came from the cache
      state = { ...state, detail };
      out.write(`${out.isTTY === true ? "\r\u001b[2K" : ""}${progressText(title, state)}\n`);
    },
  };
}
