import { assertEquals } from "@std/assert";
import { consumerCall, producerCall } from "../../../tests/model/switch/examples.ts";
import { chooseTargetRows } from "./target_rows.ts";
import { parseRemoteText } from "../config/remote.ts";
import { consumer, producer } from "../role.ts";
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

Deno.test("chooseTargetRows() leaves a copy to who does not share only where no row is held", () => {
  const [wanted] = consumerCall().mirrors;
  const chosen = (...rows: MirrorState[]) =>
    chooseTargetRows(consumer, wanted!, rows, [{ id: "p", name: "p1" }]).targets.map(({ id }) =>
      id
    );
  assertEquals(chosen(row("a", true), row("b", false)), ["b"]);
  assertEquals(chosen(row("a", true), row("b", false, "q")), ["a", "b"]);
  assertEquals(chosen(row("a", false), row("b", false)), ["a", "b"]);
  assertEquals(chosen(row("a", true), row("b", false, "p")), ["b"]);
});

Deno.test("chooseTargetRows() makes a row for copies that leave where those there are keep theirs here", () => {
  const [mirror] = producerCall().mirrors;
  const remote = parseRemoteText("gre:192.0.2.10");
  const isMade = (members: object, ...rows: MirrorState[]) =>
    chooseTargetRows(producer, { ...mirror!, ...members }, rows, []).isMade;
  const vlan = { ...row("v", false), outputVlan: true };
  const leaving = (one: MirrorState) => ({
    ...one,
    rowOptions: { ...one.rowOptions!, remote: remote.text },
  });
  const cases: [rows: MirrorState[], leaves: boolean, stays: boolean][] = [
    [[], true, true],
    [[row("a", false)], false, false],
    [[row("a", false, "q")], true, false],
    [[vlan], true, false],
    [[row("a", false, "q"), row("b", false)], false, false],
    [[row("a", false, "q"), leaving(row("b", false, "t"))], false, false],
    [[row("a", false, "q"), vlan, row("b", true, "r")], true, false],
  ];
  for (const [rows, leaves, stays] of cases) {
    assertEquals([isMade({ remote }, ...rows), isMade({}, ...rows)], [leaves, stays]);
  }
});
