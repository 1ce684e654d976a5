/**
 * Refusals of requests that can't be carried out.
 *
 * @module
 */

import { quote } from "../input/shape.ts";

/** The kinds of refusal. */
export type Reason =
  | "invalid configuration"
  | "no port"
  | "no bridge"
  | "mirror elsewhere"
  | "output taken"
  | "unsuitable mirror"
  | "too many mirrors"
  | "not attached"
  | "port not opened"
  | "not in force"
  | "refused by policy";

/** A request that can't be carried out now; nothing was changed. */
export class Refusal extends Error {
  /** Tells this kind of error from others. */
  override name = "Refusal";

  /**
   * Makes the error.
   *
   * @param reason The kind of refusal.
   * @param message What was being done and what was wrong.
   * @param hint What to do about it.
   * @param holder Row of the port that conflicts, if there is one.
   */
  constructor(
    /** The kind of refusal. */
    readonly reason: Reason,
    message: string,
    /** The remedy. */
    readonly hint: string,
    /** Row of the port that conflicts, if there is one. */
    readonly holder?: string,
  ) {
    super(message);
  }
}

/**
 * Refuses a missing bridge.
 *
 * @param bridge Its name.
 * @returns The refusal.
 */
export function noBridge(bridge: string): Refusal {
  const hint = 'create it, or correct "bridge" in the configuration';
  return new Refusal("no bridge", `There is no bridge ${quote(bridge)} on this switch`, hint);
}
