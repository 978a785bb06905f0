import { type Bundle, inNotebook, showInCell } from "./cell";
import type { Figure } from "./figure";
import { figureHtml } from "./page";
import { figuresFolder, write } from "./save";
import { processRenderer } from "./sharedRenderer";
import { type TrainingCurve, type TrainingSoFar, trainingFigure } from "./trainingFigure";

/** A picture of a run that is drawn while it learns. */
export interface TrainingWatch {
  /** Takes in the figures of a step; draws them when the last drawing is a second old. */
  add(step: number, figures: Readonly<Record<string, number>>): void;
  /** What no policy's value can leave, once that is known. */
  bounded(bounds: readonly [number, number]): void;
  /**
   * The last state, which stays: interactive and as a picture, as `show` leaves a figure.
   *
   * @param curves of the whole run, where it is over; else those that were taken in
   */
  end(curves?: Readonly<Record<string, TrainingCurve>>): Promise<void>;
}

/** What a watch draws on; tests give their own. */
export interface WatchOutlet {
  show(data: Bundle, metadata: object, update: boolean): void;
  png(figure: Figure): Promise<Buffer>;
  /** Milliseconds of some clock. */
  now(): number;
}

/** A page takes some tens of milliseconds to draw, and so does the kernel: once a second is enough to see learning. */
const betweenMilliseconds = 1000;

/**
 * Watches a run below the running cell: one figure whose data is updated. In a terminal nothing is drawn.
 *
 * @param about.saveAs also saves the last state under this name, as `show` does
 * @example
 * const watch = watchTraining({ name: "td3", steps: 3000, dataset: data.dataset.label });
 * watch.add(10, { criticLoss: 0.5 });
 * await watch.end();
 */
export function watchTraining(
  about: Pick<TrainingSoFar, "name" | "steps"> & { readonly dataset: string; readonly saveAs?: string },
  outlet: WatchOutlet | undefined = cellOutlet(),
): TrainingWatch {
  if (outlet === undefined) return { add() {}, bounded() {}, async end() {} };
  const { saveAs, ...run } = about;
  const live = `training-${process.hrtime.bigint().toString(36)}`;
  const curves: Record<string, { steps: number[]; values: number[] }> = {};
  let bounds: readonly [number, number] | undefined;
  let step = 0;
  let shownAt: number | undefined;
  const figureOf = (drawn: Readonly<Record<string, TrainingCurve>>, stopped = false): Figure =>
    trainingFigure({ ...run, step, curves: drawn, stopped, ...(bounds && { bounds }) });
  const show = (figure: Figure, more: Bundle = {}, metadata: object = {}): void => {
    const data = { "text/html": figureHtml(figure, { live }), ...more, "text/plain": figure.caption };
    outlet.show(data, metadata, shownAt !== undefined);
    shownAt = outlet.now();
  };
  return {
    add(at, figures) {
      step = at;
      for (const [name, value] of Object.entries(figures)) {
        curves[name] ??= { steps: [], values: [] };
        curves[name].steps.push(at);
        curves[name].values.push(value);
      }
      if (shownAt === undefined || outlet.now() - shownAt >= betweenMilliseconds)
        if (hasCurve(curves)) show(figureOf(curves));
    },
    bounded(found) {
      bounds = found;
    },
    async end(whole) {
      const drawn = whole ?? curves;
      if (!hasCurve(drawn)) return; // nothing was learned
      if (whole !== undefined) step = run.steps;
      const figure = figureOf(drawn, whole === undefined);
      // A run is not lost with its picture.
      const png = await outlet.png(figure).catch(() => undefined);
      if (png === undefined) return show(figure);
      if (saveAs !== undefined) write(figure, saveAs, { folder: figuresFolder(), png });
      const { width, height, caption } = figure;
      show(
        figure,
        { "image/png": png.toString("base64") },
        {
          "image/png": { width, height },
          offshelf: { caption, ...(saveAs === undefined ? {} : { name: saveAs }) },
        },
      );
    },
  };
}

function hasCurve(curves: Readonly<Record<string, TrainingCurve>>): boolean {
  return ["criticLoss", "loss", "actorLoss", "behaviourLoss", "meanQ", "validationNdcg"].some(
    (name) => curves[name] !== undefined,
  );
}

/** One place below the cell: the first message makes it, the others replace what it shows. */
function cellOutlet(): WatchOutlet | undefined {
  if (!inNotebook()) return undefined;
  const id = `watch-${process.hrtime.bigint().toString(36)}`;
  return {
    show: (data, metadata, update) => void showInCell(data, metadata, { id, update }),
    png: (figure) => processRenderer.png(figure),
    now: () => performance.now(),
  };
}
