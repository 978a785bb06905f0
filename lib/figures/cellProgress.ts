import { inNotebook, showInCell } from "./cell";

/** Tells how far something long has come. */
export interface CellProgress {
  /** @param detail e.g. "loss 6.9"; shown as it is */
  update(done: number, total: number, detail?: string): void;
  /** Shows the last state whatever the rate limit says, if there is one; call it when the work is over. */
  end(detail?: string): void;
}

/** What progress is shown with; tests give their own. */
export interface ProgressOutlet {
  show(html: string, text: string, update: boolean): void;
  /** Milliseconds of some clock. */
  now(): number;
}

/** A notebook's page redraws slowly: four times a second is enough to see movement. */
const betweenMilliseconds = 250;

/**
 * A progress bar below the running cell that is updated in place. In a terminal it shows nothing: commands have
 * their own progress line. The last state names no time, so that an executed notebook stays the same.
 *
 * @example
 * const progress = cellProgress("next-item model");
 * for (let epoch = 1; epoch <= 10; epoch++) progress.update(epoch, 10, `loss ${loss.toFixed(2)}`);
 * progress.end();
 */
export function cellProgress(title: string, outlet: ProgressOutlet | undefined = cellOutlet()): CellProgress {
  if (outlet === undefined) return { update() {}, end() {} };
  const started = outlet.now();
  let shownAt = Number.NEGATIVE_INFINITY;
  let state = { done: 0, total: 0, detail: "" };
  const draw = (over: boolean): void => {
    const { done, total } = state;
    const share = over ? 1 : total > 0 ? Math.min(1, done / total) : 0;
    const seconds = (outlet.now() - started) / 1000;
    const left = share > 0 && !over ? ` · ${Math.ceil((seconds * (1 - share)) / share)} s left` : "";
    const text = `${progressText(title, state)}${left}`;
    outlet.show(barHtml(text, share), text, shownAt !== Number.NEGATIVE_INFINITY);
    shownAt = outlet.now();
  };
  return {
    update(done, total, detail = "") {
      state = { done, total, detail };
      if (outlet.now() - shownAt >= betweenMilliseconds) draw(false);
    },
    end(detail = state.detail) {
      if (state.total === 0) return; // nothing had to be done: what was wanted came from the cache
      state = { ...state, detail };
      draw(true);
    },
  };
}

/** How far something is: "title: 3/10 · loss 6.9". */
export function progressText(
  title: string,
  { done, total, detail }: { readonly done: number; readonly total: number; readonly detail: string },
): string {
  return `${title}: ${done}/${total}${detail === "" ? "" : ` · ${detail}`}`;
}

/** One place below the cell: the first message makes it, the others replace what it shows. */
function cellOutlet(): ProgressOutlet | undefined {
  if (!inNotebook()) return undefined;
  const id = `progress-${process.hrtime.bigint().toString(36)}`;
  return {
    show: (html, text, update) =>
      void showInCell({ "text/html": html, "text/plain": text }, {}, { id, update }),
    now: () => performance.now(),
  };
}

function barHtml(text: string, share: number): string {
  const safe = text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  return (
    '<div style="font-family:sans-serif;font-size:13px;max-width:640px">' +
    `<div style="margin-bottom:3px">${safe}</div>` +
    '<div style="background:#E4E4E4;height:6px;border-radius:3px">' +
    `<div style="background:#0072B2;height:6px;border-radius:3px;width:${(100 * share).toFixed(1)}%"></div>` +
    "</div></div>"
  );
}
