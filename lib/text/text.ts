/**
 * Text from elsewhere, made fit for a terminal.
 *
 * @module
 */

export { printable, printableLines } from "../input/printable.ts";
export { quote } from "../input/shape.ts";

/** Characters that take two columns, and such that take none, as far as names may have them. */
const WIDE =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
const ZERO_WIDTH = /\p{M}/u;

/**
 * Measures a text.
 *
 * @param text One line of visible characters.
 * @returns How many columns of a terminal it takes.
 */
export function width(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return Array.from(text, widthOf).reduce((sum, columns) => sum + columns, 0);
}

/**
 * Puts words into lines.
 *
 * @param columns How many columns a line may take; a longer word takes more.
 */
export function fold(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || width(`${last} ${word}`) > columns) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/**
 * Cuts a text into pieces.
 *
 * @param text One line of visible characters.
 * @param columns How many columns a piece may take.
 * @returns At least one piece.
 */
export function cut(text: string, columns: number): string[] {
  const pieces = [""];
  let used = 0;
  for (const character of text) {
    const more = widthOf(character);
    if (used > 0 && used + more > columns) {
      pieces.push("");
      used = 0;
    }
    pieces[pieces.length - 1] += character;
    used += more;
  }
  return pieces;
}

function widthOf(character: string): number {
  if (ZERO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
