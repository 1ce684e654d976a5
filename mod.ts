/**
 * Traffic mirroring for Open vSwitch: what the plugins are made of, for other programs. This module
 * has all of it; each import below has one part.
 *
 * | import                  | for                                                              |
 * | ----------------------- | ---------------------------------------------------------------- |
 * | `@ovs-mirror/cni/mirror` | making ports sources and outputs of mirrors                      |
 * | `@ovs-mirror/cni/ovsdb`  | talking to OVSDB servers: transactions, guarded changes, monitors |
 * | `@ovs-mirror/cni/cni`    | writing CNI plugins                                              |
 *
 * @example Copy what `veth1` sends and receives to `veth2`.
 * ```ts
 * // deno run --allow-read --allow-write --allow-net
 * import { attach, Client, parseEndpoint } from "@ovs-mirror/cni";
 *
 * const endpoint = parseEndpoint("unix:/var/run/openvswitch/db.sock");
 * using client = await Client.connect(endpoint, { signal: AbortSignal.timeout(5_000) });
 * const [bridge, name] = ["br1", "mirror-1"];
 * const mirrors = [{ name, ingress: true, egress: true }];
 * await attach(client, { role: "producer", bridge, port: "veth1", mirrors });
 * await attach(client, { role: "consumer", bridge, port: "veth2", mirrors: [{ name }] });
 * ```
 *
 * @module
 */

export * from "./exports/cni.ts";
export * from "./exports/mirror.ts";
export * from "./exports/ovsdb.ts";
