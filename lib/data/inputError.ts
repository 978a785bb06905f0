/**
 * Something is wrong with what a user gave: a file, a value, a name. Commands print the message alone, without
 * a stack, and exit with status 2.
 */
export class InputError extends Error {
  readonly file?: string;
  /** 1-based line of the file. */
  readonly line?: number;

  /**
   * @param what what is wrong
   * @param where the file and line, and what was expected there
   * @example new InputError('rating "x" is not a number', { file: "r.csv", line: 3, expected: "a number" }).message
   * // 'r.csv:3: rating "x" is not a number, expected a number'
   */
  constructor(
    what: string,
    where: { readonly file?: string; readonly line?: number; readonly expected?: string } = {},
  ) {
    const place =
      where.file === undefined ? "" : `${where.file}${where.line === undefined ? "" : `:${where.line}`}: `;
    super(printable(`${place}${what}${where.expected === undefined ? "" : `, expected ${where.expected}`}`));
    this.name = "InputError";
    if (where.file !== undefined) this.file = where.file;
    if (where.line !== undefined) this.line = where.line;
  }

  /** The same error with further lines after its own, for the other rows that are wrong. */
  followedBy(lines: readonly string[]): InputError {
    this.message = [this.message, ...lines].join("\n");
    return this;
  }
}

/** Control characters, which a file that is no text is full of, as \x00, so that they cannot upset a terminal. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
