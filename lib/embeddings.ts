/** Items as vectors: from what is read together, from ratings, from words. The door of lib/embeddings. */

export { cachedVectors } from "./embeddings/cachedVectors";
export { coReading } from "./embeddings/coReading";
export { implicitAls } from "./embeddings/matrixFactorization";
export { chanceOfSameGroup, neighboursOf, sameGroupShares, sharesOf } from "./embeddings/neighbours";
export { itemTexts } from "./embeddings/itemText";
export { hasTextEncoder, textEmbeddings } from "./embeddings/text";
export { coldItems } from "./runs/coldStartModel";
export { coldStartStudy } from "./studies/coldStartStudy";
