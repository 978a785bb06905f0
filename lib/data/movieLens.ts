import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dataset } from "./dataset";
import { countsOf, readDataset } from "./readInteractions";
import { writeAtomically } from "./writeAtomically";

/** Reads MovieLens 100K, as GroupLens packs it (u.data, u.item, u.user) or as RecBole does (.inter, .item, .user). */
export async function readMovieLens(folder: string): Promise<Dataset> {
  const dataset = existsSync(join(folder, "u.data"))
    ? await readGroupLens(folder)
    : await readRecBole(folder);
  // RecBole calls the genres "class" and separates them by blanks.
  const { class: classes, ...text } = dataset.catalog.text;
  const genres = classes?.map((list) => list.split(" ").join(", "));
  return {
    ...dataset,
    protocol: "leave-one-out", // its temporal split leaves 77 users, too few to conclude anything from
    label: `MovieLens 100K (${countsOf(dataset.interactions)})`,
    origin: folder,
    catalog: { ...dataset.catalog, text: genres === undefined ? text : { ...text, genres } },
  };
}

function readRecBole(folder: string): Promise<Dataset> {
  const users = join(folder, "ml-100k.user");
  return readDataset(
    {
      interactions: join(folder, "ml-100k.inter"),
      items: join(folder, "ml-100k.item"),
      ...(existsSync(users) ? { users } : {}),
    },
    { name: "ml-100k" },
  );
}

const genreNames =
  "unknown|Action|Adventure|Animation|Children's|Comedy|Crime|Documentary|Drama|Fantasy|Film-Noir|Horror|Musical|Mystery|Romance|Sci-Fi|Thriller|War|Western".split(
    "|",
  );

/** GroupLens's files have no headers, other separators and Latin-1 text: rewritten, then read like any other. */
async function readGroupLens(folder: string): Promise<Dataset> {
  const lines = async (name: string): Promise<string[]> =>
    (await readFile(join(folder, name), "latin1")).split(/\r?\n/).filter((line) => line !== "");
  const copy = await mkdtemp(join(tmpdir(), "offshelf-"));
  try {
    const data = await lines("u.data");
    const interactions = join(copy, "u.data.csv");
    await writeAtomically(
      interactions,
      csvOf(
        "user_id,item_id,rating,timestamp",
        data.map((line) => line.split("\t")),
      ),
    );
    const items = join(copy, "u.item.csv");
    const films = (await lines("u.item")).map((line) => {
      const [id = "", title = "", date = "", , , ...flags] = line.split("|");
      const genres = genreNames.filter((_, genre) => flags[genre] === "1").join(", ");
      return [id, title, /\d{4}$/.exec(date)?.[0] ?? "", genres];
    });
    await writeAtomically(items, csvOf("item_id,title,release_year,genres", films));
    const users = join(copy, "u.user.csv");
    const hasUsers = existsSync(join(folder, "u.user"));
    if (hasUsers) {
      const people = (await lines("u.user")).map((line) => line.split("|"));
      await writeAtomically(users, csvOf("user_id,age,gender,occupation,zip_code", people));
    }
    return await readDataset({ interactions, items, ...(hasUsers ? { users } : {}) }, { name: "ml-100k" });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function csvOf(header: string, rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string =>
    row.map((value) => (value === "" ? "" : `"${value.replace(/"/g, '""')}"`)).join(",");
  return `${header}\n${rows.map(line).join("\n")}\n`;
}
