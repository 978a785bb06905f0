/** Environment variables that switch something: how steps and operations run. */
export type Switch = "OFFSHELF_COMPILED" | "OFFSHELF_EAGER" | "OFFSHELF_PLAIN_OPS";

/** Whether it is set to anything but nothing and 0. */
export function isSwitchedOn(name: Switch): boolean {
  const value = process.env[name];
  return value !== undefined && value !== "" && value !== "0";
}

/** Runs with the switch on, and leaves it as it was. */
export function withSwitch<T>(name: Switch, run: () => T): T {
  const before = process.env[name];
  process.env[name] = "1";
  try {
    return run();
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
}
