import { readAgentFile, writeAgentFile } from "./agentFile";

const kinds = { int32: Int32Array, float32: Float32Array, float64: Float64Array } as const;

export type Column = Int32Array | Float32Array | Float64Array;

interface ColumnFile {
  readonly about: Readonly<Record<string, unknown>>;
  /** In the order in which they stand in agent.bin. */
  readonly columns: readonly {
    readonly name: string;
    readonly kind: keyof typeof kinds;
    readonly length: number;
  }[];
}

/** Writes named columns of numbers as agent.json (what there is) and agent.bin (the numbers). */
export async function saveColumns(
  folder: string,
  about: Readonly<Record<string, unknown>>,
  columns: Readonly<Record<string, Column>>,
): Promise<void> {
  const file: ColumnFile = {
    about,
    columns: Object.entries(columns).map(([name, column]) => ({
      name,
      kind: kindOf(column),
      length: column.length,
    })),
  };
  await writeAgentFile(folder, file, Object.values(columns));
}

/**
 * Reads what `saveColumns` wrote.
 *
 * @param about must be the same as it was then
 * @throws when it is another agent's, of other settings, or not the file that was written.
 */
export async function loadColumns(
  folder: string,
  about: Readonly<Record<string, unknown>>,
): Promise<Record<string, Column>> {
  const { about: file, bytes } = await readAgentFile<ColumnFile>(folder, (found) => {
    const [wanted, got] = [JSON.stringify(about), JSON.stringify(found.about)];
    if (wanted !== got) throw new Error(`load requires an agent saved as ${wanted}, got ${got} in ${folder}`);
  });
  const columns: Record<string, Column> = {};
  let at = 0;
  for (const { name, kind, length } of file.columns) {
    const end = at + length * kinds[kind].BYTES_PER_ELEMENT;
    columns[name] = new kinds[kind](bytes.slice(at, end).buffer); // a copy, so that it is aligned
    at = end;
  }
  return columns;
}

function kindOf(column: Column): keyof typeof kinds {
  if (column instanceof Int32Array) return "int32";
  return column instanceof Float32Array ? "float32" : "float64";
}
