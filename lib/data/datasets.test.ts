import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { datasetNames, loadDataset } from "./datasets";
import { findFolder } from "./findFolder";
import { InputError } from "./inputError";
import { bestAvailableDataset } from "./openDataset";
import type { Source } from "./sources";

const base = mkdtempSync(join(tmpdir(), "datasets-"));
const dataBefore = process.env.OFFSHELF_DATA;
let root = "";
let count = 0;
beforeEach(() => {
  root = join(base, `project${count++}`);
  mkdirSync(root);
  delete process.env.OFFSHELF_DATA;
});
after(() => {
  if (dataBefore !== undefined) process.env.OFFSHELF_DATA = dataBefore;
  rmSync(base, { recursive: true });
});

function writeFolder(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const books = {
  "ratings.csv": "user_id,book_id,rating\n7,2,5\n3,1,4\n",
  "books.csv": "book_id,goodreads_book_id,title,authors\n1,100,Emma,Austen\n2,200,Dune,Herbert\n",
};

test("data/raw comes before $OFFSHELF_DATA; goodbooks-10k is a name of goodbooks", async () => {
  const other = join(base, "elsewhere");
  writeFolder(join(other, "goodbooks-10k"), books);
  process.env.OFFSHELF_DATA = other;
  const one = await loadDataset("goodbooks", { root, download: false });
  assert.equal(one.origin, join(other, "goodbooks-10k"));
  assert.equal(one.label, "goodbooks-10k, a sample (2 readers, 2 ratings)");
  assert.deepEqual(one.catalog.titles, ["Emma", "Dune"]);
  assert.deepEqual([...one.interactions.items], [1, 0]);

  writeFolder(join(root, "data", "raw", "goodbooks"), books);
  assert.equal((await loadDataset("goodbooks", { root })).origin, join(root, "data", "raw", "goodbooks"));
});

test("genres by book id, tags by goodreads id; tags with other ids are left out and said so", async () => {
  const tags = { "tags.csv": "tag_id,tag_name\n1,classic\n2,desert\n" };
  const folder = writeFolder(join(root, "data", "raw", "goodbooks"), {
    ...books,
    ...tags,
    "book_genres.csv": 'book_id,goodreads_book_id,genres\n2,200,"sci-fi,epic"\n1,100,romance\n',
    "book_tags.csv": "goodreads_book_id,tag_id,count\n200,1,5\n200,2,9\n100,1,3\n",
  });
  const { catalog, notices } = await loadDataset("goodbooks", { root });
  assert.deepEqual(catalog.text.genres, ["romance", "sci-fi, epic"]);
  assert.deepEqual(catalog.text.tags, ["classic", "desert, classic"]);
  assert.deepEqual(notices, []);

  writeFileSync(join(folder, "book_tags.csv"), "book_id,tag_id,count\n1,1,5\n2,2,9\n");
  const heard: string[] = [];
  const again = await loadDataset("goodbooks", { root, onNotice: (notice) => heard.push(notice) });
  assert.equal(again.catalog.text.tags, undefined);
  assert.deepEqual(heard, ["book_tags.csv is left out: its ids are not books.csv's goodreads ids"]);
});

test("of a full goodbooks file the quick mode takes every twentieth reader, full takes all", async () => {
  const ids = Array.from({ length: 20_000 }, (_, user) => user + 1);
  const rows = ids.map((user) => `${user},${(user % 2) + 1},3\n`).join("");
  writeFolder(join(root, "data", "raw", "goodbooks"), {
    ...books,
    "ratings.csv": `user_id,book_id,rating\n${rows}`,
  });
  const quick = await loadDataset("goodbooks", { root });
  assert.equal(quick.label, "goodbooks-10k, every 20th reader (1,000 readers, 1,000 ratings)");
  assert.deepEqual(quick.interactions.userIds.slice(0, 3), ["1", "21", "41"]);
  assert.deepEqual([...quick.interactions.users.subarray(0, 3)], [0, 1, 2]);
  assert.deepEqual([...quick.interactions.times.subarray(0, 3)], [0, 20, 40]);
  const full = await loadDataset("goodbooks", { root, full: true });
  assert.equal(full.label, "goodbooks-10k (20,000 readers, 20,000 ratings)");
});

test("MovieLens as GroupLens packs it: no headers, Latin-1, pipes", async () => {
  const flags = (...on: number[]): string =>
    Array.from({ length: 19 }, (_, i) => (on.includes(i) ? 1 : 0)).join("|");
  const folder = writeFolder(join(root, "data", "raw", "ml-100k"), {
    "u.data": "196\t2\t3\t881250949\n186\t1\t5\t881250900\n",
    "u.user": "186|39|F|executive|00000\n196|49|M|writer|55105\n",
  });
  const films = `1|Toy Story (1995)|01-Jan-1995||http://x|${flags(3, 4, 5)}\n2|Les Misérables, "1"|||http://y|${flags(8)}\n`;
  writeFileSync(join(folder, "u.item"), Buffer.from(films, "latin1"));
  const dataset = await loadDataset("ml-100k", { root });
  assert.equal(dataset.label, "MovieLens 100K (2 users, 2 ratings)");
  assert.deepEqual(dataset.catalog.titles, ["Toy Story (1995)", 'Les Misérables, "1"']);
  assert.deepEqual(dataset.catalog.text.genres, ["Animation, Children's, Comedy", "Drama"]);
  assert.deepEqual([...dataset.interactions.items], [0, 1]);
  assert.deepEqual(dataset.users!.text.gender, ["F", "M"]);
});

test("what cannot be found is said, and the best that is there is used and named", async () => {
  const heard: string[] = [];
  const options = { root, download: false, onNotice: (notice: string) => heard.push(notice) };
  await assert.rejects(loadDataset("goodbooks", options), {
    name: "InputError",
    message: `goodbooks cannot be found; tried ${join(root, "data", "raw", "goodbooks")}`,
  });
  await assert.rejects(loadDataset("netflix", options), {
    message: `no dataset is called "netflix", expected one of ${datasetNames.join(", ")}`,
  });
  const dataset = await bestAvailableDataset(options);
  assert.equal(dataset.name, "synthetic");
  assert.match(heard[0], /^goodbooks cannot be found; .*; trying the next best$/);
  assert.match(heard[1], /^ml-100k cannot be found; .*; trying the next best$/);
  assert.match(heard[2], /^data: synthetic data \(500 users, [\d,]+ ratings, seed 1\), from made here$/);

  // Data that is there but broken is an error, never replaced by other data.
  writeFolder(join(root, "data", "raw", "goodbooks"), {
    ...books,
    "ratings.csv": "user_id,book_id,rating\n1,2,x\n",
  });
  await assert.rejects(bestAvailableDataset(options), /ratings\.csv:2: rating "x" is not such a number/);
});

test("each kind of synthetic data goes through the same door, by its own name, and only when asked for", async () => {
  const heard: string[] = [];
  for (const name of datasetNames.filter((name) => name.startsWith("synthetic-"))) {
    const dataset = await loadDataset(name, { root, download: false, seed: 2 });
    assert.equal(dataset.name, name);
    assert.match(
      dataset.label,
      new RegExp(`^synthetic data, ${name.slice(10)}-driven \\(1,000 users, .* seed 2\\)$`),
    );
  }
  const options = { root, download: false, onNotice: (notice: string) => heard.push(notice) };
  const wanted = await bestAvailableDataset({ ...options, wanted: "synthetic-taste" });
  assert.equal(wanted.name, "synthetic-taste");
  assert.match(
    heard.join(),
    /^data: synthetic data, taste-driven \(1,000 users, [\d,]+ ratings, seed 1\), from made here$/,
  );
});

test("downloads once, keeps checksums, verifies them, leaves nothing when cut off", async () => {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    const content = (books as Record<string, string>)[request.url!.slice(1)];
    if (request.url === "/torn.csv") {
      response.writeHead(200, { "content-length": "1000" });
      response.write("half");
      setTimeout(() => response.destroy(), 20);
    } else response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const source = (files: string[]): Source => ({
      name: "goodbooks",
      folders: ["goodbooks"],
      needed: [files],
      official: { kind: "files", base: address, files, optional: ["tags.csv"] },
    });
    const options = { root, onNotice: () => {} };
    const raw = join(root, "data", "raw");
    await assert.rejects(
      findFolder(source(["ratings.csv", "torn.csv"]), options),
      /goodbooks cannot be found; tried .*the official source/,
    );
    await assert.rejects(
      findFolder(source(["missing.csv"]), options),
      /the official source \(404 for .*missing\.csv\)/,
    );
    assert.deepEqual(readdirSync(raw), []);

    requests = 0;
    const folder = await findFolder(source(["ratings.csv", "books.csv"]), options);
    assert.equal(folder, join(raw, "goodbooks"));
    assert.equal(requests, 3);
    assert.deepEqual(readdirSync(folder).sort(), ["SHA256SUMS", "books.csv", "ratings.csv"]);
    assert.match(
      readFileSync(join(folder, "SHA256SUMS"), "utf8"),
      /^[0-9a-f]{64} {2}ratings\.csv\n[0-9a-f]{64} {2}books\.csv\n$/,
    );
    assert.equal(await findFolder(source(["ratings.csv", "books.csv"]), options), folder);
    assert.equal(requests, 3);

    // Two at once: the slower one keeps what the quicker one made; files of somebody else stay.
    rmSync(folder, { recursive: true });
    const both = [0, 1].map(() => findFolder(source(["ratings.csv", "books.csv"]), options));
    assert.deepEqual(await Promise.all(both), [folder, folder]);
    assert.deepEqual(readdirSync(raw), ["goodbooks"]);
    rmSync(folder, { recursive: true });
    writeFolder(folder, { "notes.txt": "mine" });
    await assert.rejects(
      findFolder(source(["ratings.csv", "books.csv"]), options),
      /holds other files; move it away/,
    );
    assert.deepEqual(readdirSync(folder), ["notes.txt"]);
    rmSync(folder, { recursive: true });
    await findFolder(source(["ratings.csv", "books.csv"]), options);

    writeFileSync(join(folder, "books.csv"), "changed");
    await assert.rejects(findFolder(source(["ratings.csv", "books.csv"]), options), (error) => {
      assert.ok(error instanceof InputError);
      assert.match(
        error.message,
        /books\.csv: has changed since its checksum was kept, expected the file that was downloaded \(delete /,
      );
      return true;
    });
    assert.ok(existsSync(folder));
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
