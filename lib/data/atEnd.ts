const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const actions = new Set<() => void>();

/**
 * Does something when the process ends, by itself or by Ctrl-C. Somebody else who listens to the signal decides what
 * it does; where nobody does, it ends the process as usual.
 *
 * @returns takes it back, when the work is done before that
 * @example const forget = atEnd(() => rmSync(folder, { recursive: true, force: true }));
 */
export function atEnd(action: () => void): () => void {
  if (actions.size === 0) {
    process.on("exit", all);
    for (const signal of signals) process.on(signal, stopped);
  }
  actions.add(action);
  return () => {
    if (!actions.delete(action) || actions.size > 0) return;
    process.off("exit", all);
    for (const signal of signals) process.off(signal, stopped);
  };
}

function all(): void {
  for (const action of actions) action();
  actions.clear();
  process.off("exit", all);
  for (const signal of signals) process.off(signal, stopped);
}

function stopped(signal: NodeJS.Signals): void {
  all();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
