/**
 * Exit statuses and errors of the commands for people.
 *
 * @module
 */

/** Exit statuses. */
export const EXIT = {
  success: 0,
  /** Something is wrong with the mirrors or files that the command looked at. */
  problem: 1,
  /** Invalid usage. */
  misuse: 2,
  /** The command could not do its work. */
  failure: 3,
} as const;

/** A command can't go on. Its message is one line for a person. */
export class CommandError extends Error {
  /** Tells this kind of error from others. */
  override name = "CommandError";

  /**
   * Makes the error.
   *
   * @param message What is wrong and what to do about it.
   * @param status The exit status.
   */
  constructor(message: string, readonly status: number = EXIT.misuse) {
    super(message);
  }
}
