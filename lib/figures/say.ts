import { showInCell } from "./cell";

/**
 * Says a sentence below the running cell as text, not as program output: markdown in a notebook, a plain line
 * elsewhere. For the number that belongs to a figure, which must come from the data and not from the author.
 *
 * @example say(`The first hundred titles hold **${percent}** of all ratings.`)
 */
export function say(markdown: string): void {
  const plain = markdown.replace(/\*\*|`/g, "");
  if (!showInCell({ "text/markdown": markdown, "text/plain": plain }, {})) console.log(plain);
}
