import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { lastLine, python } from "./python";

const run = promisify(execFile);

/**
 * Reads a pickle without running anything of it: every name it asks for must be one of the few that a table of
 * numbers and text is made of, and stands for a thing that only keeps what it is given. So neither pandas nor
 * numpy is needed, and a pickle that asks for anything else is refused.
 *
 * Arguments: file, then for each CSV file to write: its path, "first row of" column or "", and old=new names.
 */
const script = `
import csv, lzma, pickle, sys

known = {
    "pandas.core.frame.DataFrame",
    "pandas.core.internals.managers.BlockManager",
    "pandas._libs.internals._unpickle_block",
    "pandas.core.indexes.base._new_Index",
    "pandas.core.indexes.base.Index",
    "pandas.core.indexes.range.RangeIndex",
    "numpy.core.numeric._frombuffer",
    "numpy.core.multiarray._reconstruct",
    "numpy.ndarray",
    "numpy.dtype",
}

class Part:
    def __new__(cls, *args):
        part = object.__new__(cls)
        part.args, part.state = args, None
        return part

    def __init__(self, *args):
        pass

    def __setstate__(self, state):
        self.state = state

class Reader(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) == ("builtins", "slice"):
            return slice
        if module + "." + name not in known:
            raise ValueError("it asks for " + module + "." + name + ", which no table needs")
        return Part

def values(array):
    """Rows of a two-dimensional array, or the one row of a flat one."""
    if array.state is not None:  # _reconstruct: version, shape, dtype, whether by columns, values
        shape, flat = array.state[1], array.state[4]
        if array.state[3] and len(shape) > 1:
            raise ValueError("it has an array by columns")
    else:  # _frombuffer: bytes, dtype, shape, order
        data, dtype, shape, order = array.args
        if dtype.state[1] != "<" or sys.byteorder != "little" or order != "C":
            raise ValueError("it has an array of another layout")
        flat = memoryview(data).cast({"f8": "d", "i8": "q"}[dtype.args[0]]).tolist()
    if len(shape) == 1:
        return [flat]
    return [flat[row * shape[1] : (row + 1) * shape[1]] for row in range(shape[0])]

def plain(value):
    if isinstance(value, float):
        return "" if value != value else int(value) if value.is_integer() else repr(value)
    return value

source, *wanted = sys.argv[1:]
with lzma.open(source) as file:
    table = Reader(file).load()
blocks, (names, rows) = table.state["_mgr"].args
names = values(names.args[1]["data"])[0]
columns = {}
for block in blocks:
    array, places, _ = block.args
    places = range(*places.indices(len(names))) if isinstance(places, slice) else values(places)[0]
    for place, column in zip(places, values(array)):
        columns[names[place]] = column
while wanted:
    path, once, pairs, *wanted = wanted
    pairs = [pair.split("=") for pair in pairs.split(",")]
    seen = set()
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\\n")
        out.writerow([new for _, new in pairs])
        for row in range(len(columns[pairs[0][0]])):
            if once:
                key = columns[once][row]
                if key in seen:
                    continue
                seen.add(key)
            out.writerow([plain(columns[old][row]) for old, _ in pairs])
`;

/** One CSV file to be made of a pickled table. */
export interface TablePart {
  readonly file: string;
  /** New names by the table's own. */
  readonly columns: Readonly<Record<string, string>>;
  /** Of the rows that share this column's value only the first is taken. */
  readonly firstOf?: string;
}

/**
 * Writes columns of a pickled pandas table (pandas 2, xz) as CSV files. Missing numbers are empty fields.
 *
 * @throws when Python is missing, the file is no such table, or a column is not there.
 */
export async function unpickleTable(file: string, parts: readonly TablePart[]): Promise<void> {
  const wanted = parts.flatMap(({ file: target, columns, firstOf = "" }) => {
    const pairs = Object.entries(columns).map(([old, name]) => `${old}=${name}`);
    return [target, firstOf, pairs.join(",")];
  });
  try {
    await run(python(), ["-c", script, file, ...wanted]);
  } catch (error) {
    throw new Error(`${file} cannot be read as a pickled table: ${lastLine(error)}`);
  }
}
