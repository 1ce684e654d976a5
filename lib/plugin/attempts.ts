/**
 * Runs several tasks to the end, even if one of them fails.
 *
 * @module
 */

/** Runs tasks, one by one or concurrently, and keeps the first error for the end. */
export class Attempts {
  #first?: { error: unknown };

  /** Keeps an error, unless there was one before. */
  readonly fail = (error: unknown): void => {
    this.#first ??= { error };
  };

  /** Runs a task; its error is kept. */
  async make(doing: () => Promise<void>): Promise<void> {
    try {
      await doing();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Throws the first error, if there was one. */
  end(): void {
    if (this.#first) throw this.#first.error;
  }
}
