/**
 * A process that writes slates and feedback until it is killed or done, and tells which feedback was acknowledged: one number
 * a line on stdout. Arguments: the folder, the first number, how many.
 */
import { writeSync } from "node:fs";
import { openServingLog } from "./openServingLog";

/** The pipe may be full while whoever reads it is not given time. */
function tell(line: string): void {
  for (;;)
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
}

async function main([folder, first, count]: readonly string[]): Promise<void> {
  const log = await openServingLog(folder, { rotateBytes: 200_000 });
  const from = Number(first);
  const one = async (number: number): Promise<void> => {
    const slateId = log.newSlateId();
    const item = `item-${number}`;
    log.append({
      ...{ slateId, time: number, userId: `user-${number % 7}`, policy: "a" },
      ...{ items: [item, "other"], probabilities: [0.5, 0.25] },
    });
    // Some wait until their slate is in the file.
    if (number % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 60));
    if ((await log.slateOf(slateId)) === undefined) throw new Error(`slate of ${number} is lost`);
    await log.addFeedback({ slateId, itemId: item, reward: number, kind: "taken", time: number });
    tell(`${number}\n`);
  };
  tell("ready\n");
  for (let at = 0; at < Number(count); at += 50)
    await Promise.all(Array.from({ length: Math.min(50, Number(count) - at) }, (_, i) => one(from + at + i)));
  await log.close();
}

main(process.argv.slice(2));
