import { assertEquals } from "@std/assert";
import { stringMap } from "../../ovsdb/value.ts";
import { OWNER } from "../snapshot/snapshot.ts";
import { sweep } from "./sweep.ts";

Deno.test("sweep() has nothing to do without mirrors", () => {
  assertEquals(sweep("b", []), []);
});

Deno.test("sweep() guards each mirror, then takes all of them from the bridge", () => {
  const empty = ["set", []];
  const guards = ["m1", "m2"].map((id) => ({
    op: "wait" as const,
    table: "Mirror",
    where: [
      ["_uuid", "==", ["uuid", id]],
      ["external_ids", "includes", stringMap({ owner: OWNER })],
      ...["select_src_port", "select_dst_port", "output_vlan", "output_port"]
        .map((column) => [column, "==", empty]),
      ...(id === "m1"
        ? [["select_all", "==", false], ["select_vlan", "==", empty]]
        : [["external_ids", "includes", stringMap({ "ovs-mirror-options": "consumer" })]]),
    ],
    columns: ["_uuid"],
    until: "==",
    rows: [{ _uuid: ["uuid", id] }],
    timeout: 0,
  }));
  const references = ["set", [["uuid", "m1"], ["uuid", "m2"]]];
  assertEquals(sweep("b", [{ id: "m1", fromConsumer: false }, { id: "m2", fromConsumer: true }]), [
    ...guards,
    {
      op: "mutate",
      table: "Bridge",
      where: [["_uuid", "==", ["uuid", "b"]]],
      mutations: [["mirrors", "delete", references]],
    },
  ]);
});
