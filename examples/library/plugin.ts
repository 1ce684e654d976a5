/**
 * A CNI plugin that writes a container's id into its switch ports, as `external_ids:container`.
 * It stands after `ovs` in a network's list of plugins; the ports that it marks go with the pod.
 *
 * `deno run --allow-read --allow-write --allow-net --allow-env=CNI_COMMAND,CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_ARGS plugin.ts`,
 * or `deno compile` with the same permissions, as a runtime starts executables only.
 *
 * @module
 */

import { CniError, runPlugin } from "@ovs-mirror/cni/cni";
import { Client, parseEndpoint, selectedRows, stringMap } from "@ovs-mirror/cni/ovsdb";

const DATABASE = "Open_vSwitch";

/** The specification leaves codes from 100 on to plugins. */
const NOT_MARKED = 100;

await runPlugin(async ({ command, attachment, configuration }, signal) => {
  if (command !== "ADD" && command !== "CHECK") return;
  const { members: { socket_file = "unix:/var/run/openvswitch/db.sock" }, prevResult } =
    configuration;
  const marks = stringMap({ container: attachment.containerId });
  using client = await Client.connect(parseEndpoint(String(socket_file)), { signal });
  for (const { name } of prevResult!.interfaces.filter(({ sandbox }) => !sandbox)) {
    if (command === "ADD") {
      const mutations = [["external_ids", "insert", marks]] as const;
      await client.transact(DATABASE, [
        { op: "mutate", table: "Port", where: [["name", "==", name]], mutations },
      ]);
    } else {
      const [found] = await client.transact(DATABASE, [{
        op: "select",
        table: "Port",
        where: [["name", "==", name], ["external_ids", "includes", marks]],
      }]);
      if (selectedRows(found).length > 0) continue;
      throw new CniError(
        NOT_MARKED,
        `port ${name} is not marked`,
        "delete the pod and make it anew",
      );
    }
  }
}, { needsPrevResult: true });
