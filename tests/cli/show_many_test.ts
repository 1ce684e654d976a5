/**
 * What `show` asks the database for in parts, or in other ways where there is much of it.
 */

import { assertEquals, assertMatch } from "@std/assert";
import type { Row } from "../../lib/ovsdb/value.ts";
import { command } from "../support/run/command.ts";
import { Ovsdb } from "../support/ovs/ovsdb.ts";

/** A database with a bridge and ports, which the switch has not looked at. */
async function start(...ports: string[]): Promise<Ovsdb> {
  await using stack = new AsyncDisposableStack();
  const db = stack.use(await Ovsdb.start());
  await db.addBridges("br1");
  await db.addPorts("br1", ...ports);
  stack.move();
  return db;
}

async function describe(db: Ovsdb, name: string, row: Row): Promise<void> {
  await db.transact([{ op: "update", table: "Interface", where: [["name", "==", name]], row }]);
}

async function shown({ socket }: Ovsdb) {
  const { stdout } = await command(["show", "--socket", socket, "--format", "json"]);
  return JSON.parse(stdout).mirrors;
}

Deno.test("show reads the sources of each mirror, however many mirrors there are", async () => {
  await using db = await start("source");
  const select_src_port = await db.port("source");
  const names = Array.from("abcdefghi");
  for (const name of names) await db.addMirror("br1", { name, select_src_port });
  const mirrors = await shown(db);
  assertEquals(
    mirrors.map(({ name, sources }: { name: string; sources: unknown[] }) => name + sources.length),
    names.map((name) => `${name}1`),
  );
});

Deno.test("show finds what is wrong with some of thousands of sources", async () => {
  const ports = Array.from({ length: 1100 }, (_, index) => `p${index}`);
  await using db = await start("out", "wide", ...ports);
  const ids = (await db.rows("Port", ["_uuid", "name"]))
    .filter(({ name }) => ports.includes(String(name)))
    .map(({ _uuid }) => _uuid as ["uuid", string]);
  const sources = { select_src_port: ["set", ids] as const };
  await db.addMirror("br1", { name: "m1", ...sources, output_port: await db.port("out") });
  await db.addMirror("br1", { name: "m2", ...sources, output_port: await db.port("wide") });
  const rows: Record<string, Row> = {
    out: { mtu: 1500 },
    wide: { mtu: 9000 },
    p1: { link_state: "down" },
    p2: { admin_state: "down" },
    p3: { ofport: -1 },
    p4: { error: "could not open network device" },
    p5: { mtu: 2000 },
  };
  for (const [name, row] of Object.entries(rows)) await describe(db, name, row);
  const [mirror, wide] = await shown(db);
  const states = mirror.sources.filter(({ state }: { state?: string }) => state)
    .map(({ name, state }: { name: string; state: string }) => `${name} ${state}`);
  assertEquals(states, ["p1 down", "p2 down", "p3 gone", "p4 gone"]);
  assertMatch(mirror.verdict.words.join(), /output MTU 1500 below the sources' 2000/);
  assertEquals(wide.verdict.words.filter((words: string) => words.includes("MTU")), []);
});
