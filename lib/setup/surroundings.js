"use strict";
// Environment variables that every command and every kernel starts with, unless the caller has set them.

/** @type {Record<string, string>} */
const surroundings = {
  // TensorFlow's start-up messages: errors only.
  TF_CPP_MIN_LOG_LEVEL: "2",
  // OpenMP's threads (FAISS) sleep between searches; spinning, they would take TensorFlow's cores.
  OMP_WAIT_POLICY: "passive",
  // FAISS shares a batch out among OpenMP's threads; OpenBLAS's own beside them would take the same cores. Nothing else
  // uses OpenBLAS.
  OPENBLAS_NUM_THREADS: "1",
};

/** Sets what the caller left open; native libraries read these when they are loaded. */
function setSurroundings(environment = process.env) {
  for (const [name, value] of Object.entries(surroundings)) environment[name] ??= value;
  return environment;
}

module.exports = { setSurroundings, surroundings };
