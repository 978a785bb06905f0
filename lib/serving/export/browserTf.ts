import type * as TensorFlow from "@tensorflow/tfjs-node";

/**
 * Stands for tensors/tf.ts in the reader's browser: TensorFlow.js, which a script of the page has loaded before. It runs
 * on the CPU, in plain JavaScript: of the other backends some compute in half precision on phones, and lists would
 * not be those of the server.
 */
export function tf(): typeof TensorFlow {
  return (globalThis as unknown as { tf: typeof TensorFlow }).tf;
}
