/** From a query to the nearest items, and to varied lists. The door of lib/retrieval. */

export { batchIndex } from "./retrieval/batchIndex";
export { exactIndex } from "./retrieval/exactIndex";
export { faissIndex } from "./retrieval/faissIndex";
export { queriesWithOne, withBias } from "./retrieval/geometry";
export { recallOf } from "./retrieval/recall";
export { rankedBy } from "./retrieval/scorer";
export { slates } from "./retrieval/slate";
