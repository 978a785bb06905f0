import type { Catalog } from "./catalog";

/**
 * Readers' shelves spell one genre in many ways ("ya", "ya-fiction", "young-adult" ...). A family gathers the
 * spellings; an item that carries more of them belongs to it more surely.
 */
const shelfFamilies: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["young adult", /\bya\b|young-adult|teen/],
  ["children", /child|middle-grade|juvenile|picture-book/],
  ["fantasy and science fiction", /fantasy|magic|sci-fi|scifi|science-fiction|\bsf\b|dystopia/],
  ["romance", /romance|romantic|chick-lit/],
  ["mystery and thriller", /myster|crime|detective|thriller|suspense/],
  ["horror", /horror|vampire|ghost|paranormal/],
  ["classic", /classic/],
  ["historical", /histor/],
  ["nonfiction", /nonfiction|non-fiction|memoir|biograph/],
  ["comics", /graphic-novel|comic|manga/],
  ["contemporary", /contemporary|literary|realistic/],
];

/** More different tags than this are readers' shelves, not a publisher's list of genres. */
const mostPlainGenres = 40;

/**
 * One genre an item, for colours and for counting neighbours of the same genre; "" where none is known.
 *
 * A short list of genres is taken as it is, and the item's rarest one wins (nearly every film is a "Drama").
 * A long one is gathered into families: the family with the largest share of its usual number of tags wins,
 * that number being what the hundredth most tagged item of a hundred carries (its 99th percentile).
 *
 * @example mainGenres(catalog)[catalog.rowOf("2")] // "young adult", for goodbooks' first Harry Potter
 */
export function mainGenres(catalog: Pick<Catalog, "size" | "text">): string[] {
  const column = catalog.text.genres ?? catalog.text.category;
  if (column === undefined) return new Array<string>(catalog.size).fill("");
  const tags = column.map((list) =>
    list
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ""),
  );
  const frequency = new Map<string, number>();
  for (const list of tags) for (const tag of list) frequency.set(tag, (frequency.get(tag) ?? 0) + 1);
  if (frequency.size <= mostPlainGenres)
    return tags.map((list) =>
      list.reduce(
        (best, tag) => (best === "" || frequency.get(tag)! < frequency.get(best)! ? tag : best),
        "",
      ),
    );
  const evidence = shelfFamilies.map(([, pattern]) =>
    Int32Array.from(tags, (list) => list.filter((tag) => pattern.test(tag)).length),
  );
  const usual = evidence.map((counts) => {
    const sorted = counts.slice().sort();
    return Math.max(1, sorted[Math.floor(0.99 * sorted.length)]);
  });
  return tags.map((_, item) => {
    let [best, name] = [0, ""];
    shelfFamilies.forEach(([family], f) => {
      const share = evidence[f][item] / usual[f];
      if (share > best) [best, name] = [share, family];
    });
    return name;
  });
}
