/**
 * Text from outside, made fit for messages.
 *
 * @module
 */

/** Control characters, marks that turn the direction of writing, and what has no glyph. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;
const UNPRINTABLE_IN_LINES = /(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu;

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
