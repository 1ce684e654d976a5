/**
 * Text from elsewhere, made fit for a terminal.
 *
 * @module
 */

export { quote } from "../input/shape.ts";

/** Control characters, marks that turn the direction of writing, and what has no glyph. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;
const UNPRINTABLE_IN_LINES = /(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu;

/** Characters that take two columns, and such that take none, as far as names may have them. */
const WIDE =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
const ZERO_WIDTH = /\p{M}/u;

/**
 * Escapes what could harm a terminal or a reader, as JSON does.
 *
 * @param text Any text.
 * @returns One line of visible characters.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escape);
}

/**
 * Escapes what could harm a terminal or a reader, as JSON does, but for line ends.
 *
 * @param text Any text.
 * @returns Lines of visible characters.
 */
export function printableLines(text: string): string {
  return text.replace(UNPRINTABLE_IN_LINES, escape);
}

function escape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

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
