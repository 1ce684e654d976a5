/**
 * The plugins' own error codes: from 100 on, as the CNI specification demands. docs/REFERENCE.md
 * and docs/ERRORS.md list them; a test compares.
 *
 * @module
 */

import { CniCode } from "../cni/error.ts";
import type { Reason } from "../mirror/refusal.ts";

/** The subjects of errors, with their codes. */
export const CODES = {
  "no port": 100,
  "no bridge": 101,
  "mirror elsewhere": 102,
  "output taken": 103,
  "unsuitable mirror": 104,
  "too many mirrors": 105,
  "not attached": 106,
  "refused by server": 107,
  "not ovsdb": 108,
  "port not opened": 109,
  "refused by policy": 110,
  "internal": CniCode.internal,
} as const;

/**
 * The code of a refusal.
 *
 * @param reason Why something can't be done.
 * @returns One of the plugins' own codes, or of the specification's.
 */
export function codeOf(reason: Reason): number {
  if (reason === "invalid configuration") return CniCode.invalidConfiguration;
  if (reason === "not in force") return CniCode.tryAgainLater;
  return CODES[reason];
}
