/**
 * When the time for a call is over.
 *
 * @module
 */

/** The end of a call's time, as a signal and as a number. */
export class Deadline {
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
  readonly #end: number;

  /**
   * @param milliseconds How much time there is from now on.
   * @param signal Aborted then.
   */
  constructor(milliseconds: number, signal = AbortSignal.timeout(milliseconds)) {
    this.signal = signal;
    this.#end = performance.now() + milliseconds;
  }

  /** How much time is left, in milliseconds. */
  get left(): number {
    return Math.max(0, this.#end - performance.now());
  }
}
