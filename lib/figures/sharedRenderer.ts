import type { Figure } from "./figure";
import { type Renderer, renderer } from "./render";

/** How long an unused browser is kept: starting it takes a second, keeping it open would keep the kernel alive. */
const idleMilliseconds = 3000;

/**
 * One browser for many figures: started with the first, closed when none was asked for a while.
 * Figures are drawn one after another, in the order asked.
 */
export interface SharedRenderer {
  png(figure: Figure): Promise<Buffer>;
  /** Closes the browser now, once what was asked is drawn. */
  close(): Promise<void>;
}

export function sharedRenderer(start: () => Promise<Renderer> = renderer): SharedRenderer {
  let open: Promise<Renderer> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const queued = <T>(task: () => Promise<T>): Promise<T> => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
  const close = (): Promise<void> =>
    queued(async () => {
      clearTimeout(timer);
      const opened = open;
      open = undefined;
      await (await opened?.catch(() => undefined))?.close();
    });
  return {
    png: (figure) =>
      queued(async () => {
        clearTimeout(timer);
        open ??= start();
        try {
          return await (await open).png(figure);
        } catch (error) {
          open = undefined; // the next figure tries a fresh browser
          throw error;
        } finally {
          timer = setTimeout(() => void close(), idleMilliseconds);
        }
      }),
    close,
  };
}

/** The browser of this process. It is not part of any result: a figure looks the same in a fresh one. */
export const processRenderer = sharedRenderer();
