/**
 * What a plugin was asked for.
 *
 * @module
 */

import type { WantedMirror } from "./config.ts";
import type { Role } from "./role.ts";

/** Ports that are to be attached to mirrors. */
export interface AttachRequest {
  /** What the ports become in the mirrors. */
  role: Role;
  /** The bridge's name. */
  bridge: string;
  /** The attachment's network namespace, if it is known. */
  netns?: string;
  /** The pod's UID, if it is known. */
  podUid?: string;
  /** The mirrors to attach to. */
  mirrors: readonly WantedMirror[];
}
