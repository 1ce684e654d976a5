/**
 * What the documents promise in numbers and names, written out: taken from the code under test, it
 * would be as right or wrong as that.
 *
 * @module
 */

import type { PortColumn, Role } from "../../../lib/mirror/role.ts";

/** Mirrors per bridge that the switch carries. */
export const MOST_MIRRORS = 32;

/** Value of `external_ids:owner` in the mirrors that the plugins make. */
export const OURS = "ovs-cni.network.kubevirt.io";

/** What a role means for its ports and mirrors. */
export interface RolePromise {
  /** Columns of a mirror that its ports may stand in. */
  columns: readonly PortColumn[];
  /** Columns in which they may not stand too. */
  conflicting: readonly PortColumn[];
  /** Whether a mirror has one port of the role, and one alone. */
  takesOnePort: boolean;
}

/** Both roles. */
export const ROLES: Readonly<Record<Role["name"], RolePromise>> = {
  producer: {
    columns: ["select_src_port", "select_dst_port"],
    conflicting: ["output_port"],
    takesOnePort: false,
  },
  consumer: {
    columns: ["output_port"],
    conflicting: ["select_src_port", "select_dst_port"],
    takesOnePort: true,
  },
};
