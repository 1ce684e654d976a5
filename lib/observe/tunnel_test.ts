import { assertEquals } from "@std/assert";
import { stringMap } from "../ovsdb/value.ts";
import { makeMirrors } from "../../tests/support/cli/show.ts";
import { judge } from "./verdict.ts";
import { neededMtu, notesOn, tunnelName } from "./tunnel.ts";
import { outputsOf } from "./words.ts";

const REMOTE = "erspan:192.0.2.10,key=7";

/** A mirror of a source with an MTU of 1500 whose copies leave the node. */
function leaving(status: Record<string, string>, columns = {}) {
  const tunnel = { status: stringMap(status), statistics: ["map", [["tx_packets", 5]]] } as const;
  const [mirror] = judge(makeMirrors({
    br1: {
      ports: [
        { name: "p", interfaces: [{ mtu: 1500, link_state: "up" }] },
        { name: "mir-x", marks: { "ovs-mirror-remote": REMOTE }, interfaces: [tunnel] },
      ],
      mirrors: [{ name: "m", src: ["p"], out: "mir-x", carried: [1, 1], columns }],
    },
  }));
  return mirror!;
}

Deno.test("a tunnel is named by its far end, with its carrier and what was sent into it", () => {
  const [output] = outputsOf(
    leaving({ tunnel_egress_iface: "eth0", tunnel_egress_iface_carrier: "down" }),
  );
  assertEquals(output!.name, "erspan 192.0.2.10 key 7");
  const notes = ["through eth0", "no carrier", "5 packets sent", "arrival unknown"];
  assertEquals(output!.notes.slice(-4), notes);
  assertEquals(notesOn({ remote: REMOTE }), ["no route known", "arrival unknown"]);
  assertEquals(tunnelName({ remote: "vxlan:2001:db8::1,key=5" }), "vxlan 2001:db8::1 key 5");
});

Deno.test("full-sized copies need a larger MTU, which cutting them avoids", () => {
  const words = (columns = {}) => leaving({ tunnel_egress_iface: "eth0" }, columns).verdict.words;
  assertEquals(words(), ["has carried", "the tunnel needs an MTU of 1550, or snaplen"]);
  assertEquals(words({ snaplen: 256 }), ["has carried"]);
});

Deno.test("neededMtu() knows the headers of each type", () => {
  const types: [remote: string, needed: number][] = [
    ["gre:192.0.2.10", 1538],
    ["gre:192.0.2.10,key=1", 1542],
    ["erspan:192.0.2.10", 1550],
    ["erspan:192.0.2.10,version=2", 1554],
    ["vxlan:192.0.2.10,key=1", 1550],
    ["geneve:2001:db8::10", 1570],
  ];
  for (const [remote, needed] of types) assertEquals(neededMtu({ remote }, 1500), needed, remote);
  assertEquals(neededMtu({ remote: REMOTE }, 1450), undefined);
  assertEquals(neededMtu({ remote: REMOTE }, 9000, 1464), undefined);
});
