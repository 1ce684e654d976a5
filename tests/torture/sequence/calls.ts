/**
 * Steps that call a plugin.
 *
 * @module
 */

import { portsOf } from "../../model/semantics/call.ts";
import { named } from "../../model/switch/rows.ts";
import { idOf } from "../../model/database/row.ts";
import { entryOf, requestFor, type Result, type Told } from "../attachment.ts";
import { type Plugin, podOf, uidOf } from "./cast.ts";
import { callOf, configurationOf } from "./configuration.ts";
import type { Maker, PluginCall, Stage } from "./stage.ts";
import {
  judgeAdd,
  judgeCheck,
  judgeDel,
  judgeGc,
  judgeStatus,
  type Request,
  type Verdict,
} from "./verdicts.ts";

/** What a runtime passes on ADD and CHECK; the port is named more often than not. */
const RESULTS: readonly Result[] = [
  "names the port",
  "names the port",
  "names the port",
  "names no port",
  "names another port",
];

/** What GC and STATUS tell of a container. */
const NOTHING = { result: "is absent", netns: false } as const;

/** How often a configuration is edited or broken before a call, by command. */
const EDITED = { ADD: 0.1, CHECK: 0.1, DEL: 0.5, GC: 0.3, STATUS: 0.3 };

/** ADD, whether or not the port is there and the attachment is made already. */
export const add: Maker<PluginCall> = (stage) => {
  const plugin = pickPlugged(stage);
  const told = tell(stage, plugin, RESULTS, 1);
  const request = { plugin, told, configuration: configurationOf(plugin, stage, EDITED.ADD) };
  return namesOthers(stage, request) ? undefined : callFor(stage, "ADD", request, judgeAdd);
};

/** CHECK, likewise. */
export const check: Maker<PluginCall> = (stage) => {
  const { random } = stage;
  const plugin = random.chance(0.7) ? pickAdded(stage) : pickPlugged(stage);
  const told = tell(stage, plugin, RESULTS, 1);
  const configuration = configurationOf(plugin, stage, EDITED.CHECK);
  return callFor(stage, "CHECK", { plugin, told, configuration }, judgeCheck);
};

/** DEL, whatever is left of the attachment and known of it. */
export const del: Maker<PluginCall> = (stage) => {
  const { random, plugins, past } = stage;
  const one = random.pick([...plugins, ...past]);
  const plugin = random.chance(0.5) ? one : pickAdded(stage);
  const told = tell(stage, plugin, [...RESULTS, "is absent", "is absent", "is absent"], 0.6);
  const configuration = configurationOf(plugin, stage, EDITED.DEL);
  return callFor(stage, "DEL", { plugin, told, configuration }, judgeDel);
};

/** GC of one network and role, with a list of attachments that are still valid. */
export const gc: Maker<PluginCall> = (stage) => {
  const { random, plugins, past } = stage;
  const plugin = random.pick(plugins);
  // Most runtimes list what is there; some list anything.
  const valid = random.chance(0.7) ? plugins : random.some([...plugins, ...past], 0.5);
  const configuration = configurationOf(plugin, stage, EDITED.GC);
  const list = valid.map(({ container, ifname }) => ({ containerID: container, ifname }));
  configuration.members["cni.dev/valid-attachments"] = list;
  return callFor(stage, "GC", { plugin, configuration, told: NOTHING }, judgeGc(valid));
};

/** STATUS of a network. */
export const status: Maker<PluginCall> = (stage) => {
  const plugin = stage.random.pick(stage.plugins);
  const configuration = configurationOf(plugin, stage, EDITED.STATUS);
  return callFor(stage, "STATUS", { plugin, configuration, told: NOTHING }, judgeStatus);
};

/** The runtime's data for a call; Kubernetes names the pod too. */
function tell(
  { random }: Stage,
  plugin: Plugin,
  results: readonly Result[],
  netns: number,
): Told {
  const podUid = random.chance(0.6) ? uidOf(plugin) : undefined;
  return { result: random.pick(results), netns: random.chance(netns), podUid };
}

function callFor(
  { caller, world, ledger }: Stage,
  command: string,
  request: Request,
  judge: Verdict,
): PluginCall {
  const { plugin, configuration, told } = request;
  const mirrors = plugin.mirrors.map(({ name, ingress, egress }) =>
    `${name}${ingress ? "i" : ""}${egress ? "e" : ""}`
  );
  return {
    text: `${command} ${entryOf(plugin)} in ${plugin.network}, ${plugin.port} on ` +
      `${plugin.site}/${plugin.bridge}, mirrors ${mirrors.join(" ")}, prevResult ${told.result}` +
      `${told.netns ? "" : ", no netns"}${
        told.podUid ? "" : ", no pod"
      }, the configuration ${configuration.edit}`,
    command,
    call() {
      const usual = requestFor(plugin, world.place(plugin.site), command, told);
      const config = { ...usual.config, ...configuration.members };
      const isOfHost = command === "GC" || command === "STATUS";
      const env = isOfHost ? NO_CONTAINER : usual.env;
      return caller(plugin.role, { ...usual, config, env, directory: world.directory });
    },
    judge: (result) => judge(request, result, ledger),
  };
}

/** What GC and STATUS may lack. */
const NO_CONTAINER = {
  CNI_CONTAINERID: undefined,
  CNI_IFNAME: undefined,
  CNI_NETNS: undefined,
};

/** Whether a port was made for another pod: `ovs` makes a pod's own before the plugin's ADD. */
function namesOthers({ world, state }: Stage, { plugin, configuration, told }: Request): boolean {
  if (configuration.site === undefined) return false;
  const ports = portsOf(state[configuration.site]!, callOf(plugin, configuration, told));
  return [...ports].some((id) => world.madeFor.get(id) !== podOf(plugin));
}

/** Mostly one whose port is there. */
function pickPlugged({ random, plugins, world, state }: Stage): Plugin {
  const plugged = plugins.filter((plugin) =>
    named(state[plugin.site]!.Port, plugin.port).some((port) =>
      world.madeFor.get(idOf(port)) === podOf(plugin)
    )
  );
  return random.pick(plugged.length > 0 && random.chance(0.9) ? plugged : plugins);
}

/** One that was added, if there is any. */
function pickAdded({ random, plugins, past, ledger }: Stage): Plugin {
  const added = [...plugins, ...past].filter((plugin) => ledger.of(plugin).length > 0);
  return random.pick(added.length > 0 ? added : plugins);
}
