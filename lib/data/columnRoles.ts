import { InputError } from "./inputError";

/** What a file's columns may be called, for each thing that is looked for. */
export type RoleNames = Readonly<
  Record<string, { readonly names: readonly string[]; readonly required?: boolean }>
>;

/** Interactions: who, what, how much, when. */
export const interactionRoles = {
  user: { names: ["user_id", "userId"], required: true },
  item: { names: ["item_id", "itemId", "book_id", "movie_id", "movieId"], required: true },
  weight: { names: ["weight", "rating"] },
  time: { names: ["timestamp"] },
} as const satisfies RoleNames;

/** Items: which, and what it is called. */
export const itemRoles = {
  item: interactionRoles.item,
  title: { names: ["title", "movie_title"] },
} as const satisfies RoleNames;

/** Users: who. */
export const userRoles = { user: interactionRoles.user } as const satisfies RoleNames;

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
 * Finds the column of each role.
 *
 * @param columns names as `columnName` gives them
 * @returns index of each role's column, or undefined where a role that is not required has none
 * @throws InputError at `line` on a missing, ambiguous, repeated or nameless column.
 * @example findRoles(["userId", "movieId"], interactionRoles, { file, line: 1 }).item // 1
 */
export function findRoles<R extends RoleNames>(
  columns: readonly string[],
  roles: R,
  where: { readonly file: string; readonly line?: number },
): { readonly [role in keyof R]: number | undefined } {
  columns.forEach((name, index) => {
    if (name === "")
      throw new InputError(`column ${index + 1} has no name`, {
        ...where,
        expected: "a header that names every column",
      });
    if (columns.indexOf(name) !== index)
      throw new InputError(`column "${name}" comes twice`, { ...where, expected: "every column name once" });
  });
  const found: Record<string, number | undefined> = {};
  for (const [role, { names, required }] of Object.entries(roles)) {
    const matches = columns.filter((name) => names.includes(name));
    if (matches.length > 1)
      throw new InputError(
        `${matches.map((name) => `"${name}"`).join(" and ")} could each be the ${role} column`,
        {
          ...where,
          expected: `only one of ${names.join(", ")}`,
        },
      );
    if (matches.length === 0 && required === true)
      throw new InputError(`no ${role} column among ${columns.map((name) => `"${name}"`).join(", ")}`, {
        ...where,
        expected:
          names.length === 1
            ? `a column ${names[0]}`
            : `a column ${names[0]} (or ${names.slice(1).join(", ")})`,
      });
    found[role] = matches.length === 1 ? columns.indexOf(matches[0]!) : undefined;
  }
  return found as { readonly [role in keyof R]: number | undefined };
}
