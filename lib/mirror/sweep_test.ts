import { assertEquals } from "@std/assert";
import { IS_EMPTY_AND_OURS } from "./snapshot.ts";
import { sweep } from "./sweep.ts";

Deno.test("sweep() has nothing to do without mirrors", () => {
  assertEquals(sweep("b", []), []);
});

Deno.test("sweep() guards each mirror, then takes all of them from the bridge", () => {
  const guards = ["m1", "m2"].map((id) => ({
    op: "wait" as const,
    table: "Mirror",
    where: [["_uuid", "==", ["uuid", id]], ...IS_EMPTY_AND_OURS],
    columns: ["_uuid"],
    until: "==",
    rows: [{ _uuid: ["uuid", id] }],
    timeout: 0,
  }));
  const references = ["set", [["uuid", "m1"], ["uuid", "m2"]]];
  assertEquals(sweep("b", ["m1", "m2"]), [...guards, {
    op: "mutate",
    table: "Bridge",
    where: [["_uuid", "==", ["uuid", "b"]]],
    mutations: [["mirrors", "delete", references]],
  }]);
});
