/**
 * The form of an error that a runtime sees. Loaded only where there is one.
 *
 * @module
 */

import { ShapeError } from "../input/shape.ts";
import { CniCode, CniError } from "./error.ts";
import { isSupported, NEWEST_VERSION } from "./version.ts";

/** Says what is wrong with data that a check refused, and what to do. */
export type Explain = (error: ShapeError) => Promise<{ message: string; hint: string }>;

/** Output of a plugin. */
export interface Outcome {
  /** For standard output; may be empty. */
  output: string;
  /** The process's exit status. */
  exitCode: 0 | 1;
}

/**
 * Turns an error into what the runtime gets to see.
 *
 * @param error What was thrown.
 * @param version The version of the request, as far as it is known.
 * @param explain Says what is wrong with data that a check refused.
 * @returns A CNI error object and the exit status.
 */
export async function failure(
  error: unknown,
  version?: unknown,
  explain?: Explain,
): Promise<Outcome> {
  const cniVersion = isSupported(version) ? version : NEWEST_VERSION;
  return { output: (await asCniError(error, explain)).toJson(cniVersion), exitCode: 1 };
}

async function asCniError(error: unknown, explain?: Explain): Promise<CniError> {
  if (error instanceof CniError) return error;
  if (error instanceof ShapeError) {
    const { message, hint } = await explain?.(error) ??
      { message: error.message, hint: "correct it" };
    return new CniError(CniCode.invalidConfiguration, message, hint);
  }
  // Only the kind of error: a message could repeat what was read from a file.
  const name = error instanceof Error ? error.name : typeof error;
  return new CniError(CniCode.internal, `the plugin failed unexpectedly (${name})`, REPORT);
}

const REPORT = "this is a defect of the plugin, please report it with the configuration used";
