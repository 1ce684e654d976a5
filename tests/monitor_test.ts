import { assertEquals, assertRejects } from "@std/assert";
import { ConnectionError, DeadlineError, RequestError } from "../lib/ovsdb/error.ts";
import { Monitor, type MonitorRequest } from "../lib/ovsdb/monitor.ts";
import type { Row } from "../lib/ovsdb/value.ts";
import { Ovsdb } from "./support/ovsdb.ts";

async function open(
  { socket: path }: Ovsdb,
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

Deno.test("Monitor applies updates that overtake the first rows", async () => {
  await using db = await Ovsdb.start();
  await db.addBridges("br1");
  const names = Array.from({ length: 200 }, (_, index) => `veth${index}`);
  // Ports come and go while the monitor is set up; at the end it has to know of all of them.
  const adding = (async () => {
    for (const name of names) await db.addPorts("br1", name);
  })();
  using monitor = await open(db, [{ Port: ["name"] }, { Port: ["tag"] }]);
  await adding;
  const rows = await rowsOf(monitor, "Port", (rows) => rows.length === names.length);
  assertEquals(rows.map(({ name }) => name).sort(), names.toSorted());
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
