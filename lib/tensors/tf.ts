import type * as TensorFlow from "@tensorflow/tfjs-node";

export type {
  NamedTensorMap,
  Rank,
  Scalar,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  TensorLike,
  Variable,
} from "@tensorflow/tfjs-node";

let loaded: typeof TensorFlow | undefined;

/**
 * TensorFlow, loaded on first use: importing this file costs nothing, and what needs no tensors runs without it.
 *
 * `tidy` looks for tensors in whatever it returns, number by number: seconds for a large typed array. Here it
 * is told that typed arrays hold none.
 *
 * Three things are done before it loads: its start-up messages are silenced (TF_CPP_MIN_LOG_LEVEL, unless the
 * caller has set it), two functions that tfjs-node calls and Node 23 removed are put back, and signals are kept away from
 * the threads that compute (`lib/setup/signals.cc` says why).
 *
 * @throws when the native library is missing, with the command that installs it.
 * @example tf().scalar(2).dataSync()[0] // 2
 */
export function tf(): typeof TensorFlow {
  if (loaded) return loaded;
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  const util = require("node:util") as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown): boolean => value === null || value === undefined;
  util.isArray ??= Array.isArray;
  (require("../setup/signals.js") as { keepSignalsAway(): boolean }).keepSignalsAway();
  try {
    loaded = require("@tensorflow/tfjs-node") as typeof TensorFlow;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new Error(`tf requires TensorFlow's native library, got "${reason}"; run npm start once`, {
      cause,
    });
  }
  const engine = loaded.engine();
  const endScope = engine.endScope.bind(engine);
  engine.endScope = (result) => endScope(ArrayBuffer.isView(result) ? undefined : result);
  return loaded;
}
