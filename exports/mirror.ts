/**
 * Mirrors of Open vSwitch as the plugins make them: ports become sources and outputs of mirrors in
 * guarded transactions, whoever else changes the switch meanwhile.
 *
 * Permissions: those of the connection, see `@ovs-mirror/cni/ovsdb`.
 *
 * @module
 */

export { type Reason, Refusal } from "../lib/mirror/refusal.ts";
export { attach, detach, type MirrorRequest } from "../lib/plugin/library.ts";
