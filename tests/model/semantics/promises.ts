/**
 * What the documents promise in numbers and names, written out: taken from the code under test, it
 * would be as right or wrong as that.
 *
 * @module
 */

import type { Reason } from "../../../lib/mirror/refusal.ts";
import type { PortColumn, Role } from "../../../lib/mirror/role.ts";

/** Mirrors per bridge that the switch carries. */
export const MOST_MIRRORS = 32;

/** Value of `external_ids:owner` in the mirrors that the plugins make. */
export const OURS = "ovs-cni.network.kubevirt.io";

/** The codes of errors that say why the switch does not allow something. */
export const CODES: Readonly<Partial<Record<Reason, number>>> = {
  "no port": 100,
  "no bridge": 101,
  "mirror elsewhere": 102,
  "output taken": 103,
  "unsuitable mirror": 104,
  "too many mirrors": 105,
  "not attached": 106,
};

/** What a role means for its ports and mirrors. */
export interface RolePromise {
  /** Columns of a mirror that its ports may stand in. */
  columns: readonly PortColumn[];
  /** Columns in which they may not stand too. */
  conflicting: readonly PortColumn[];
  /** Whether a mirror has one port of the role, and one alone. */
  takesOnePort: boolean;
  /** What the names of its records end with. */
  suffix: "prod" | "cons";
}

/** Both roles. */
export const ROLES: Readonly<Record<Role["name"], RolePromise>> = {
  producer: {
    columns: ["select_src_port", "select_dst_port"],
    conflicting: ["output_port"],
    takesOnePort: false,
    suffix: "prod",
  },
  consumer: {
    columns: ["output_port"],
    conflicting: ["select_src_port", "select_dst_port"],
    takesOnePort: true,
    suffix: "cons",
  },
};
