import { assertEquals } from "@std/assert";
import {
  consumes,
  definition,
  feeds,
  lint,
  network,
  OVS_BR1,
  workload,
} from "../../../tests/support/cli/lint.ts";

const IPAM = { ...OVS_BR1, ipam: { type: "host-local", subnet: "10.0.0.0/24" } };
const HINT = "the port gets copies of packets, no others: talk over another network";

function findings(...objects: unknown[]): string[] {
  return lint(...objects).filter((one) => one.includes(" address:"));
}

Deno.test("address: ovs gives one to the port of a consumer", () => {
  const network = (plugin: unknown, ovs: unknown = IPAM) => definition({ plugins: [ovs, plugin] });
  assertEquals(findings(network(feeds("m"))), []);
  assertEquals(findings(network(consumes("m"), { ...IPAM, ipam: {} })), []);
  assertEquals(findings(network(consumes("m"))), [
    `1.json:8 warning address: ovs gives the port of a consumer an address; ${HINT}`,
  ]);
});

Deno.test("address: a pod asks for one on the port of a consumer", () => {
  const objects = [
    network("p", feeds("m")),
    network("c", consumes("m")),
  ];
  const asking = (name: string, key: string) =>
    workload({ kind: "Pod", networks: JSON.stringify([{ name, [key]: ["10.0.0.1"] }]) });
  assertEquals(findings(...objects, asking("p", "ips"), asking("c", "x")), []);
  assertEquals(findings(...objects, asking("c", "ips"), asking("c", "default-route")), [
    `3.json:6 warning address: a pod asks for "ips" on the port of a consumer; ${HINT}`,
    `4.json:6 warning address: a pod asks for "default-route" on the port of a consumer; ${HINT}`,
  ]);
});
