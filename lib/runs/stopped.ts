/** Signals that ask a process to stop, with the exit status that shells give them. */
export const stopSignals = { SIGINT: 130, SIGTERM: 143 } as const;
export type StopSignal = keyof typeof stopSignals;

/** A run was asked to stop, and did; what it says is how to go on. */
export class Stopped extends Error {
  readonly signal: StopSignal;

  constructor(message: string, signal: StopSignal) {
    super(message);
    this.name = "Stopped";
    this.signal = signal;
  }
}

/** The signal that a run was asked to stop by. */
export function reasonOf(signal: AbortSignal): StopSignal {
  return signal.reason === "SIGTERM" ? "SIGTERM" : "SIGINT";
}

/**
 * Listens to Ctrl-C and SIGTERM while something works that can save where it is. The first is told to the work; a second
 * ends the process at once.
 *
 * @param onStop hears the first
 * @example const { signal, forget } = untilStopped(() => output.note("stopping")); // … then forget()
 */
export function untilStopped(onStop: () => void): { readonly signal: AbortSignal; forget(): void } {
  const controller = new AbortController();
  const asked = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(stopSignals[name as StopSignal]);
    controller.abort(name);
    onStop();
  };
  const names = Object.keys(stopSignals) as StopSignal[];
  for (const name of names) process.on(name, asked);
  return {
    signal: controller.signal,
    forget() {
      for (const name of names) process.off(name, asked);
    },
  };
}
