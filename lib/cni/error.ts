/**
 * Errors as the CNI protocol carries them.
 *
 * Source: CNI specification, section "Error".
 *
 * @module
 */

import { printable } from "../input/printable.ts";

/** Codes that the CNI specification reserves. */
export const CniCode = {
  incompatibleVersion: 1,
  unsupportedField: 2,
  invalidEnvironment: 4,
  ioFailure: 5,
  undecodable: 6,
  invalidConfiguration: 7,
  tryAgainLater: 11,
  notAvailable: 50,
  /** Not of the specification: a defect of the plugin. */
  internal: 199,
} as const;

/** An error that the runtime gets to see. */
export class CniError extends Error {
  /** Tells this kind of error from others. */
  override name = "CniError";

  /**
   * Makes the error.
   *
   * @param code A code of the specification, or one of the plugin's own from 100 on.
   * @param message What was being done and what was wrong.
   * @param details What to do about it.
   */
  constructor(
    /** The code. */
    readonly code: number,
    message: string,
    /** Advice: what to do about it. */
    readonly details?: string,
  ) {
    super(message);
  }

  /**
   * Writes the error as the runtime reads it, and shows it to people.
   *
   * @param cniVersion The version of the request.
   * @returns One line of JSON.
   */
  toJson(cniVersion: string): string {
    const { code, message, details } = this;
    const [msg, hint] = [message, details].map((text) => text && printable(text));
    return JSON.stringify({ cniVersion, code, msg, details: hint }) + "\n";
  }
}
