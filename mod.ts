/**
 * The parts of the plugins, for other programs: an OVSDB client, the plan of mirrors and the frame
 * of a CNI plugin.
 *
 * @module
 */

export * from "./lib/ovsdb/client.ts";
export * from "./lib/ovsdb/endpoint.ts";
export * from "./lib/ovsdb/error.ts";
export * from "./lib/ovsdb/guarded.ts";
export * from "./lib/ovsdb/monitor.ts";
export * from "./lib/ovsdb/operation.ts";
export * from "./lib/ovsdb/result.ts";
export * from "./lib/ovsdb/value.ts";
export * from "./lib/mirror/attach.ts";
export * from "./lib/mirror/check.ts";
export * from "./lib/mirror/config.ts";
export * from "./lib/mirror/conflicts.ts";
export * from "./lib/mirror/details.ts";
export * from "./lib/mirror/ports.ts";
export * from "./lib/mirror/detach.ts";
export * from "./lib/mirror/refusal.ts";
export * from "./lib/mirror/request.ts";
export * from "./lib/mirror/role.ts";
export * from "./lib/mirror/snapshot.ts";
export * from "./lib/mirror/sweep.ts";
export * from "./lib/cni/environment.ts";
export * from "./lib/cni/error.ts";
export * from "./lib/cni/request.ts";
export * from "./lib/cni/result.ts";
export * from "./lib/cni/skel.ts";
export * from "./lib/cni/version.ts";
export type { Members } from "./lib/input/shape.ts";
