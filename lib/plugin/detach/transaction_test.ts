import { assertEquals } from "@std/assert";
import { idOf } from "../../../tests/model/database/row.ts";
import { consumerCall, exampleSwitch } from "../../../tests/model/switch/examples.ts";
import { build, type MirrorLayout } from "../../../tests/model/switch/layout.ts";
import { MemoryDirectory } from "../../../tests/model/switch/memory.ts";
import { named } from "../../../tests/model/switch/rows.ts";
import { openSession } from "../../../tests/model/switch/session.ts";
import { add, del } from "../../../tests/model/switch/steps.ts";
import { OWNER } from "../../mirror/snapshot/snapshot.ts";
import { guard, type Operation } from "../../ovsdb/operation.ts";
import { askLeftovers, patienceOf, tidy } from "./transaction.ts";
import { consumer } from "../../mirror/role.ts";

Deno.test("DEL takes back the options of whichever mirror has some", async () => {
  const columns = ["output_port"] as const;
  const [m1, m2] = ["m1", "m2"].map((name): MirrorLayout => (
    { name, bridge: "br1", owner: OWNER, src: ["p2"] }
  ));
  for (const sized of ["m1", "m2"]) {
    const database = build(exampleSwitch(m1!, m2!));
    const directory = new MemoryDirectory();
    const mirrors = ["m1", "m2"].map((name) => ({
      ...{ name, columns: [...columns] },
      ...(name === sized && { options: { snaplen: 64 } }),
    }));
    const sizes = () =>
      [m1!, m2!].map(({ name }) => named(database.tables.Mirror, name)[0]!.snaplen!.size);
    await add(openSession(database).session, consumerCall({ mirrors }), directory);
    assertEquals(sizes(), [sized === "m1" ? 1 : 0, sized === "m2" ? 1 : 0]);
    await del(openSession(database).session, consumerCall({ mirrors }), directory);
    assertEquals(sizes(), [0, 0]);
  }
});

Deno.test("tidy() does what comes first again, unless that is what the switch kept waiting", async () => {
  const database = build(exampleSwitch());
  const rename = (name: string): Operation => (
    { op: "update", table: "Port", where: [["name", "==", "p1"]], row: { name } }
  );
  const failing = guard("Mirror", [], ["gone"]);
  const run = async (first: Operation[], found: Operation[]) => {
    const { session, transactions } = openSession(database);
    const question = { operations: [], read: () => Promise.resolve([]) };
    await tidy(session, question, first, found);
    return transactions.length;
  };
  // A removal that somebody else prevented is planned anew; what comes first is done all the same.
  assertEquals(await run([rename("q1")], [failing]), 3);
  assertEquals(named(database.tables.Port, "q1").length, 1);
  // A switch that does not answer keeps the removal from nothing.
  assertEquals(await run([failing, rename("q2")], []), 2);
  assertEquals(named(database.tables.Port, "q2").length, 0);
  assertEquals(await run([], []), 0);
});

Deno.test("askLeftovers() finds rows beside others of each name, and none that are swept anyway", async () => {
  const marks = (shared: boolean) =>
    ["map", [
      ["owner", OWNER],
      ...shared ? [["ovs-mirror-shared", "consumer"]] : [],
    ]] as never;
  const row = (name: string, shared: boolean, src: string[]): MirrorLayout => (
    { name, bridge: "br1", src, others: { external_ids: marks(shared) } }
  );
  const rows = ["a", "b"].flatMap((name) => [row(name, false, ["p2"]), row(name, true, ["p2"])]);
  const left = async (...mirrors: MirrorLayout[]) => {
    const database = build(exampleSwitch(...mirrors));
    const { session } = openSession(database);
    const detachments = [{ ports: [], mirrors: [{ name: "a" }, { name: "b" }, { id: "x" }] }];
    await tidy(session, askLeftovers(consumer, { bridges: ["br1"], detachments }));
    return ["a", "b"].map((name) => named(database.tables.Mirror, name).map(idOf).length);
  };
  assertEquals(await left(...rows), [1, 1]);
  assertEquals(await left(...rows.slice(2)), [0, 1]);
  assertEquals(await left(row("a", false, []), row("a", true, [])), [0, 0]);
  assertEquals(await left(row("a", false, ["p2"]), row("a", false, ["p2"])), [2, 0]);
});

Deno.test("patienceOf() leaves half of the time, and none where nobody waits", () => {
  const deadline = { left: 3000 };
  assertEquals([true, false].map((waits) => patienceOf({ waits, deadline })), [1500, 0]);
});
