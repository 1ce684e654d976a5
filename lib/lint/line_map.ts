/**
 * Line numbers of the parts of a text.
 *
 * @module
 */

/** Maps offsets in a text to lines of the file. */
export class LineMap {
  readonly #offsets: number[] = [];
  readonly #lines: number[] = [];

  /** The map of a text that is a whole file, or that goes on to the end of a line of it. */
  static ofFile(text: string, line = 1): LineMap {
    const map = LineMap.ofLine(line);
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
      map.add(at + 1, ++line);
    }
    return map;
  }

  /** The map of a text on one line. */
  static ofLine(line: number): LineMap {
    const map = new LineMap();
    map.add(0, line);
    return map;
  }

  /**
   * Says where what follows comes from.
   *
   * @param offset Where it begins in the text; not before what was added last.
   */
  add(offset: number, line: number): void {
    this.#offsets.push(offset);
    this.#lines.push(line);
  }

  /** Finds the line of a character. */
  at(offset: number): number {
    let low = 0;
    let high = this.#offsets.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#offsets[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return this.#lines[low] ?? 1;
  }
}
