import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../data/writeAtomically";
import { type GallerySection, galleryPage, sectionOf } from "./gallery";

/** Larger notebooks are slow to open and to look at on the web. */
const mostBytes = 500 * 1024;

/**
 * Takes over what a run of notebooks has made: the executed notebooks, their pictures, and the gallery.
 * Everything is read and checked before the first file is written, and each file is replaced as a whole.
 *
 * @param names notebooks that have passed, e.g. ["01-what-people-rated"]
 * @param folders.latest where the run put them
 * @param folders.figures the committed pictures
 * @param folders.notebooks the committed notebooks
 * @param extra pictures that no notebook shows, already in `latest`
 * @returns the paths that were written
 * @throws when a notebook is too large, a picture is missing or two share a name; then nothing is written.
 */
export async function saveNotebooks(
  names: readonly string[],
  folders: { readonly latest: string; readonly figures: string; readonly notebooks: string },
  { extra = [], all = names }: { extra?: readonly GallerySection[]; all?: readonly string[] } = {},
): Promise<string[]> {
  const from = (name: string): string =>
    join(names.includes(name) ? folders.latest : folders.notebooks, `${name}.ipynb`);
  const sections = [...extra, ...all.map((name) => sectionOf(from(name)))];
  const page = galleryPage(sections);
  const writes: [string, Uint8Array][] = [];
  for (const name of names) {
    const content = readFileSync(from(name));
    if (content.length > mostBytes)
      throw new Error(
        `saveNotebooks requires at most ${mostBytes} bytes a notebook, got ${content.length} for ${name}`,
      );
    writes.push([join(folders.notebooks, `${name}.ipynb`), content]);
  }
  const fresh = [...extra, ...names.map((name) => sectionOf(from(name)))];
  for (const { name } of fresh.flatMap((section) => section.pictures)) {
    const picture = join(folders.latest, `${name}.png`);
    if (!existsSync(picture))
      throw new Error(`saveNotebooks requires the picture ${picture}, got no such file`);
    writes.push([join(folders.figures, `${name}.png`), readFileSync(picture)]);
  }
  writes.push([join(folders.figures, "README.md"), Buffer.from(page)]);
  for (const [path, content] of writes) await writeAtomically(path, content);
  return writes.map(([path]) => path);
}
