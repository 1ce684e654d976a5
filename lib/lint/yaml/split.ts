/**
 * Pieces of a long document that can be read one after the other: the items of a Kubernetes List.
 * All at once would take fifty times the memory of the text.
 *
 * @module
 */

/** Longest document that is read at once, in characters. */
const MAX_LENGTH = 200_000;

/** A part of a document. */
export interface Piece {
  text: string;
  /** The line of the file that it begins in. */
  line: number;
  /** True for an item of the list. */
  isItem: boolean;
}

/** The list's name, and the dash before its first item. */
const ITEMS = /^items:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*( *)- /m;

/**
 * Takes a document apart.
 *
 * @returns What stands before the list, its items, and what stands behind it.
 */
export function piecesOf(text: string, line: number): Piece[] {
  const first = text.length > MAX_LENGTH ? ITEMS.exec(text) : null;
  if (!first) return [{ text, line, isItem: false }];
  // Within an item, all is indented further than its dash, as long as it is YAML.
  const begins = new RegExp(`^(?:${first[1]}(-)| {0,${first[1]!.length}}[^\\s#-])`, "gm");
  const pieces: Piece[] = [];
  let [start, isItem] = [0, false];
  const end = (index: number, isNextItem: boolean) => {
    const piece = text.slice(start, index);
    pieces.push({ text: piece, line, isItem });
    line += countLines(piece);
    [start, isItem] = [index, isNextItem];
  };
  begins.lastIndex = first.index + first[0].length - 2 - first[1]!.length;
  for (let found = begins.exec(text); found; found = begins.exec(text)) {
    end(found.index, found[1] !== undefined);
    if (!isItem) break;
  }
  end(text.length, false);
  return pieces;
}

/**
 * Counts line ends.
 *
 * @param text A text; lines end with a line feed.
 */
export function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
