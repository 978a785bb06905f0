import { exactIndex } from "../../retrieval/exactIndex";

/** Stands for retrieval/batchIndex.ts in the reader's browser: the exact search, whose answers that one gives, too. */
export const batchIndex = exactIndex;
