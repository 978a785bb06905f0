/**
 * Breaks a text between words into lines of at most so many letters, for places where Plotly does not break by itself.
 * A word longer than a line keeps a line of its own.
 *
 * @example wrapText("far from the log", 8) // ["far from", "the log"]
 */
export function wrapText(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((each) => each !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
