/**
 * A runtime with the plugins of this project, as a node has it.
 *
 * @module
 */

import { type Plugin, Runtime } from "./chain.ts";
import type { Ovsdb } from "../ovs/ovsdb.ts";
import { REAL_OVS_PLUGIN } from "../ovs/ovs_plugin.ts";
import { ovsStandIn } from "../ovs/ovs_stand_in.ts";
import { Place } from "../run/place.ts";
import { executable } from "./plugin.ts";

/**
 * Makes a runtime with the compiled executables and `ovs`.
 *
 * @param db The switch's database.
 * @param node Where the plugins run and the interfaces are made. Without it the plugins run on the
 * machine itself, and ports are rows of the database only.
 * @param namespace The namespace that pods are in.
 * @returns The runtime. The plugins keep attachments in `cache` of the database's directory.
 */
export function createRuntime(db: Ovsdb, node?: Place, namespace?: string): Runtime {
  const place = node ?? new Place();
  const ovs = node && REAL_OVS_PLUGIN ? program(REAL_OVS_PLUGIN, place) : ovsStandIn(db, node);
  return new Runtime({
    plugins: new Map([
      ["ovs", ovs],
      ["ovs-mirror-producer", program(executable("producer"), place)],
      ["ovs-mirror-consumer", program(executable("consumer"), place)],
    ]),
    namespace,
    members: { socket_file: `unix:${db.socket}` },
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      OVS_MIRROR_CACHE_DIR: `${db.directory}/cache`,
      // Without a node there is no switch that could take anything up.
      ...(!node && { OVS_MIRROR_WAIT: "0" }),
    },
  });
}

function program(path: string, place: Place): Plugin {
  return (stdin, env) => place.run(path, { stdin, env, clearEnv: true, cwd: "/" });
}
