import { linesOf, logFileNumbers, logFileOf } from "./logFiles";
import { entryOf, type LogEntry } from "./logLines";

/** A disk that could not be cut may hold the slates of a refused write twice: so many ids are remembered to tell. */
const remembered = 100_000;

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
  const known = new Set<string>();
  for (const number of await logFileNumbers(folder)) {
    const file = logFileOf(folder, number);
    let line = 0;
    for await (const { text, isWhole } of linesOf(file)) {
      line++;
      const entry = isWhole ? entryOf(text) : undefined;
      if (entry === undefined)
        onNotice(
          `${file}:${line}: ${isWhole ? "is no line of a log" : "the last line is torn"}, and is passed over`,
        );
      else if (entry === "head") continue;
      else if (entry.type === "feedback") yield entry;
      else {
        const { slateId } = entry.slate;
        if (known.has(slateId)) continue;
        known.add(slateId);
        if (known.size > remembered) known.delete(known.keys().next().value!);
        yield entry;
      }
    }
  }
}
