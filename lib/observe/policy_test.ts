import { assertEquals } from "@std/assert";
import { makeMirrors } from "../../tests/support/cli/show.ts";
import type { Row } from "../ovsdb/value.ts";
import { Refusal } from "../mirror/refusal.ts";
import { markRefused, type NodePolicy } from "./policy.ts";
import { NO_INTEREST, outputsOf, sourcesOf } from "./words.ts";

const ALL_OF_VLAN = { select_all: true, select_vlan: 100 };

/** A producer and a consumer of all ports of a VLAN, and a port of nobody. */
function marks(policy?: NodePolicy, pod?: string, columns: Row = ALL_OF_VLAN): string[] {
  const marks = { contNetns: "/var/run/netns/x" };
  const [mirror] = makeMirrors({
    br1: {
      ports: [{ name: "a", marks }, { name: "b", marks }, "uplink"],
      mirrors: [{ name: "m", src: ["a", "uplink"], out: "b", columns }],
    },
  });
  const sources = mirror!.sources.map((port) => port.name === "uplink" ? port : { ...port, pod });
  const [marked] = markRefused([{ ...mirror!, sources }], policy);
  const judged = { ...mirror!, ...marked, rows: marked!.rows };
  return [...sourcesOf(judged, NO_INTEREST), ...outputsOf(judged)]
    .filter(({ notes }) => notes.includes("the policy would refuse it now"))
    .map(({ name }) => name);
}

Deno.test("markRefused() marks ports of pods that a policy would refuse now", () => {
  assertEquals(marks(), []);
  assertEquals(marks({}), []);
  assertEquals(marks({ producers: [] }), ["a"]);
  assertEquals(marks({ producers: [{ namespaces: ["web"] }] }, "web/a"), []);
  assertEquals(marks({ producers: [{ namespaces: ["web"] }] }, "shop/a"), ["a"]);
  // A port without a pod on record is refused only if all are.
  assertEquals(marks({ producers: [{ namespaces: ["web"] }] }), []);
  assertEquals(marks({ consumers: [{ all: true, vlans: [100] }] }), []);
  assertEquals(marks({ consumers: [{ all: true, vlans: [200] }] }), ["b"]);
  assertEquals(marks({ consumers: [{ vlans: true }] }), ["b"]);
  assertEquals(marks({ consumers: [{ all: true }] }, undefined, { select_all: true }), []);
  assertEquals(marks({ consumers: [{ vlans: [100] }] }, undefined, {}), ["b"]);
  assertEquals(marks(new Refusal("refused by policy", "none", "x")), ["a", "b"]);
});

Deno.test("markRefused() knows whose port it is by a record alone", () => {
  const [mirror] = makeMirrors({ br1: { ports: ["c"], mirrors: [{ name: "m", src: ["c"] }] } });
  const refused = (pod?: string) => {
    const sources = mirror!.sources.map((source) => ({ ...source, pod }));
    return markRefused([{ ...mirror!, sources }], { producers: [] })[0]!.sources[0]!.refused;
  };
  assertEquals([refused("web/a") !== undefined, refused()], [true, undefined]);
});
