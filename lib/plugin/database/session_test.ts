import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { Refusal } from "../../mirror/refusal.ts";
import { OWNER, type Snapshot } from "../../mirror/snapshot/snapshot.ts";
import { ConnectionError } from "../../ovsdb/error.ts";
import { OperationError } from "../../ovsdb/result.ts";
import { guard, type Operation } from "../../ovsdb/operation.ts";
import { untilInForce } from "../../mirror/switch/in_force.ts";
import type { Client } from "../../ovsdb/client.ts";
import { Session } from "./session.ts";
import { queryOf } from "../../../tests/model/semantics/call.ts";
import { apply, type Change } from "../../../tests/model/switch/changes.ts";
import { consumerCall, exampleSwitch, producerCall } from "../../../tests/model/switch/examples.ts";
import { build } from "../../../tests/model/switch/layout.ts";
import { MemoryDirectory } from "../../../tests/model/switch/memory.ts";
import { openSession } from "../../../tests/model/switch/session.ts";
import { add, check, del, type Step } from "../../../tests/model/switch/steps.ts";
import { mirrorsIn } from "../../../tests/model/switch/view.ts";

const QUERY = queryOf(producerCall());
const NAMES = { bridge: "br1", mirror: "m1", other: "m2", port: "p2" };
const OURS = { name: "m1", bridge: "br1", owner: OWNER };

/** A session on a switch that someone else changes before the second transaction, and later. */
function contested(layout: Parameters<typeof build>[0], ...changes: Change[]) {
  const database = build(layout);
  const opened = openSession(database, (count) => {
    const change = changes[count - 1];
    if (change) apply(database, change);
  });
  return { ...opened, mirrors: () => mirrorsIn(database.tables) };
}

Deno.test("withSnapshot() acts once on what it read if nothing stands in the way", async () => {
  const { session, transactions } = openSession(build(exampleSwitch()));
  const snapshots: Snapshot[] = [];
  await session.withSnapshot(QUERY, (snapshot) => Promise.resolve(void snapshots.push(snapshot)));
  assertEquals(snapshots.map(({ ports, details }) => [ports[0]!.name, details]), [[
    "p1",
    undefined,
  ]]);
  assertEquals(transactions.length, 1);
});

Deno.test("withSnapshot() looks again, with names, before it refuses", async () => {
  const { session, transactions } = openSession(build(exampleSwitch()));
  const details: boolean[] = [];
  const refusal = new Refusal("no port", "a", "b");
  const error = await assertRejects(() =>
    session.withSnapshot(QUERY, (snapshot) => {
      details.push(snapshot.details !== undefined);
      return Promise.reject(refusal);
    }), Refusal);
  assertStrictEquals(error, refusal);
  assertEquals([details, transactions.length], [[false, true], 2]);
});

Deno.test("withSnapshot() passes on what is no matter of the switch", async () => {
  const errors = [
    new ConnectionError("gone"),
    new TypeError("a defect"),
    new OperationError("full"),
  ];
  for (const error of errors) {
    const { session, transactions } = openSession(build(exampleSwitch()));
    const thrown = await assertRejects(() =>
      session.withSnapshot(QUERY, () => Promise.reject(error))
    );
    assertStrictEquals(thrown, error);
    assertEquals(transactions.length, 1);
  }
});

Deno.test("withSnapshot() reads again for as long as guards fail", async () => {
  const { session, transactions } = openSession(build(exampleSwitch()));
  let attempts = 0;
  await session.withSnapshot(QUERY, async () => {
    if (++attempts < 4) await session.change([guard("Mirror", [], ["gone"])]);
  });
  assertEquals([attempts, transactions.length], [4, 7]);
});

Deno.test("change() says in the database's log who did it", async () => {
  const { session, transactions } = openSession(build(exampleSwitch()));
  await session.change([]);
  await session.transact([]);
  assertEquals(transactions, [[{ op: "comment", comment: "test" }], []]);
});

Deno.test("Session closes its connection at the end of the block", () => {
  let closed = 0;
  const client = { close: () => void closed++ };
  {
    using _session = new Session(client as unknown as Client, "test");
    assertEquals(closed, 0);
  }
  assertEquals(closed, 1);
});

/** How many transactions the commands take, one after the other. */
async function countSteps(steps: readonly Step[], directory?: MemoryDirectory) {
  const database = build(exampleSwitch());
  const counts = [];
  for (const step of steps) {
    const { session, transactions } = openSession(database);
    await step(session, producerCall(), directory);
    counts.push(transactions.length);
  }
  return counts;
}

Deno.test("ADD takes two transactions, CHECK one, DEL one and one more to remove a mirror", async () => {
  const counts = await countSteps([add, add, check, del, del], new MemoryDirectory());
  assertEquals(counts, [2, 2, 1, 2, 2]);
});

Deno.test("where nothing is on record, CHECK takes two transactions and DEL four", async () => {
  assertEquals(await countSteps([add, check, del]), [2, 2, 4]);
});

Deno.test("ADD attaches to a mirror that someone else made meanwhile", async () => {
  const { session, mirrors } = contested(exampleSwitch(), { kind: "add mirror", ...NAMES });
  assertEquals(await add(session, producerCall()), undefined);
  assertEquals(mirrors(), [{ ...OURS, src: ["p1"], dst: ["p1"], output: undefined }]);
});

Deno.test("ADD attaches to a second mirror of the name that came meanwhile", async () => {
  const { session, mirrors } = contested(exampleSwitch(OURS), { kind: "add mirror", ...NAMES });
  assertEquals(await add(session, producerCall()), undefined);
  assertEquals(mirrors().map(({ src }) => src), [["p1"], ["p1"]]);
});

Deno.test("ADD refuses a mirror of which another bridge got one too meanwhile", async () => {
  const change = { kind: "add mirror", ...NAMES, bridge: "br2" } as const;
  const { session } = contested(exampleSwitch(OURS), change);
  assertEquals((await add(session, producerCall()))?.reason, "mirror elsewhere");
});

Deno.test("ADD makes a mirror that someone else removed meanwhile", async () => {
  const layout = exampleSwitch({ ...OURS, src: ["p2"] });
  const { session, mirrors } = contested(layout, { kind: "remove mirror", ...NAMES });
  assertEquals(await add(session, producerCall()), undefined);
  assertEquals(mirrors(), [{ ...OURS, src: ["p1"], dst: ["p1"], output: undefined }]);
});

Deno.test("ADD refuses an output that someone else took meanwhile", async () => {
  const layout = exampleSwitch({ ...OURS, src: ["p2"] });
  const { session, mirrors } = contested(layout, { kind: "take output", ...NAMES });
  const refusal = await add(session, consumerCall());
  assertEquals(refusal?.reason, "output taken");
  assertEquals(mirrors()[0]!.output, "p2");
});

Deno.test("ADD refuses a port that left the bridge meanwhile", async () => {
  const call = producerCall({ attachment: { netns: "", ifname: "" } });
  const change = { kind: "move port", ...NAMES, port: "p1", bridge: "br2" } as const;
  const { session, mirrors } = contested(exampleSwitch(), change);
  assertEquals((await add(session, call))?.reason, "no port");
  assertEquals(mirrors(), []);
});

Deno.test("DEL leaves a mirror that someone else attached to before it was removed", async () => {
  const layout = exampleSwitch({ ...OURS, src: ["p1"] });
  const nothing = { kind: "rename mirror", ...NAMES, mirror: "gone" } as const;
  const { session, mirrors } = contested(layout, nothing, { kind: "add source", ...NAMES });
  await del(session, producerCall());
  assertEquals(mirrors(), [{ ...OURS, src: ["p2"], dst: [], output: undefined }]);
});

Deno.test("transact() wakes the server while it waits for more than a guard", async () => {
  const woken = async (operation: Operation) => {
    let count = 0;
    const transact = (_: string, operations: readonly Operation[]) => {
      if (operations.length === 0) return Promise.resolve(void count++);
      return new Promise((resolve) => setTimeout(resolve, 50));
    };
    await new Session({ transact } as unknown as Client, "test").transact([operation]);
    return count > 0;
  };
  const waiting = untilInForce(7, 1000), guarding = guard("Mirror", [], []);
  assertEquals([await woken(waiting), await woken(guarding)], [true, false]);
  assertEquals(await woken({ op: "comment", comment: "" }), false);
});
