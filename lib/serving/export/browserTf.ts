import type { tf as serverTf } from "../../tensors/tf";

type TensorFlow = ReturnType<typeof serverTf>;

/**
 * Stands for tensors/tf.ts in the reader's browser: TensorFlow.js, which a script of the page has loaded before. It runs
 * on the CPU, in plain JavaScript: of the other backends some compute in half precision on phones, and lists would
 * not be those of the server.
 */

let patched: TensorFlow | undefined;

export function tf(): TensorFlow {
  if (patched) return patched;
  patched = (globalThis as unknown as { tf: TensorFlow }).tf;
  if (patched === undefined) throw new Error("tensorflow.js is missing beside index.html");
  // As on the server: `tidy` need not look for tensors in typed arrays.
  const engine = patched.engine();
  const endScope = engine.endScope.bind(engine);
  engine.endScope = (result) => endScope(ArrayBuffer.isView(result) ? undefined : result);
  return patched;
}
