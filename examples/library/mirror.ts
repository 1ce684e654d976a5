/**
 * Copies what one port of a bridge sends and receives to another, or stops doing so.
 *
 * `deno run --allow-read --allow-write --allow-net mirror.ts attach|detach BRIDGE MIRROR FROM TO [SOCKET]`
 *
 * @module
 */

import { attach, detach, Refusal } from "@ovs-mirror/cni/mirror";
import { Client, OvsdbError, parseEndpoint } from "@ovs-mirror/cni/ovsdb";

const ACTIONS = { attach, detach };

const [action, bridge, name, from, to, socket = "unix:/var/run/openvswitch/db.sock"] = Deno.args;
if ((action !== "attach" && action !== "detach") || !bridge || !name || !from || !to) {
  console.error("usage: mirror.ts attach|detach BRIDGE MIRROR FROM TO [SOCKET]");
  Deno.exit(2);
}
try {
  using client = await Client.connect(parseEndpoint(socket), {
    signal: AbortSignal.timeout(5_000),
  });
  const mirrors = [{ name, ingress: true, egress: true }];
  await ACTIONS[action](client, { role: "producer", bridge, port: from, mirrors });
  await ACTIONS[action](client, { role: "consumer", bridge, port: to, mirrors: [{ name }] });
} catch (error) {
  if (!(error instanceof Refusal || error instanceof OvsdbError)) throw error;
  console.error(error instanceof Refusal ? `${error.message}; ${error.hint}` : error.message);
  Deno.exit(1);
}
