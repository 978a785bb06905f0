/** A word longer than this is unknown, as in BERT's own tokeniser. */
const longestWord = 100;

/** Marks, controls and everything else that BERT takes for punctuation although Unicode calls it a symbol. */
const asciiPunctuation = /[!-/:-@[-`{-~]/;
const ideographs =
  /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;

/** Turns text into rows of a vocabulary. */
export interface WordPiece {
  /** [CLS], the pieces of the text, [SEP]: at most `longest` rows in all. */
  encode(text: string, longest?: number): number[];
}

/**
 * BERT's uncased tokeniser (Devlin et al. 2019; the pieces after Schuster and Nakajima 2012). Text is cleaned,
 * lower-cased and freed of accents, and split at blanks and punctuation; each word then falls into the longest
 * pieces the vocabulary has, from its beginning on, where "##" marks a piece that goes on with a word. A word that
 * does not come out whole is one [UNK].
 *
 * @param words the vocabulary, in the order of its rows
 * @throws when [UNK], [CLS] or [SEP] is not in it.
 * @example wordPiece(["[UNK]", "[CLS]", "[SEP]", "read", "##ing"]).encode("Reading!") // [1, 3, 4, 0, 2]
 */
export function wordPiece(words: readonly string[]): WordPiece {
  const rows = new Map(words.map((word, row) => [word, row]));
  const [unknown, start, end] = ["[UNK]", "[CLS]", "[SEP]"].map((name) => {
    const row = rows.get(name);
    if (row === undefined) throw new Error(`wordPiece requires ${name} in the vocabulary, got none`);
    return row;
  }) as [number, number, number];
  return {
    encode(text, longest = 128) {
      const pieces = wordsOf(text).flatMap((word) => piecesOf(word, rows) ?? [unknown]);
      return [start, ...pieces.slice(0, longest - 2), end];
    },
  };
}

/** Words and single punctuation marks, lower case, without accents. */
function wordsOf(text: string): string[] {
  const clean = text
    .replace(/[\t\n\r]/g, " ")
    .replace(/[\p{C}\ufffd]/gu, "")
    .replace(ideographs, " $& ")
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .replace(/[\p{Lu}\p{Lt}]/gu, (letter) => letter.toLowerCase()); // letter by letter: no final sigma
  const words: string[] = [];
  for (const run of clean.split(/\p{White_Space}+/u)) {
    let word = "";
    for (const character of run) {
      if (!asciiPunctuation.test(character) && !/\p{P}/u.test(character)) word += character;
      else {
        if (word !== "") words.push(word);
        words.push(character);
        word = "";
      }
    }
    if (word !== "") words.push(word);
  }
  return words;
}

function piecesOf(word: string, rows: ReadonlyMap<string, number>): number[] | undefined {
  const letters = [...word];
  if (letters.length > longestWord) return undefined;
  const pieces: number[] = [];
  for (let from = 0; from < letters.length; ) {
    let to = letters.length;
    let row: number | undefined;
    for (; to > from && row === undefined; to--)
      row = rows.get((from > 0 ? "##" : "") + letters.slice(from, to).join(""));
    if (row === undefined) return undefined;
    pieces.push(row);
    from = to + 1;
  }
  return pieces;
}
