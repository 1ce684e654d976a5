import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import type { Insert, Wait } from "../../ovsdb/operation.ts";
import { OperationError, operationResults } from "../../ovsdb/result.ts";
import { type MirrorCall, queryOf, requestOf } from "../../../tests/model/semantics/call.ts";
import { apply, type Change } from "../../../tests/model/switch/changes.ts";
import {
  consumerCall,
  exampleSwitch,
  producerCall,
  SOMEONE_ELSE,
} from "../../../tests/model/switch/examples.ts";
import { build, type Layout, type MirrorLayout } from "../../../tests/model/switch/layout.ts";
import { openSession } from "../../../tests/model/switch/session.ts";
import { add } from "../../../tests/model/switch/steps.ts";
import { mirrorsIn } from "../../../tests/model/switch/view.ts";
import { planAttach } from "./attach.ts";
import { UnexplainedRefusal } from "./conflicts.ts";
import { explainConflict } from "./refusals.ts";
import { MAX_MIRRORS } from "../config/config.ts";
import type { Refusal } from "../refusal.ts";
import { ask, OWNER, type Snapshot } from "../snapshot/snapshot.ts";

/** The mirrors after an ADD that succeeds. */
async function added(layout: Layout, call: MirrorCall) {
  const database = build(layout);
  assertEquals(await add(openSession(database).session, call), undefined);
  return mirrorsIn(database.tables);
}

const M1 = { name: "m1", bridge: "br1", owner: OWNER, src: ["p1"], dst: ["p1"], output: undefined };

Deno.test("planAttach() makes a mirror of ours where there is none", async () => {
  assertEquals(await added(exampleSwitch(), producerCall()), [M1]);
  const output = { ...M1, src: [], dst: [], output: "p1" };
  assertEquals(await added(exampleSwitch(), consumerCall()), [output]);
});

Deno.test("planAttach() attaches to a mirror that someone else made and leaves it theirs", async () => {
  const mirror = { name: "m1", bridge: "br1", owner: SOMEONE_ELSE, src: ["p2"], output: "far" };
  assertEquals(await added(exampleSwitch(mirror), producerCall()), [
    { ...mirror, src: ["p1", "p2"], dst: ["p1"] },
  ]);
});

Deno.test("planAttach() takes several rows of one name as one mirror", async () => {
  const mirrors = [{ name: "m1", bridge: "br1" }, { name: "m1", bridge: "br1", src: ["p2"] }];
  const after = await added(exampleSwitch(...mirrors), producerCall());
  assertEquals(after.map(({ dst }) => dst), [["p1"], ["p1"]]);
});

Deno.test("planAttach() attaches all ports of prevResult that are on the bridge", async () => {
  const call = producerCall({ ports: ["p1", "p2", "far", "gone"] });
  assertEquals(await added(exampleSwitch(), call), [{
    ...M1,
    src: ["p1", "p2"],
    dst: ["p1", "p2"],
  }]);
});

Deno.test("planAttach() attaches the marked port where prevResult names none", async () => {
  for (const ports of [[], ["gone"], ["far"]]) {
    const [mirror] = await added(exampleSwitch(), producerCall({ ports }));
    assertEquals(mirror!.src, ["marked"], `${ports}`);
  }
});

Deno.test("planAttach() attaches the marked port of the bridge where another bridge has one too", async () => {
  const { ports, ...rest } = exampleSwitch();
  const layout = { ...rest, ports: [...ports, { ...ports[2]!, name: "twin", bridge: "br2" }] };
  const [mirror] = await added(layout, consumerCall({ ports: ["gone"] }));
  assertEquals(mirror!.output, "marked");
});

Deno.test("planAttach() minds no port of prevResult that is on another bridge", async () => {
  const mirror = { name: "m1", bridge: "br1", src: ["far"] };
  const [after] = await added(exampleSwitch(mirror), consumerCall({ ports: ["far"] }));
  assertEquals([after!.src, after!.output], [["far"], "marked"]);
});

Deno.test("planAttach() removes empty mirrors of ours from the bridge", async () => {
  const [ours, theirs] = [OWNER, SOMEONE_ELSE].map((owner) => ({
    name: owner,
    bridge: "br1",
    owner,
  }));
  const elsewhere = { name: "elsewhere", bridge: "br2", owner: OWNER };
  const after = await added(exampleSwitch(ours!, theirs!, elsewhere), producerCall());
  assertEquals(after.map(({ name }) => name), ["elsewhere", "m1", SOMEONE_ELSE]);
});

Deno.test("planAttach() makes room for a mirror by removing empty ones", async () => {
  const filling = { bridge: "br1", useful: MAX_MIRRORS - 1, removable: 1 };
  const after = await added({ ...exampleSwitch(), filling }, producerCall());
  assertEquals(after.length, MAX_MIRRORS);
});

const SNAPSHOT: Snapshot = {
  bridge: { id: "b", mirrors: ["m", "other"] },
  mirrors: [{ id: "m", name: "m1", outputVlan: false }],
  ports: [{ id: "p", name: "p1" }],
  attachedPorts: [],
  emptyMirrors: [],
};

Deno.test("planAttach() begins with a guard for each thing that it relies on", () => {
  const mirrors = [
    ...producerCall().mirrors,
    ...producerCall({}).mirrors.map((mirror) => ({
      ...mirror,
      name: "new",
    })),
  ];
  const plan = planAttach(producerCall({ mirrors }), SNAPSHOT);
  const first = plan.findIndex(({ op }) => op !== "wait");
  assertEquals(plan.slice(first).filter(({ op }) => op === "wait"), []);
  assertEquals(plan.slice(0, first).map((operation) => (operation as Wait).table), [
    "Bridge",
    // Of each name, which rows there are; of the row that is there, what stands in the way.
    "Mirror",
    "Mirror",
    "Mirror",
  ]);
});

const M1_OF_P2 = { name: "m1", bridge: "br1", owner: OWNER, src: ["p2"] };
const LEFTOVER = { name: "left", bridge: "br1", owner: OWNER };

/** What others may do between the plan and the change, to a switch where it was possible. */
const MEANWHILE: [MirrorLayout[], MirrorCall, Partial<Change> & Pick<Change, "kind">][] = [
  [[M1_OF_P2], consumerCall(), { kind: "mirror to VLAN" }],
  [[M1_OF_P2], consumerCall(), { kind: "take output" }],
  [[M1_OF_P2], consumerCall(), { kind: "add source", port: "p1" }],
  [[M1_OF_P2], producerCall(), { kind: "take output", port: "p1" }],
  [[M1_OF_P2], producerCall(), { kind: "remove mirror" }],
  [[M1_OF_P2], producerCall(), { kind: "move mirror", bridge: "br2" }],
  [[M1_OF_P2], producerCall(), { kind: "rename mirror" }],
  [[M1_OF_P2], producerCall(), { kind: "add mirror", bridge: "br2" }],
  [[], producerCall(), { kind: "add mirror" }],
  [[], producerCall(), { kind: "add mirror", mirror: "other" }],
  [[], producerCall(), { kind: "move port", port: "p1", bridge: "br2" }],
  [[], producerCall(), { kind: "remove port", port: "p1" }],
  [[], producerCall(), { kind: "remove bridge" }],
  [[LEFTOVER], producerCall(), { kind: "add source", mirror: "left" }],
  [[LEFTOVER], producerCall(), { kind: "take output", mirror: "left" }],
  [[LEFTOVER], producerCall(), { kind: "mirror to VLAN", mirror: "left" }],
  [[LEFTOVER], producerCall(), { kind: "disown mirror", mirror: "left" }],
];

Deno.test("planAttach() has a guard for each thing that others may do meanwhile", async (t) => {
  for (const [mirrors, call, change] of MEANWHILE) {
    await t.step(`${call.role.name}: ${JSON.stringify(change)}`, () => {
      const database = build(exampleSwitch(...mirrors));
      const { operations, read } = ask(queryOf(call));
      const snapshot = read(operationResults(operations, database.transact(operations)));
      const plan = planAttach(requestOf(call), snapshot);
      apply(database, { bridge: "br1", mirror: "m1", other: "other", port: "p2", ...change });
      const { tables } = database;
      const failed = assertThrows(() => operationResults(plan, database.transact(plan)));
      assert(failed instanceof OperationError && failed.isFailedGuard, `${failed}`);
      assertStrictEquals(database.tables, tables);
    });
  }
});

Deno.test("planAttach() never names the mirrors of a bridge that may have got more meanwhile", () => {
  const [bridge] = planAttach(producerCall(), SNAPSHOT) as [Wait];
  assertEquals(bridge.where[2], ["mirrors", "includes", ["set", [["uuid", "m"]]]]);
});

Deno.test("planAttach() makes mirrors under labels of their own", () => {
  const mirrors = ["new1", "new2"].map((name) => ({ name, columns: ["output_port" as const] }));
  const plan = planAttach(consumerCall({ mirrors }), SNAPSHOT);
  const labels = plan.filter(({ op }) => op === "insert").map((one) =>
    (one as Insert)["uuid-name"]
  );
  assertEquals(new Set(labels).size, 2);
});

/** Why an ADD is refused. */
function refused(call: ReturnType<typeof producerCall>, snapshot: Snapshot): Refusal {
  const refusal = assertThrows(() => planAttach(call, snapshot), UnexplainedRefusal);
  return explainConflict(call, refusal, snapshot);
}

Deno.test("explainConflict() says without details what is known", () => {
  const elsewhere = { ...SNAPSHOT, bridge: { id: "b", mirrors: [] } };
  const { message } = refused(producerCall(), elsewhere);
  assert(message.endsWith("a mirror of that name is on another bridge"));
});

Deno.test("planAttach() makes no room by the empty mirrors of another bridge", async () => {
  const elsewhere = { name: "elsewhere", bridge: "br2", owner: OWNER };
  const filling = { bridge: "br1", useful: MAX_MIRRORS, removable: 0 };
  const { session } = openSession(build({ ...exampleSwitch(elsewhere), filling }));
  assertEquals((await add(session, producerCall()))?.reason, "too many mirrors");
});

Deno.test("planAttach() refuses a port of several that is output of the mirror, and no other mirror's", () => {
  const [[p, q], row] = [["p", "q"].map((id) => ({ id, name: id })), SNAPSHOT.mirrors[0]!];
  const call = producerCall({ ports: ["p", "q"] });
  const why = (change: Partial<Snapshot>) => {
    const snapshot = { ...SNAPSHOT, ports: [p!, q!], ...change };
    try {
      return planAttach(call, snapshot) && "";
    } catch (error) {
      return explainConflict(call, error as UnexplainedRefusal, snapshot).message;
    }
  };
  const held = (output: string) => why({ mirrors: [{ ...row, output }] });
  const at = 'Cannot attach port "p", "q" as source to mirror "m1" on bridge "br1": ';
  const both = `${at}the port would be both source and output of it`;
  assertEquals([held("p"), held("q"), held("r")], [both, both, ""]);
  const conflict = (mirror: string, port: string) => {
    const none = { bridgeOfMirror: new Map(), bridgeOfPort: new Map(), portNames: new Map() };
    return why({ details: { ...none, conflicts: [{ mirror, port }] } });
  };
  const found = [
    conflict("m", "p"),
    conflict("m", "q"),
    conflict("m", "r"),
    conflict("other", "p"),
  ];
  assertEquals(found, [both, both, "", ""]);
});

Deno.test("explainConflict() names who holds an output, as far as that is known", () => {
  const [row] = SNAPSHOT.mirrors;
  const why = (remote?: string) => {
    const rowOptions = remote === undefined ? undefined : { remote } as never;
    const mirrors = [{ ...row!, output: "q", rowOptions }];
    const { message, holder } = refused(consumerCall(), { ...SNAPSHOT, mirrors });
    return [message.replace(/.*": /, ""), holder];
  };
  assertEquals(why(), ['its output is port "q"', "q"]);
  assertEquals(why("gre:192.0.2.1"), ["its output is the tunnel to gre:192.0.2.1", "q"]);
});
