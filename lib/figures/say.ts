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

/**
 * Where a notebook runs on other data than its text was written about: says which of its sentences to believe. Says
 * nothing on the data of the text.
 *
 * @param written the dataset that the text is about
 * @param shown the dataset that the notebook runs on, as `Dataset.name` has it
 * @example textIsAbout("goodbooks", data.name)
 */
export function textIsAbout(written: string, shown: string): void {
  if (shown === written) return;
  say(
    `This is **${shown}**. Where the text between the cells tells what came out, it speaks of ${written}; ` +
      "figures, and the sentences below the cells, are computed from this log.",
  );
}
