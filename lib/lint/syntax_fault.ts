/**
 * Syntax errors.
 *
 * @module
 */

/** YAML or JSON that can't be read. */
export class SyntaxFault extends Error {
  /** Tells this kind of error from others. */
  override name = "SyntaxFault";

  /** Makes the error. */
  constructor(readonly line: number, message: string, readonly hint: string) {
    super(message);
  }
}

/** Lists and tables within each other, at most. */
export const MAX_DEPTH = 100;

/** Makes the error of what is nested too deeply. */
export function tooDeep(line: number): SyntaxFault {
  return new SyntaxFault(line, "the YAML is nested too deeply", "is a bracket missing?");
}
