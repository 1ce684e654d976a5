/**
 * Times that a person names.
 *
 * @module
 */

import { quote } from "../input/shape.ts";
import { CommandError } from "./errors.ts";

const SECONDS = { s: 1, m: 60, h: 3600 };

/**
 * Reads how long something lasts: `90`, `90s`, `10m` or `2h`.
 *
 * @param option The option that has it, for messages.
 * @param most The longest that it may be, in seconds.
 * @returns Seconds, at least one.
 * @throws {CommandError} It is not such a time.
 */
export function parseDuration(option: string, text: string, most: number): number {
  const [, number, unit = "s"] = /^(\d{1,9})([smh])?$/.exec(text) ?? [];
  const seconds = Number(number) * SECONDS[unit as keyof typeof SECONDS];
  if (seconds >= 1 && seconds <= most) return seconds;
  throw new CommandError(
    `option --${option} can't be ${quote(text)}; use a time such as 90s, 10m or 2h, ` +
      `at most ${most / SECONDS.h}h`,
  );
}
