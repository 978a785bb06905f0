import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../../data/inputError";
import type { OpenRun } from "../../runs/openRun";
import { bundle } from "../page/bundle";
import { pageHtml, pageStyle } from "../page/demoPage";
import { packed } from "./pack";
import { takeRun } from "./takeRun";

/** The project root: this file lies in lib/serving/export. */
const root = resolve(__dirname, "..", "..", "..");

/** Letters of base64 in one script of data: hosts of pages have limits for a file, 25 MB and more. */
const lettersAtOnce = 16e6;

/** Files of lib that others stand for in the reader's browser: what is under them is not there. */
const instead = {
  "tensors/tf.ts": "serving/export/browserTf.ts",
  "retrieval/batchIndex.ts": "serving/export/exactBatchIndex.ts",
  "data/namedArrays.ts": "serving/export/shippedArrays.ts",
  "serving/engine/popularLists.ts": "serving/export/shippedPopular.ts",
};

/** The script of an exported page, which holds no data. */
export function exportedScript(): Promise<string> {
  return bundle("serving/export/exportedPage.ts", { instead });
}

/**
 * The files of a static page that recommends from a run in the reader's own browser: by name, with their content.
 *
 * @throws InputError for runs that cannot be exported.
 */
export async function siteOf(run: OpenRun): Promise<Map<string, string>> {
  const { files, bytes } = packed(await takeRun(run));
  const text = bytes.toString("base64");
  const pieces = Array.from({ length: Math.ceil(text.length / lettersAtOnce) }, (_, i) =>
    text.slice(i * lettersAtOnce, (i + 1) * lettersAtOnce),
  );
  const tensorflow = await readFile(
    join(root, "node_modules", "@tensorflow", "tfjs", "dist", "tf.es2017.min.js"),
    "utf8",
  );
  const site = new Map<string, string>();
  site.set("tensorflow.js", tensorflow.replace(/^\/\/# sourceMappingURL=.*$/m, ""));
  site.set("run.js", `globalThis.offshelfRun=${scriptJson({ files, pieces: pieces.length })};\n`);
  pieces.forEach((piece, i) => {
    site.set(`data-${i + 1}.js`, `(globalThis.offshelfPieces??=[])[${i}]="${piece}";\n`);
  });
  site.set("page.js", await exportedScript());
  site.set("page.css", pageStyle());
  const scripts = [...site.keys()].filter((name) => name.endsWith(".js"));
  site.set("index.html", pageHtml({ scripts, style: "page.css", standsAlone: true }));
  return site;
}

/** JSON as a piece of JavaScript. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u2028\u2029<]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A name that a site's file may have. */
const siteFile = /^(index\.html|page\.css|page\.js|run\.js|tensorflow\.js|data-\d+\.js)$/;

/**
 * Whether a site may be written to a folder: there is none, it is empty, or it holds an earlier site and nothing else.
 *
 * @throws InputError where it holds anything else.
 */
export async function requireFree(folder: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw new InputError("is not a folder", { file: folder, expected: "a folder for the page" });
  }
  const other = names.find((name) => !siteFile.test(name));
  if (other !== undefined)
    throw new InputError(`holds ${other}, which is no part of an exported page`, {
      file: folder,
      expected: "a new or an empty folder, or one that an earlier export wrote",
    });
}

/** Writes a site as a whole folder, in the place of an earlier one. @returns bytes of each file */
export async function writeSite(
  site: ReadonlyMap<string, string>,
  folder: string,
): Promise<Map<string, number>> {
  await requireFree(folder);
  const out = resolve(folder);
  await mkdir(dirname(out), { recursive: true });
  const [fresh, old] = ["new", "old"].map((which) =>
    join(dirname(out), `.${basename(out)}.${randomUUID()}.${which}`),
  );
  const sizes = new Map<string, number>();
  try {
    await mkdir(fresh);
    for (const [name, content] of site) {
      await writeFile(join(fresh, name), content);
      sizes.set(name, Buffer.byteLength(content));
    }
    const there = await rename(out, old).then(
      () => true,
      () => false,
    );
    await rename(fresh, out);
    if (there) await rm(old, { recursive: true });
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
  return sizes;
}
