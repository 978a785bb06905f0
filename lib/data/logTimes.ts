import type { Interactions } from "./interactions";

/** Seconds beyond this are after the year 5000. */
const latestSeconds = 1e11;

/** Units finer than seconds that logs are kept in: what such a time divided by the unit is in seconds. */
const timeUnits = [
  { least: 1e17, unit: 1e9, name: "nanoseconds" },
  { least: 1e14, unit: 1e6, name: "microseconds" },
  { least: latestSeconds, unit: 1e3, name: "milliseconds" },
] as const;

/** What looks odd about the times of a log but is kept as it is. */
export function timeNotices({ size, users, items, times, itemIds }: Interactions): string[] {
  let repeated = 0;
  for (let from = 0; from < size; ) {
    let to = from + 1;
    while (to < size && times[to] === times[from]) to++;
    if (to - from > 1) {
      const pairs = new Set<number>();
      for (let row = from; row < to; row++) pairs.add(users[row] * itemIds.length + items[row]);
      repeated += to - from - pairs.size;
    }
    from = to;
  }
  const notices: string[] = [];
  if (repeated > 0)
    notices.push(
      `${repeated.toLocaleString("en-US")} rows repeat the user, item and time of another; all are kept`,
    );
  return notices;
}

/**
 * Makes ascending times seconds: they are in a finer unit where nearly all of them, read as seconds, lie beyond the
 * year 5000. Returns what was understood.
 */
export function inSeconds(times: Float64Array): string[] {
  const early = times[Math.floor(times.length / 20)]; // a few zeros or −1 say "unknown"
  const found = timeUnits.find(({ least }) => early > least);
  if (found === undefined)
    return times.length > 0 && times[times.length - 1] > latestSeconds
      ? ["timestamps are read as seconds, but some look like milliseconds"]
      : [];
  for (let row = 0; row < times.length; row++) times[row] /= found.unit;
  return [`timestamps are ${found.name}`];
}
