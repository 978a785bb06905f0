/** TensorFlow's fused operations, each with a plain version that OFFSHELF_PLAIN_OPS=1 forces. */
export { type AdamConfig, adam, type Optimizer, type OptimizerState } from "./adam";
export { fusedOpsAvailable } from "./fusedOps";
export { type GruWeights, gruSequence, gruWeights, lastStates } from "./gruSequence";
export { catalogueCrossEntropy, softmaxCrossEntropy } from "./softmaxCrossEntropy";
