/**
 * Mirrors of Open vSwitch as the plugins make them: ports become sources and outputs of mirrors in
 * guarded transactions, whoever else changes the switch meanwhile.
 *
 * Permissions: those of the connection, see `@ovs-mirror/cni/ovsdb`.
 *
 * @module
 */

export type { MirrorOptions } from "../lib/mirror/config/options.ts";
export { type Reason, Refusal } from "../lib/mirror/refusal.ts";
export {
  attach,
  type AttachOptions,
  detach,
  type DetachRequest,
  type MirrorRequest,
} from "../lib/plugin/library.ts";
