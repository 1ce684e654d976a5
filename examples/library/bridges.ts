/**
 * Lists the bridges of a switch and their ports.
 *
 * `deno run --allow-read --allow-write --allow-net bridges.ts [SOCKET]`
 *
 * @module
 */

import {
  Client,
  parseEndpoint,
  readString,
  selectedRows,
  uuid,
  uuids,
} from "@ovs-mirror/cni/ovsdb";

const [socket = "unix:/var/run/openvswitch/db.sock"] = Deno.args;
using client = await Client.connect(parseEndpoint(socket), { signal: AbortSignal.timeout(5_000) });
const results = await client.transact("Open_vSwitch", [
  { op: "select", table: "Bridge", where: [], columns: ["name", "ports"] },
  { op: "select", table: "Port", where: [], columns: ["_uuid", "name"] },
]);
const [bridges, ports] = results.map(selectedRows);
const names = new Map(ports!.map((port) => [uuid(port._uuid), readString(port.name)]));
for (const bridge of bridges!) {
  const all = uuids(bridge.ports).map((id) => names.get(id)).sort();
  console.log(`${readString(bridge.name)}: ${all.join(", ")}`);
}
