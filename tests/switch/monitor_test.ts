import { assertEquals, assertRejects } from "@std/assert";
import { ConnectionError, DeadlineError, RequestError } from "../../lib/ovsdb/error.ts";
import { MessageSplitter } from "../../lib/ovsdb/framing.ts";
import { Monitor, type MonitorRequest } from "../../lib/ovsdb/monitor.ts";
import type { Row } from "../../lib/ovsdb/value.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";

async function open(
  { socket: path }: Pick<Ovsdb, "socket">,
  requests: readonly MonitorRequest[],
  signal?: AbortSignal,
): Promise<Monitor> {
  const options = { database: "Open_vSwitch", requests, signal };
  return await Monitor.open({ transport: "unix", path }, options);
}

/** Rows of a table, once they are as wanted. */
async function rowsOf(
  monitor: Monitor,
  table: string,
  isWanted: (rows: Row[]) => boolean,
): Promise<Row[]> {
  const rows = () => [...monitor.tables.get(table)?.values() ?? []];
  for (let version = monitor.version; !isWanted(rows());) version = await monitor.changed(version);
  return rows();
}

Deno.test("Monitor has the rows that are there, and follows what becomes of them", async () => {
  await using db = await Ovsdb.start();
  await db.addBridges("br1");
  using monitor = await open(db, [{ Bridge: ["name"], Port: ["name", "tag"] }]);
  assertEquals([...monitor.tables.get("Bridge")!.values()], [{ name: "br1" }]);
  await db.addPortRows("br1", { tag: 5 }, "veth1");
  const [added] = await rowsOf(monitor, "Port", (rows) => rows.length === 1);
  assertEquals(added, { name: "veth1", tag: 5 });
  await db.transact([{ op: "update", table: "Port", where: [], row: { tag: 6 } }]);
  await rowsOf(monitor, "Port", ([port]) => port!.tag === 6);
  await db.removePort("br1", "veth1");
  await rowsOf(monitor, "Port", (rows) => rows.length === 0);
});

Deno.test("Monitor puts the columns of several requests together", async () => {
  await using db = await Ovsdb.start();
  await db.addBridges("br1");
  await db.addMirror("br1", { name: "m1" });
  using monitor = await open(db, [{ Mirror: ["name"] }, { Mirror: ["statistics"] }]);
  const statistics = ["map", [["tx_packets", 7]]] as const;
  await db.transact([{ op: "update", table: "Mirror", where: [], row: { statistics } }]);
  const isCounted = ([row]: Row[]) =>
    JSON.stringify(row!.statistics) === JSON.stringify(statistics);
  assertEquals(await rowsOf(monitor, "Mirror", isCounted), [{ name: "m1", statistics }]);
});

/** A server that answers two requests of a monitor with messages in this order, at once. */
async function monitorAt(messages: unknown[]): Promise<Monitor> {
  const directory = await Deno.makeTempDir({ prefix: "ovs-mirror-test-" });
  const socket = `${directory}/db.sock`;
  using listener = Deno.listen({ transport: "unix", path: socket });
  try {
    const opening = open({ socket }, [{ Port: ["name"] }, { Port: ["tag"] }]);
    using connection = await listener.accept();
    const requests = new MessageSplitter(Infinity);
    const buffer = new Uint8Array(4096);
    for (let seen = 0; seen < 2;) {
      seen += requests.push(buffer.subarray(0, await connection.read(buffer) ?? 0)).length;
    }
    await connection.write(new TextEncoder().encode(messages.map(asText).join("")));
    return await opening;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function asText(message: unknown): string {
  return JSON.stringify(message);
}

Deno.test("Monitor applies updates that overtake the first rows", async (t) => {
  const rows = (rows: Record<string, unknown>) => ({ Port: rows });
  const names = { p1: { new: { name: "veth1" } }, p2: { new: { name: "veth2" } } };
  const first = { id: 0, result: rows(names), error: null };
  const tags = { p1: { new: { tag: 5 } }, p3: { new: { tag: 6 } } };
  const second = { id: 1, result: rows(tags), error: null };
  const changes = {
    p1: { old: { name: "veth1" }, new: { name: "renamed" } },
    p2: { old: { name: "veth2" } },
    p3: { new: { name: "veth3" } },
  };
  const update = { id: null, method: "update", params: [0, rows(changes)] };
  const orders = {
    "between the replies": [first, update, second],
    "behind the last one, in one piece with it": [first, second, update],
  };
  for (const [name, messages] of Object.entries(orders)) {
    await t.step(name, async () => {
      using monitor = await monitorAt(messages);
      assertEquals([...monitor.tables.get("Port")!], [
        ["p1", { name: "renamed", tag: 5 }],
        ["p3", { tag: 6, name: "veth3" }],
      ]);
    });
  }
});

Deno.test("Monitor takes the later of two updates that overtake the first rows", async () => {
  const rows = (name: string) => ({ Port: { p1: { new: { name } } } });
  const update = (name: string) => ({ id: null, method: "update", params: [0, rows(name)] });
  const replies = [0, 1].map((id) => ({ id, result: rows("first"), error: null }));
  using monitor = await monitorAt([update("older"), update("newer"), ...replies]);
  assertEquals([...monitor.tables.get("Port")!], [["p1", { name: "newer" }]]);
});

Deno.test("Monitor refuses what the server does not know", async () => {
  await using db = await Ovsdb.start();
  await assertRejects(() => open(db, [{ Bridge: ["none"] }]), RequestError);
  await assertRejects(() => open(db, [{ None: ["name"] }]), RequestError);
});

Deno.test("Monitor tells those who wait when the connection ends", async () => {
  await using db = await Ovsdb.start();
  using monitor = await open(db, [{ Bridge: ["name"] }]);
  const waiting = assertRejects(() => monitor.changed(monitor.version), ConnectionError);
  await db.stop();
  await waiting;
  await assertRejects(() => monitor.changed(monitor.version), ConnectionError);
});

Deno.test("Monitor ends by its signal", async () => {
  await using db = await Ovsdb.start();
  const controller = new AbortController();
  using monitor = await open(db, [{ Bridge: ["name"] }], controller.signal);
  const waiting = assertRejects(() => monitor.changed(monitor.version), DeadlineError);
  controller.abort();
  await waiting;
});

Deno.test("Monitor yields its rows now and after each change, until the signal", async () => {
  await using db = await Ovsdb.start();
  await db.addBridges("br1");
  const controller = new AbortController();
  using monitor = await open(db, [{ Bridge: ["name"] }], controller.signal);
  const seen: unknown[][] = [];
  for await (const tables of monitor) {
    const names = Array.from(tables.get("Bridge")!.values(), ({ name }) => name).sort();
    seen.push(names);
    if (names.length < 3) await db.addBridges(`br${names.length + 1}`);
    else controller.abort();
  }
  assertEquals(seen.at(0), ["br1"]);
  assertEquals(seen.at(-1), ["br1", "br2", "br3"]);
});

Deno.test("Monitor yields nothing more after its signal, whether it waits or not", async () => {
  await using db = await Ovsdb.start();
  await db.addBridges("br1");
  const controller = new AbortController();
  using monitor = await open(db, [{ Bridge: ["name"] }], controller.signal);
  const rows = monitor[Symbol.asyncIterator]();
  assertEquals((await rows.next()).done, false);
  const waiting = rows.next();
  controller.abort();
  assertEquals(await waiting, { done: true, value: undefined });
  assertEquals((await monitor[Symbol.asyncIterator]().next()).done, true);
});

Deno.test("Monitor throws where the connection ends without the signal", async () => {
  await using db = await Ovsdb.start();
  using monitor = await open(db, [{ Bridge: ["name"] }]);
  const rows = monitor[Symbol.asyncIterator]();
  await rows.next();
  const waiting = assertRejects(() => rows.next(), ConnectionError);
  await db.stop();
  await waiting;
});
