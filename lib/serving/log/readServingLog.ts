import { linesOf, logFileNumbers, logFileOf } from "./logFiles";
import { entryOf, type LogEntry } from "./logLines";

/**
 * All slates and feedback of a log, in the order in which they came, as a stream; also while a service writes it.
 *
 * @param onNotice told of lines that are passed over
 * @example for await (const entry of readServingLog("data/served")) if (entry.type === "slate") slates++
 */
export async function* readServingLog(
  folder: string,
  { onNotice = () => {} }: { readonly onNotice?: (notice: string) => void } = {},
): AsyncGenerator<LogEntry> {
  const numbers = await logFileNumbers(folder);
  for (const number of numbers) {
    const file = logFileOf(folder, number);
    let line = 0;
    for await (const { text, isWhole } of linesOf(file)) {
      line++;
      const entry = isWhole ? entryOf(text) : undefined;
      if (entry === undefined)
        onNotice(
          `${file}:${line}: ${isWhole ? "is no line of a log" : "the last line is torn"}, and is passed over`,
        );
      else if (entry !== "head") yield entry;
    }
  }
}
