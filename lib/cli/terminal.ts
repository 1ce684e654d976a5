/**
 * Standard output and error of the commands for people.
 *
 * @module
 */

/** Standard output and standard error, and what is known of whoever reads them. */
export interface Terminal {
  /** The program's name, which messages begin with. */
  program: string;
  /**
   * Writes to standard output.
   *
   * @param text The text, with its line ends.
   * @throws {Deno.errors.BrokenPipe} Nobody reads any more.
   * @throws {CommandError} It can't be written, because a disk is full.
   */
  write(text: string): void;
  /**
   * Writes to standard error.
   *
   * @param text The text, with its line ends.
   */
  writeError(text: string): void;
  /** True if standard output is a terminal. */
  isTerminal: boolean;
  /** True if it knows no colours and no cursor (`TERM=dumb`). */
  isDumb?: boolean;
  /** True to use colour: a terminal that knows it, and `NO_COLOR` not set. */
  color: boolean;
  /** Characters per line; 80 where there is no terminal. */
  columns: number;
  /** Lines on the screen; absent where there is no terminal. */
  rows?: number;
}

/**
 * A command for people.
 *
 * @param args The command line after the command's name.
 * @param terminal Where to print.
 * @returns The exit status.
 */
export type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;
