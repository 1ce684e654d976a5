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
 * @returns The list; nothing if the runtime gave none.
 * @throws {ShapeError} It is ill-formed.
 */
export function parseValidAttachments(members: Members): ValidAttachment[] | undefined {
  const value = members[MEMBER];
  // A list without elements is null where a runtime in Go never made one.
  if (value === null) return [];
  if (value === undefined || areValidAttachments(value)) return value;
  throw new ShapeError("valid attachments", value, `"${MEMBER}"`);
}

/** Whether a value is a list of attachments. */
export function areValidAttachments(value: unknown): value is ValidAttachment[] {
  return Array.isArray(value) &&
    value.every((one) =>
      isObject(one) && typeof one.containerID === "string" && typeof one.ifname === "string"
    );
}
