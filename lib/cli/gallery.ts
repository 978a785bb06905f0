import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { textOf } from "./exercises";

/** A picture of the gallery: figures/NAME.png, and the sentence under it. */
export interface Picture {
  readonly name: string;
  readonly caption: string;
}

/** One notebook's pictures, in the order in which it shows them. */
export interface GallerySection {
  readonly title: string;
  /** Where the heading leads, from the figures folder; none for what no notebook shows. */
  readonly link?: string;
  readonly pictures: readonly Picture[];
}

interface NotebookFile {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly source: string | readonly string[];
    readonly outputs?: readonly { readonly metadata?: { readonly offshelf?: Partial<Picture> } }[];
  }[];
}

/**
 * The named pictures of an executed notebook.
 *
 * @throws when the file is not a notebook.
 */
export function sectionOf(file: string): GallerySection {
  const { cells } = JSON.parse(readFileSync(file, "utf8")) as Partial<NotebookFile>;
  if (cells === undefined) throw new Error(`sectionOf requires a notebook, got ${file}`);
  const texts = cells.map(textOf);
  const heading = texts.map((text) => /^# (.+)$/m.exec(text)?.[1]).find((found) => found !== undefined);
  const pictures = cells.flatMap((cell) =>
    (cell.outputs ?? []).flatMap(({ metadata }) => {
      const { name, caption = "" } = metadata?.offshelf ?? {};
      return name === undefined ? [] : [{ name, caption }];
    }),
  );
  return { title: heading ?? basename(file, ".ipynb"), link: `../notebooks/${basename(file)}`, pictures };
}

/**
 * The gallery page: every saved picture with its sentence, under the notebook that shows it.
 *
 * @throws when two pictures share a name: the later one would have replaced the other.
 */
export function galleryPage(sections: readonly GallerySection[]): string {
  const seen = new Map<string, string>();
  for (const { title, pictures } of sections)
    for (const { name } of pictures) {
      const before = seen.get(name);
      if (before !== undefined)
        throw new Error(`galleryPage requires one figure a name, got ${name} in "${before}" and "${title}"`);
      seen.set(name, title);
    }
  const parts = sections
    .filter(({ pictures }) => pictures.length > 0)
    .map(({ title, link, pictures }) => {
      const heading = link === undefined ? `## ${title}` : `## [${title}](${link})`;
      return [
        heading,
        ...pictures.map(({ name, caption }) => `![${plain(caption)}](${name}.png)\n\n${caption}`),
      ];
    });
  return `${[
    "# Figures",
    "Made by `npm run notebooks -- --save` from the notebooks; each names the data it shows.",
    "`npm start` makes them again in `figures/latest/`, where they are interactive pages as well.",
    ...parts.flat(),
  ].join("\n\n")}\n`;
}

/** Square brackets would end the alternative text of a Markdown image. */
const plain = (text: string): string => text.replace(/[[\]]/g, "");
