import { assertEquals } from "@std/assert";
import { idOf } from "../../../tests/model/database/row.ts";
import { type MirrorCall, queryOf, requestOf } from "../../../tests/model/semantics/call.ts";
import {
  consumerCall,
  exampleSwitch,
  producerCall,
  SOMEONE_ELSE,
} from "../../../tests/model/switch/examples.ts";
import { build, type MirrorLayout } from "../../../tests/model/switch/layout.ts";
import { named } from "../../../tests/model/switch/rows.ts";
import { openSession } from "../../../tests/model/switch/session.ts";
import { add } from "../../../tests/model/switch/steps.ts";
import { mirrorsIn } from "../../../tests/model/switch/view.ts";
import { isFailedGuard } from "../../ovsdb/guarded.ts";
import type { Mutation, Operation, Update } from "../../ovsdb/operation.ts";
import { operationResults } from "../../ovsdb/result.ts";
import { EMPTY, uuidSet } from "../../ovsdb/value.ts";
import { planAttach } from "./attach.ts";
import { ALL_FROM_CONSUMER, FROM_CONSUMER } from "../snapshot/external_ids.ts";
import type { MirrorOptions } from "../config/options.ts";
import { ask, OWNER } from "../snapshot/snapshot.ts";
import { columnsFor } from "../config/options.ts";
import { askSources, planOptions, rowsToCopy } from "./options.ts";
import { choose } from "./target_rows.ts";

const OURS = { name: "m1", bridge: "br1", owner: OWNER };
const THEIRS = { ...OURS, owner: SOMEONE_ELSE };
const TAKEN = { ...OURS, src: ["marked"], output: "p2" };

function asks(options?: MirrorOptions): MirrorCall {
  const [mirror] = consumerCall().mirrors;
  return consumerCall({ mirrors: [{ ...mirror!, shared: true, options }] });
}

/** Whether a plan is stopped by a guard if the mirror was changed since the database was read. */
function isStopped(mirror: MirrorLayout, call: MirrorCall, ...changes: Mutation[]): boolean {
  const database = build(exampleSwitch(mirror));
  const transact = (operations: Operation[]) =>
    operationResults(operations, database.transact(operations));
  const request = requestOf(call);
  const { operations, read } = ask({ ...queryOf(call), optionColumns: columnsFor() });
  const snapshot = read(transact(operations));
  const copied = askSources(rowsToCopy(choose(request, snapshot)));
  const sources = copied.read(transact(copied.operations));
  const plan = planAttach(request, { ...snapshot, sources }, planOptions);
  const port = uuidSet([idOf(named(database.tables.Port, "p2")[0]!)]);
  const mutations = changes.map(([column, mutator, value]): Mutation => [
    column,
    mutator,
    value === "p2" ? port : value,
  ]);
  transact([{ op: "mutate", table: "Mirror", where: [["name", "==", "m1"]], mutations }]);
  try {
    transact(plan);
    return false;
  } catch (error) {
    return isFailedGuard(error);
  }
}

const RACES: [name: string, mirror: MirrorLayout, call: MirrorCall, change: Mutation][] = [
  ["a producer", TAKEN, producerCall(), ["external_ids", "insert", ALL_FROM_CONSUMER]],
  ["options", OURS, asks({ snaplen: 64 }), ["external_ids", "insert", FROM_CONSUMER]],
  ["options", OURS, asks({ snaplen: 64 }), ["select_vlan", "insert", ["set", [7]]]],
  ["all ports", OURS, asks({ all: true }), ["select_src_port", "insert", "p2"]],
  ["a further consumer", TAKEN, asks(), ["select_src_port", "insert", "p2"]],
  ["a further consumer", TAKEN, asks(), ["select_dst_port", "insert", "p2"]],
  ["a further consumer", TAKEN, asks(), ["output_port", "delete", "p2"]],
];

for (const [name, mirror, call, change] of RACES) {
  Deno.test(`planOptions() guards ${name} against a change of ${change[0]}`, () => {
    assertEquals([isStopped(mirror, call), isStopped(mirror, call, change)], [false, true]);
  });
}

/** The refusal of an ADD, or the mirrors after it. */
async function added(mirror: MirrorLayout, call: MirrorCall) {
  const database = build(exampleSwitch(mirror));
  const refusal = await add(openSession(database).session, call);
  return refusal?.reason ?? mirrorsIn(database.tables);
}

Deno.test("planOptions() gives a further row the sources of the others, each in its column", async () => {
  const rows = await added({ ...TAKEN, dst: ["p2"] }, asks());
  const sources = { src: ["marked"], dst: ["p2"] };
  assertEquals(rows, ["p2", "p1"].map((output) => ({ ...OURS, ...sources, output })));
});

Deno.test("planOptions() refuses what can't be together, and what others decide", async () => {
  for (const [mirror, call] of [[TAKEN, asks({ all: true })], [THEIRS, asks({ snaplen: 64 })]]) {
    assertEquals(await added(mirror as MirrorLayout, call as MirrorCall), "unsuitable mirror");
  }
});

Deno.test("planOptions() leaves options of others to consumers that ask for none or the same", async () => {
  const mirror = { ...THEIRS, others: { select_vlan: ["set", [20, 10]] } as const };
  const { others: _, ...expected } = { ...mirror, src: [], dst: [], output: "p1" };
  for (const options of [undefined, { vlans: [10, 20] }]) {
    assertEquals(await added(mirror, asks(options)), [expected]);
  }
});

Deno.test("planOptions() clears a filter that a vanished consumer left", () => {
  const rowOptions = {
    ...{
      isOurs: true,
      isCopy: false,
      isShared: false,
      fromConsumer: true,
      filterFromConsumer: true,
    },
    ...{ columns: { snaplen: EMPTY }, hasSources: true },
  };
  const row = { id: "m", name: "m1", outputVlan: false, rowOptions };
  const call = requestOf(asks({ snaplen: 64 }));
  const choice = { wanted: call.mirrors[0]!, rows: [row], targets: [row], isMade: false };
  const snapshot = { mirrors: [row], ports: [], attachedPorts: [], emptyMirrors: [] };
  const [, update] = planOptions(call, { ports: [], mirrors: [choice] }, snapshot).before as [
    Operation,
    Update,
  ];
  assertEquals(update.row, { filter: EMPTY, snaplen: 64 });
});

Deno.test("planOptions() leaves what a person has set of a row of ours", async () => {
  const mirror = { ...OURS, others: { snaplen: 100 } };
  assertEquals(await added(mirror, asks({ snaplen: 64 })), "unsuitable mirror");
});
