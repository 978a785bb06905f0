import { tf } from "./tf";

/** Writes scalars that TensorBoard shows as curves. */
export interface SummaryWriter {
  /** One point of a curve. */
  scalar(name: string, value: number, step: number): void;
  flush(): void;
}

/**
 * TensorBoard events in a folder, one file a writer; several files of one folder are shown as one curve, which
 * is how a resumed run goes on. Values that are not finite are left out: TensorBoard draws nothing for them.
 *
 * @param folder made when missing
 * @example summaries("data/runs/a/events").scalar("critic loss", 0.5, 100)
 */
export function summaries(folder: string): SummaryWriter {
  const writer = tf().node.summaryFileWriter(folder);
  return {
    scalar(name, value, step) {
      if (Number.isFinite(value)) writer.scalar(name, value, step);
    },
    flush: () => writer.flush(),
  };
}
