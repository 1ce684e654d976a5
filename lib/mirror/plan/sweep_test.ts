import { assertEquals } from "@std/assert";
import { EMPTY, type Row, stringMap, uuidSet } from "../../ovsdb/value.ts";
import { OWNER } from "../snapshot/snapshot.ts";
import { askEmpty, isRemovable, sweep } from "./sweep.ts";

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

Deno.test("askEmpty() tells the empty mirrors of each bridge apart, and those of others", () => {
  const { operations, read } = askEmpty(["br1", "br2", "br3"]);
  assertEquals<unknown>(
    operations.slice(1),
    ["br1", "br2", "br3"].map((name) => ({
      op: "select",
      table: "Bridge",
      where: [["name", "==", name]],
      columns: ["_uuid", "mirrors"],
    })),
  );
  const plain = {
    select_all: false,
    select_vlan: EMPTY,
    external_ids: stringMap({}),
    output_port: EMPTY,
  };
  const mirrors = ["a", "b", "c"].map((id): Row => ({ _uuid: ["uuid", id], ...plain }));
  const bridge = (id: string, ...ids: string[]) => ({
    rows: [{ _uuid: ["uuid", id], mirrors: uuidSet(ids) } as Row],
  });
  const found = read([{ rows: mirrors }, bridge("1", "b", "x", "a"), bridge("2", "x"), {
    rows: [],
  }]);
  assertEquals(found, [{
    bridge: "1",
    mirrors: ["a", "b"].map((id) => ({ id, fromConsumer: false })),
  }]);
});

Deno.test("sweep() leaves a mirror whose output is not known to be a tunnel", () => {
  const mirror = { id: "m", fromConsumer: false };
  const removable = [{}, { output: "p" }, { output: "p", isTunnel: true as const }].map((more) =>
    isRemovable({ ...mirror, ...more })
  );
  assertEquals(removable, [true, false, true]);
  assertEquals(sweep("b", [{ ...mirror, output: "p" }]), []);
});
