import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { planAttach } from "../../lib/mirror/plan/attach.ts";
import { askWhereabouts, ownPorts, planDetach } from "../../lib/mirror/plan/detach.ts";
import { bringIntoForce, nudge, takeNudgeBack } from "../../lib/mirror/switch/in_force.ts";
import { renumber } from "../../lib/mirror/switch/renumber.ts";
import { Refusal } from "../../lib/mirror/refusal.ts";
import { ask } from "../../lib/mirror/snapshot/snapshot.ts";
import { askEmpty, sweep } from "../../lib/mirror/plan/sweep.ts";
import type { Mutation, Operation } from "../../lib/ovsdb/operation.ts";
import { operationResults } from "../../lib/ovsdb/result.ts";
import type { Row } from "../../lib/ovsdb/value.ts";
import { hold } from "../model/property.ts";
import { type MirrorCall, queryOf, requestOf } from "../model/semantics/call.ts";
import { change, changeOperations } from "../model/switch/changes.ts";
import { call, layout } from "../model/switch/generators.ts";
import { layoutOperations } from "../model/switch/layout.ts";
import { ModelTwin } from "../support/ovs/model_twin.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";

/** Carries a transaction out on both, and compares what they answered and what they hold then. */
async function transact(twin: ModelTwin, operations: readonly Operation[]): Promise<void> {
  for (const { model, real } of [await twin.transact(operations), await twin.rows()]) {
    assertEquals(model, real, JSON.stringify(operations));
  }
}

/** The transactions of an ADD, a DEL and a removal of empty mirrors, planned from the same read. */
function plans(twin: ModelTwin, call: MirrorCall): Operation[][] {
  const { operations, read } = ask(queryOf(call), true);
  const snapshot = read(operationResults(operations, twin.model.transact(operations)));
  const bridge = snapshot.bridge?.id;
  const { named, marked } = ownPorts(snapshot, [call.attachment.netns]);
  const ports = [...named, ...marked];
  return [
    operations,
    attachUnlessRefused(call, snapshot),
    planDetach(call.role, { ports, mirrors: call.mirrors.map(({ name }) => ({ name })) }),
    bringIntoForce(ports).operations,
    renumber({ number: 1, current: 5 }).operations,
    renumber({ number: 2 ** 60, current: 2 ** 60 }).operations,
    [...ports.flatMap(nudge), ...ports.map(takeNudgeBack)],
    askWhereabouts(call.role, ports, call.bridge).operations,
    askEmpty([call.bridge, "br2"]).operations,
    bridge === undefined ? [] : sweep(bridge, snapshot.emptyMirrors),
  ];
}

function attachUnlessRefused(call: MirrorCall, snapshot: Parameters<typeof planAttach>[1]) {
  try {
    return planAttach(requestOf(call), snapshot);
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}

Deno.test("ModelDatabase answers what the plugins ask as ovsdb-server does", async () => {
  await using database = await Ovsdb.start();
  const changes = fc.array(change, { maxLength: 3 });
  const property = fc.asyncProperty(layout, call, changes, async (layout, call, changes) => {
    using twin = await ModelTwin.start(database);
    await transact(twin, layoutOperations(layout));
    const planned = plans(twin, call);
    for (const change of changes) await transact(twin, changeOperations(twin.model.tables, change));
    for (const operations of planned) await transact(twin, operations);
  });
  await hold({ name: "", property }, { seed: 7047, runs: 150 });
});

/** Transactions at the edge of what the schema allows. */
function unusual(p1: string, p2: string): Operation[][] {
  const itself = { table: "Mirror", where: [["name", "==", "m1"]] } as const;
  const gone = "00000000-0000-4000-8000-00000000dead";
  const mutate = (...mutations: Mutation[]): Operation => ({ ...itself, op: "mutate", mutations });
  const update = (row: Row): Operation => ({ ...itself, op: "update", row });
  const insert = (id: string) => mutate(["output_port", "insert", ["uuid", id]]);
  const remove = (id: string) => mutate(["output_port", "delete", ["uuid", id]]);
  const wait = (until: "==" | "!=", name: string): Operation => (
    { ...itself, op: "wait", columns: ["name"], until, rows: [{ name }], timeout: 0 }
  );
  const toBridge = (row: Row): Operation => ({ op: "update", table: "Bridge", where: [], row });
  return [
    [insert(p1)],
    [insert(p2)],
    [insert(p2), remove(p1)],
    [remove(p1), insert(p2)],
    [remove(p2), insert(gone)],
    [wait("==", "m1"), wait("!=", "m2"), wait("!=", "m1"), wait("==", "m1")],
    [toBridge({ ports: ["uuid", gone] })],
    [
      { op: "insert", table: "Port", row: { name: "p1" }, "uuid-name": "twice" },
      toBridge({ ports: ["named-uuid", "twice"] }),
    ],
    [{ op: "insert", table: "Mirror", row: { name: "kept by nobody" } }],
    [{ op: "select", table: "Mirror", where: [["name", "!=", "m1"]], columns: ["name"] }],
    [update({ output_port: ["set", [["uuid", p1], ["uuid", p2]]] })],
    [update({ external_ids: ["map", [["a", "1"]]] })],
    [mutate(["external_ids", "insert", ["map", [["a", "2"], ["b", "2"]]]])],
    [mutate(["external_ids", "delete", ["map", [["a", "2"], ["b", "2"]]]])],
    [toBridge({ ports: ["set", [["uuid", p1]]] })],
    [{ op: "comment", comment: "nothing" }],
    [{ ...itself, op: "delete" }],
    [toBridge({ mirrors: ["set", []] })],
  ];
}

Deno.test("ModelDatabase refuses what ovsdb-server refuses", async () => {
  await using database = await Ovsdb.start();
  using twin = await ModelTwin.start(database);
  const ports = [{ name: "p1", bridge: "br1" }, { name: "p2", bridge: "br1" }];
  const mirrors = [{ name: "m1", bridge: "br1", output: "p1" }];
  await transact(twin, layoutOperations({ bridges: ["br1"], ports, mirrors }));
  const [p1, p2] = [...twin.model.tables.Port.keys()] as [string, string];
  for (const operations of unusual(p1, p2)) await transact(twin, operations);
});
