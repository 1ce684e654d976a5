/**
 * A text that goes over several lines.
 *
 * @module
 */

import { LineMap } from "../line_map.ts";
import type { Scalar } from "../tree.ts";

/** A text that is put together of lines. */
export class Text {
  /** The text so far. */
  value = "";
  readonly #line: number;
  readonly #lines = new LineMap();

  /** @param line The line that it begins in. */
  constructor(line: number) {
    this.#line = line;
    this.#lines.add(0, line);
  }

  /**
   * Joins a further line as YAML folds lines: one line end becomes a space, of several one less
   * remains.
   *
   * @param lineEnds How many line ends are in between.
   * @param line The further line.
   */
  fold(lineEnds: number, line: number): void {
    this.join(lineEnds === 1 ? " " : "\n".repeat(lineEnds - 1), line);
  }

  /**
   * Joins a further line.
   *
   * @param between What to put in between.
   * @param line The further line.
   */
  join(between: string, line: number): void {
    this.value += between;
    this.#lines.add(this.value.length, line);
  }

  /** The text as a value. */
  toScalar(): Scalar {
    const { value } = this;
    return { kind: "scalar", line: this.#line, value, text: value, lines: this.#lines };
  }
}
