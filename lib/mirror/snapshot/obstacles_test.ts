import { assertEquals } from "@std/assert";
import type { Operation, Select } from "../../ovsdb/operation.ts";
import { operationResults } from "../../ovsdb/result.ts";
import type { ModelDatabase } from "../../../tests/model/database/database.ts";
import { idOf } from "../../../tests/model/database/row.ts";
import { type MirrorCall, queryOf } from "../../../tests/model/semantics/call.ts";
import { consumerCall, exampleSwitch, producerCall } from "../../../tests/model/switch/examples.ts";
import { build } from "../../../tests/model/switch/layout.ts";
import { named } from "../../../tests/model/switch/rows.ts";
import { askAgain } from "./obstacles.ts";
import { ask, type Question, type Snapshot } from "./snapshot.ts";

const SWITCH = exampleSwitch(
  { name: "m1", bridge: "br1", src: ["p1"], output: "far" },
  { name: "m2", bridge: "br2", src: ["p2"] },
);

function read(database: ModelDatabase, { operations, read }: Question): Snapshot {
  return read(operationResults(operations, database.transact(operations)));
}

/** What a second look tells, and the identifier of a row by its name. */
function look(call: MirrorCall) {
  const database = build(SWITCH);
  const question = askAgain(queryOf(call), read(database, ask(queryOf(call))));
  const id = (table: "Port" | "Mirror", name: string) =>
    idOf(named(database.tables[table], name)[0]!);
  return { snapshot: read(database, question), operations: question.operations, id };
}

const call = producerCall({
  ports: ["p1", "far"],
  mirrors: [{ name: "m1", columns: [] }, { name: "m2", columns: [] }],
});

Deno.test("askAgain() tells the bridges of mirrors and ports", () => {
  const { snapshot: { details }, id } = look(call);
  assertEquals(
    details!.bridgeOfMirror,
    new Map([[id("Mirror", "m1"), "br1"], [id("Mirror", "m2"), "br2"]]),
  );
  assertEquals(details!.bridgeOfPort.get(id("Port", "p1")), "br1");
  assertEquals(details!.bridgeOfPort.get(id("Port", "far")), "br2");
});

Deno.test("askAgain() tells the names of outputs", () => {
  const { snapshot: { details }, id } = look(call);
  assertEquals(details!.portNames, new Map([[id("Port", "far"), "far"]]));
});

Deno.test("askAgain() reads again what ask() reads, and the port by its marks too", () => {
  const { snapshot, id } = look(call);
  assertEquals(snapshot.ports.map(({ name }) => name), ["p1", "far"]);
  assertEquals(snapshot.attachedPorts.map((port) => port.id), [id("Port", "marked")]);
});

Deno.test("askAgain() asks about membership, never for the members", () => {
  const large = ["ports", "select_src_port", "select_dst_port"];
  const { operations } = look(consumerCall());
  const columns = (operation: Operation) => (operation as Select).columns!;
  assertEquals(operations.flatMap(columns).filter((column) => large.includes(column)), []);
});
