import { assertEquals } from "@std/assert";
import { consumerCall } from "../../../tests/model/switch/examples.ts";
import { chooseTargetRows } from "./target_rows.ts";
import { consumer } from "../role.ts";
import type { MirrorState } from "../snapshot/snapshot.ts";

/** A row, whether it is a copy, and its output. */
function row(id: string, isCopy: boolean, output?: string): MirrorState {
  const rowOptions = {
    isOurs: true,
    fromConsumer: false,
    filterFromConsumer: false,
    hasSources: true,
  };
  return {
    id,
    name: "m1",
    output,
    outputVlan: false,
    rowOptions: { ...rowOptions, isShared: false, isCopy, columns: {} },
  };
}

Deno.test("chooseTargetRows() takes a consumer's own row again beside one that shares", () => {
  const rows = [row("a", false, "p"), row("b", true, "q")];
  const [wanted] = consumerCall().mirrors;
  const chosen = chooseTargetRows(consumer, wanted!, rows, [{ id: "p", name: "p1" }]);
  assertEquals([chosen.targets, chosen.isMade], [[rows[0]], false]);
});

Deno.test("chooseTargetRows() takes one row where there are copies: its own, or one that is none", () => {
  const [mirror] = consumerCall().mirrors;
  const wanted = { ...mirror!, shared: true };
  const chosen = (...rows: MirrorState[]) =>
    chooseTargetRows(consumer, wanted, rows, [{ id: "p", name: "p1" }]).targets.map(({ id }) => id);
  assertEquals(chosen(row("a", true), row("b", false)), ["b"]);
  assertEquals(chosen(row("a", false), row("b", true, "p")), ["b"]);
  assertEquals(chosen(row("a", false), row("b", false)), ["a", "b"]);
  assertEquals(chosen(row("a", true, "q"), row("b", true, "r")), []);
});
