/**
 * Lays out lines of cells: in columns as long as they fit, one below the other where they don't.
 *
 * @module
 */

import { cut, fold, width } from "../../text/text.ts";

/** A cell's style on a terminal that has colour. */
export type Style = "bold" | "dim" | "green" | "red";

/** A word or phrase of a line. */
export interface Cell {
  /** One line of visible characters. */
  text: string;
  /** Columns that it is filled up to. */
  pad?: number;
  /** True if it is filled up on the left, as numbers are. */
  right?: boolean;
  style?: Style;
}

/** A line, before it is broken where the terminal ends. */
export interface Line {
  /** Columns that are left free before it. */
  indent: number;
  cells: readonly Cell[];
}

/** Width and colours to print with. */
export interface LayoutOptions {
  columns: number;
  color: boolean;
}

/** Columns between cells, and how much further the rest of a broken line is set in. */
export const GAP = 2;

/** Longest cell that others are lined up with; one long list must not push all others away. */
const MAX_PAD = 24;

const SGR: Readonly<Record<Style, number>> = { bold: 1, dim: 2, green: 32, red: 31 };

/**
 * Measures how far cells have to be filled up so that those in the same place are lined up.
 *
 * @param rows Lines of cells.
 * @param most Columns of the longest cell that counts.
 * @returns Columns for each place.
 */
export function measure(rows: readonly (readonly Cell[])[], most = MAX_PAD): number[] {
  const places = rows.reduce((length, cells) => Math.max(length, cells.length), 0);
  return Array.from({ length: places }, (_, place) => {
    const widths = rows.map((cells) => Math.min(width(cells[place]?.text ?? ""), most));
    return widths.reduce((widest, one) => Math.max(widest, one), 0);
  });
}

/**
 * Fills cells up.
 *
 * @param cells The cells of a line; the last one stays as it is.
 * @param pads Columns for each place.
 * @returns The cells, to be laid out.
 */
export function fillUp(cells: readonly Cell[], pads: readonly number[]): Cell[] {
  return cells.map((cell, place) =>
    place < cells.length - 1 ? { ...cell, pad: pads[place] } : cell
  );
}

/** Fewest columns in which the end of a line is broken at the place where it began. */
const MIN_HANG = 16;

/**
 * Breaks the last cell of a line of columns where the terminal ends, below its own beginning.
 *
 * @param line A line whose cells are filled up.
 * @param columns Columns of the terminal.
 * @returns Lines; the same one if its last cell fits, or has too little room to be broken.
 */
export function breakLast({ indent, cells }: Line, columns: number): Line[] {
  const last = cells.at(-1)!;
  const others = cells.slice(0, -1);
  const start = others.reduce(
    (sum, { text, pad = 0 }) => sum + Math.max(width(text), pad) + GAP,
    indent,
  );
  const room = columns - start;
  if (room < MIN_HANG) return [{ indent, cells }];
  const parts = fold(last.text, room).map((text) => ({ ...last, text }));
  return parts.map((part, index) =>
    index === 0 ? { indent, cells: [...others, part] } : { indent: start, cells: [part] }
  );
}

/**
 * Prints lines.
 *
 * @param options Width, and whether to use colour.
 * @returns Text in which no line is too wide.
 */
export function layOut(lines: readonly Line[], { columns, color }: LayoutOptions): string {
  return lines.flatMap((line) => breakLine(line, Math.max(columns, 8), color))
    .map((line) => line.trimEnd() + "\n").join("");
}

function breakLine({ indent, cells }: Line, columns: number, color: boolean): string[] {
  const hang = indent + GAP;
  const lines: string[] = [];
  let line = " ".repeat(indent);
  let used = indent;
  let isEmpty = true;
  for (const piece of cells.flatMap((cell) => pieces(cell, columns - hang))) {
    // What is filled up on the left needs that room before it.
    const needed = Math.max(width(piece.text), piece.right ? piece.pad ?? 0 : 0);
    if (!isEmpty && used + piece.gap + needed > columns) {
      lines.push(line);
      line = " ".repeat(hang);
      used = hang;
      isEmpty = true;
    }
    const gap = isEmpty ? 0 : piece.gap;
    line += " ".repeat(gap) + print(piece, color);
    used += gap + Math.max(width(piece.text), piece.pad ?? 0);
    isEmpty = false;
  }
  return [...lines, line];
}

/** A cell that is wider than the terminal becomes several, a word apart. */
function pieces(cell: Cell, columns: number): (Cell & { gap: number })[] {
  if (width(cell.text) <= columns) return [{ ...cell, gap: GAP }];
  const words = cell.text.split(" ").flatMap((word) => cut(word, columns));
  return words.map((text, index) => ({ text, style: cell.style, gap: index === 0 ? GAP : 1 }));
}

function print({ text, pad = 0, right, style }: Cell, color: boolean): string {
  const space = " ".repeat(Math.max(0, pad - width(text)));
  const styled = color && style ? `\x1b[${SGR[style]}m${text}\x1b[0m` : text;
  return right ? space + styled : styled + space;
}
