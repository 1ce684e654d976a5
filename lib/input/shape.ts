/**
 * Checks of data that comes from outside.
 *
 * The checks of a normal call are plain functions, since building schemas would cost a tenth of
 * it. The schemas in `explain.ts` say the same, and are asked in words what is wrong once a check
 * has failed; a property test holds the two together.
 *
 * @module
 */

import { printable } from "./printable.ts";

/** Kinds of data that come from outside; each has a check and a schema. */
export type Kind =
  | "configuration"
  | "configuration file"
  | "policy"
  | "prevResult"
  | "valid attachments";

/** Data that a check refused. What exactly is wrong with it, `explain.ts` knows. */
export class ShapeError extends Error {
  /** Tells this kind of error from others. */
  override name = "ShapeError";

  /**
   * Makes the error.
   *
   * @param kind What it should have been.
   * @param value What it was.
   * @param subject How messages call it, with the place that it came from.
   */
  constructor(readonly kind: Kind, readonly value: unknown, readonly subject: string = kind) {
    super(`${subject} is not valid`);
  }
}

/** Longest text that a message repeats whole, in characters. */
const MAX_QUOTED = 60;

/** Longest text of a server that a message repeats whole, in characters. */
export const MAX_ANSWER = 300;

/** A JSON object. */
export type Members = Readonly<Record<string, unknown>>;

/** Reports whether a value is a JSON object. */
export function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reports whether a text can stand in the database and in messages: OVSDB takes no NUL, control
 * characters would garble a terminal, and text that is not well-formed would change on its way.
 * (A regular expression for it costs far more to compile than this to run.)
 */
export function isPrintable(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;
  }
  return text.isWellFormed();
}

/** Reports whether a member is a string or absent. */
export function isOptionalString(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}

/** Reports whether a member is a string, null or absent; null means the same as absent. */
export function isNullishString(value: unknown): value is string | null | undefined {
  return value === null || isOptionalString(value);
}

/** Reports whether a member is a boolean, null or absent; null means the same as absent. */
export function isNullishBoolean(value: unknown): value is boolean | null | undefined {
  return value === undefined || value === null || typeof value === "boolean";
}

/**
 * Quotes a text for a message, shortened if it is long.
 *
 * @param text The text.
 * @param most How much of it is repeated, in characters.
 * @returns The text in double quotes, what is not printable escaped.
 */
export function quote(text: string, most = MAX_QUOTED): string {
  return printable(JSON.stringify(text.length > most ? `${text.slice(0, most)}…` : text));
}
