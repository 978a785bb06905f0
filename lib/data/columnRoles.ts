import { InputError } from "./inputError";

/** What a file's columns may be called, for each thing that is looked for. */
export type RoleNames = Readonly<
  Record<
    string,
    {
      /** The names that messages offer. */
      readonly names: readonly string[];
      /** Further names that people use, as `plainName` gives them, the most certain first. */
      readonly also?: readonly string[];
      readonly required?: boolean;
    }
  >
>;

const userWords =
  "user visitorid visitor reviewerid reviewer customerid customer memberid accountid clientid profileid personid readerid listenerid playerid buyerid uid usersid userkey userpseudoid userpseudonym sessionid session";
const itemWords =
  "item asin parentasin isbn productid product articleid newsid bookid movieid filmid artistid trackid songid albumid gameid animeid videoid businessid recipeid jokeid poiid venueid adid streamerid iid sku itemkey workid gmapid aid itemname productname gamename gametitle artistname trackname songname";
const weightWords =
  "ratings stars starrating overall bookrating userrating itemrating reviewrating reviewscore ratingscore ratingvalue score preference playcount plays listencount listens eventtype event behaviortype behaviourtype behavior behaviour actiontype interactiontype feedbacktype eventname quantity";
const timeWords =
  "time unixreviewtime ts datetime date eventtime eventtimestamp unixtime epoch createdat dateadded ratedat ratingtimestamp ratingtime tstamp playedat listenedat starttime clicktime timestampms reviewtime timems purchasedate orderdate visittime";

/** Interactions: who, what, how much, when. */
export const interactionRoles = {
  user: { names: ["user_id", "userId"], also: userWords.split(" "), required: true },
  item: {
    names: ["item_id", "itemId", "book_id", "movie_id", "movieId"],
    also: itemWords.split(" "),
    required: true,
  },
  weight: { names: ["weight", "rating"], also: weightWords.split(" ") },
  time: { names: ["timestamp"], also: timeWords.split(" ") },
} as const satisfies RoleNames;

/** Weights by these names are ratings; the others count something. */
export const ratingNames =
  "rating ratings stars starrating overall bookrating userrating itemrating reviewrating reviewscore ratingscore ratingvalue score preference".split(
    " ",
  );

/** Items: which, and what it is called. */
export const itemRoles = {
  item: { ...interactionRoles.item, also: [...interactionRoles.item.also, "id"] },
  title: {
    names: ["title", "movie_title"],
    also: "name booktitle productname producttitle itemname artistname trackname songname gamename originaltitle label".split(
      " ",
    ),
  },
} as const satisfies RoleNames;

/** Users: who. */
export const userRoles = {
  user: { ...interactionRoles.user, also: [...interactionRoles.user.also, "id"] },
} as const satisfies RoleNames;

/**
 * A header's names as they are compared: without surrounding blanks and without the type that RecBole's files
 * append.
 *
 * @example columnName(" item_id:token") // "item_id"
 */
export function columnName(header: string): string {
  return header.trim().replace(/:(token|token_seq|float|float_seq)$/, "");
}

/**
 * A name without what people write differently: small letters and digits alone.
 *
 * @example plainName("Book-Rating") // "bookrating"
 */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** Whether a name is one of those that are looked for. */
export function isKnownName(name: string, roles: RoleNames): boolean {
  const plain = plainName(name);
  return Object.values(roles).some(
    ({ names, also = [] }) => names.some((known) => plainName(known) === plain) || also.includes(plain),
  );
}

/** Which column has which role, as somebody says it: names, numbers from 1 where there is no header; "none" for none. */
export type GivenColumns = Readonly<Partial<Record<string, string>>>;

/**
 * Finds the column of each role: the one that is given, else the one that has a name of the role, as it is written or
 * in other letters, else the first that has one of the further names.
 *
 * @param columns names as `columnName` gives them
 * @param options.onGuess called with the role and the name for each that is not written as it should be
 * @returns index of each role's column, or undefined where a role that is not required has none
 * @throws InputError at `line` on a missing, ambiguous, repeated or nameless column.
 * @example findRoles(["userId", "movieId"], interactionRoles, { file, line: 1 }).item // 1
 */
export function findRoles<R extends RoleNames>(
  columns: readonly string[],
  roles: R,
  where: { readonly file: string; readonly line?: number },
  options: {
    readonly given?: GivenColumns;
    readonly onGuess?: (role: string, name: string) => void;
    /** What else could be done where a required role has no column. */
    readonly advice?: string;
  } = {},
): { readonly [role in keyof R]: number | undefined } {
  columns.forEach((name, index) => {
    // A first column without a name holds row numbers.
    if (name === "" && (index > 0 || columns.length === 1))
      throw new InputError(`column ${index + 1} has no name`, {
        ...where,
        expected: "a header that names every column",
      });
    if (columns.indexOf(name) !== index)
      throw new InputError(`column "${shortName(name)}" comes twice`, {
        ...where,
        expected: "every column name once",
      });
  });
  const found: Record<string, number | undefined> = {};
  const used = new Set<number>();
  for (const [role, given] of Object.entries(options.given ?? {})) {
    if (given === undefined || roles[role] === undefined) continue;
    const index = given === "none" ? undefined : columnGiven(columns, given, where);
    found[role] = index;
    if (index !== undefined) used.add(index);
  }
  for (const [role, { names, also = [], required }] of Object.entries(roles)) {
    if (role in found) continue;
    const free = columns.filter((_, c) => !used.has(c));
    let matches = free.filter((name) => names.includes(name));
    if (matches.length === 0) {
      const plain = names.map(plainName);
      matches = free.filter((name) => plain.includes(plainName(name)));
      if (matches.length === 0) {
        const word = also.find((each) => free.some((name) => plainName(name) === each));
        if (word !== undefined) matches = [free.find((name) => plainName(name) === word)!];
      }
      if (matches.length === 1) options.onGuess?.(role, matches[0]);
    }
    if (matches.length > 1)
      throw new InputError(
        `${matches.map((name) => `"${name}"`).join(" and ")} could each be the ${role} column`,
        {
          ...where,
          expected: `only one of ${names.join(", ")}`,
        },
      );
    if (matches.length === 0 && required === true)
      throw new InputError(`no ${role} column among ${listed(columns)}`, {
        ...where,
        expected: `${
          names.length === 1
            ? `a column ${names[0]}`
            : `a column ${names[0]} (or ${names.slice(1).join(", ")})`
        }${options.advice ?? ""}`,
      });
    found[role] = matches.length === 1 ? columns.indexOf(matches[0]) : undefined;
    if (matches.length === 1) used.add(columns.indexOf(matches[0]));
  }
  return found as { readonly [role in keyof R]: number | undefined };
}

function columnGiven(
  columns: readonly string[],
  given: string,
  where: { readonly file: string; readonly line?: number },
): number {
  for (const same of [
    (name: string) => name === given,
    (name: string) => plainName(name) === plainName(given) && plainName(given) !== "",
  ]) {
    const matches = columns.flatMap((name, c) => (same(name) ? [c] : []));
    if (matches.length === 1) return matches[0];
  }
  // A number that is no name is a place.
  const place = /^\d+$/.test(given) ? Number(given) : 0;
  if (place >= 1 && place <= columns.length) return place - 1;
  throw new InputError(`no column "${shortName(given)}"`, {
    ...where,
    expected: `one of ${listed(columns)}`,
  });
}

/** Names as a message shows them: some, and none of them whole where it is long. */
export function listed(columns: readonly string[]): string {
  const most = 20;
  const shown = columns.slice(0, most).map((name) => `"${shortName(name)}"`);
  const others = columns.length > most ? ` and ${columns.length - most} more` : "";
  return `${shown.join(", ")}${others}`;
}

/** A name or a value as a message shows it: its first 40 characters. */
export function shortName(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
