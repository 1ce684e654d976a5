/**
 * Runs a handler as a CNI plugin.
 *
 * @module
 */

import { CniError } from "../cni/error.ts";
import type { PluginRequest } from "../cni/skel.ts";
import { formatResult } from "../cni/result.ts";
import type { Members } from "../input/shape.ts";
import { toCniError } from "./failure.ts";
import { carryOut, finish } from "./process.ts";

/** Options for running a plugin. */
export interface PluginOptions {
  /** True if ADD and CHECK are refused (code 7) without the result of the plugin before. */
  needsPrevResult?: boolean;
  /** Seconds for a whole call. Default: 30. */
  seconds?: number;
  /**
   * Called with an exception that the runtime is not told. Default: writes it to standard error.
   */
  onDefect?: (error: unknown) => void;
}

/**
 * Handles a request. The signal is aborted when the call's time is over.
 *
 * @returns On ADD the result, without `cniVersion`; if there is none, that of the plugin before.
 */
export type PluginHandler = (
  request: PluginRequest,
  signal: AbortSignal,
) => Promise<Members | void>;

/**
 * Carries out the call that a runtime started this process for, and ends the process: reads the
 * environment and standard input, checks them, answers VERSION, prints the result or an error.
 *
 * A `CniError` of the handler is printed as it is. An error of the database client becomes one:
 * code 11 if trying again may help, 5 if the socket may not be opened, 107 if the server refused a
 * request, 108 if it does not speak OVSDB. Anything else is a defect, code 199: the runtime is told
 * only its name, as the message may contain confidential data.
 *
 * @example Write a container's id into the switch ports of its pod, chained after `ovs`.
 * ```ts
 * // deno run --allow-read --allow-write --allow-net --allow-env=CNI_COMMAND,CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_ARGS
 * import { runPlugin } from "@ovs-mirror/cni/cni";
 * import { Client, parseEndpoint, stringMap } from "@ovs-mirror/cni/ovsdb";
 *
 * await runPlugin(async ({ command, attachment, configuration: { prevResult } }, signal) => {
 *   if (command !== "ADD") return;
 *   const endpoint = parseEndpoint("unix:/var/run/openvswitch/db.sock");
 *   using client = await Client.connect(endpoint, { signal });
 *   const ids = stringMap({ container: attachment.containerId });
 *   for (const { name, sandbox } of prevResult!.interfaces) {
 *     if (sandbox) continue;
 *     await client.transact("Open_vSwitch", [{
 *       op: "mutate",
 *       table: "Port",
 *       where: [["name", "==", name]],
 *       mutations: [["external_ids", "insert", ids]],
 *     }]);
 *   }
 * }, { needsPrevResult: true });
 * ```
 *
 * @param handle What the plugin does.
 * @param options How it is run.
 */
export async function runPlugin(
  handle: PluginHandler,
  { needsPrevResult = false, seconds = 30, onDefect = console.error }: PluginOptions = {},
): Promise<never> {
  const signal = AbortSignal.timeout(seconds * 1000);
  return finish(
    await carryOut(
      async (request) => {
        const { command, configuration: { cniVersion, prevResult } } = request;
        try {
          const members = await handle(request, signal) ?? prevResult?.members ?? {};
          return command === "ADD" ? formatResult({ interfaces: [], members }, cniVersion) : "";
        } catch (error) {
          const known = toCniError(error, command);
          if (!(known instanceof CniError)) onDefect(error);
          throw known;
        }
      },
      signal,
      needsPrevResult,
      "correct the network configuration",
    ),
  );
}
