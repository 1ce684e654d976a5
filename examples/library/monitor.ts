/**
 * Says which ports a switch has, and which come and go, until it is interrupted.
 *
 * `deno run --allow-read --allow-write --allow-net monitor.ts [SOCKET]`
 *
 * @module
 */

import { Monitor, parseEndpoint, readString } from "@ovs-mirror/cni/ovsdb";

const [socket = "unix:/var/run/openvswitch/db.sock"] = Deno.args;
const interruption = new AbortController();
Deno.addSignalListener("SIGINT", () => interruption.abort());

using monitor = await Monitor.open(parseEndpoint(socket), {
  database: "Open_vSwitch",
  requests: [{ Port: ["name"] }],
  signal: interruption.signal,
});
let known = new Set<string>();
for await (const tables of monitor) {
  const now = new Set(
    Array.from(tables.get("Port")?.values() ?? [], ({ name }) => readString(name)),
  );
  for (const name of now.difference(known)) console.log(`+ ${name}`);
  for (const name of known.difference(now)) console.log(`- ${name}`);
  known = now;
}
