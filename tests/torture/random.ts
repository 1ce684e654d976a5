/**
 * Random choices that come out the same for the same seed.
 *
 * @module
 */

/** A generator of pseudo-random numbers, by its seed. */
export class Random {
  #state: number;

  /** @param seed Any text; each kind of test has a text of its own, so that none disturbs another. */
  constructor(seed: string) {
    this.#state = hash(seed);
  }

  /** A number from 0 up to but not including 1 (the mulberry32 generator). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to but not including a bound. */
  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  /** True with a probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of a list, which has at least one. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** Some of a list, each with a probability. */
  some<T>(list: readonly T[], probability: number): T[] {
    return list.filter(() => this.chance(probability));
  }

  /** Random bytes. */
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}

/** FNV-1a over the text's UTF-16 code units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}
