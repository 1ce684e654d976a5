/**
 * Work of which one part must not keep the others from being done.
 *
 * @module
 */

/** Does one thing after the other, or at the same time, and keeps the first error for the end. */
export class Attempts {
  #first?: { error: unknown };

  /** Keeps an error, unless there was one before. */
  readonly fail = (error: unknown): void => {
    this.#first ??= { error };
  };

  /** Does something; an error is kept. */
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
