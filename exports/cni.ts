/**
 * Parts of a CNI plugin: {@linkcode runPlugin} makes one of a handler.
 *
 * Permissions: `--allow-env=CNI_COMMAND,CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_ARGS`, and what the
 * handler needs.
 *
 * Source: CNI specification 1.1; versions from 0.3.0 on are spoken.
 *
 * @module
 */

export type { PodName } from "../lib/cni/arguments.ts";
export type { Attachment, Command } from "../lib/cni/environment.ts";
export { CniCode, CniError } from "../lib/cni/error.ts";
export type { NetworkConfiguration } from "../lib/cni/request.ts";
export type { Interface, Result } from "../lib/cni/result.ts";
export type { PluginRequest } from "../lib/cni/skel.ts";
export type { CniVersion } from "../lib/cni/version.ts";
export type { Members } from "../lib/input/shape.ts";
export { type PluginHandler, type PluginOptions, runPlugin } from "../lib/plugin/runner.ts";
