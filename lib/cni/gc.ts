/**
 * The attachments that a runtime still knows of, as GC gets them.
 *
 * Source: CNI specification 1.1, section "GC".
 *
 * @module
 */

import { isObject, type Members, ShapeError } from "../input/shape.ts";

const MEMBER = "cni.dev/valid-attachments";

/** One attachment that is to stay. */
export interface ValidAttachment {
  containerID: string;
  ifname: string;
}

/**
 * Reads the list of attachments that are to stay.
 *
 * @param members The members of a network configuration.
 * @returns The list; `null` if that is what the runtime gave, nothing if it gave none. By the letter
 * `null` is an empty list, which a runtime in Go never made; CRI-O sends it for a network to whose
 * pods it does not credit the attachments, though they live.
 * @throws {ShapeError} It is ill-formed.
 */
export function parseValidAttachments(members: Members): ValidAttachment[] | null | undefined {
  const value = members[MEMBER];
  if (value === null || value === undefined || areValidAttachments(value)) return value;
  throw new ShapeError("valid attachments", value, `"${MEMBER}"`);
}

/** Reports whether a value is a list of attachments. */
export function areValidAttachments(value: unknown): value is ValidAttachment[] {
  return Array.isArray(value) &&
    value.every((one) =>
      isObject(one) && typeof one.containerID === "string" && typeof one.ifname === "string"
    );
}
