import { assertEquals, assertRejects } from "@std/assert";
import { FileError } from "../input/files.ts";
import { ShapeError } from "../input/shape.ts";
import { Refusal } from "../mirror/refusal.ts";
import { consumer, producer, type Role } from "../mirror/role.ts";
import { configure, configureLeniently, loadDefaults } from "./configuration.ts";

const WHERE = { bridge: "br1", socket_file: "/db.sock" };
const REMOTE = { type: "gre", address: "192.0.2.10" };

Deno.test("configure() reads no file where bridge and database are named, and asks before it does", async () => {
  let asked: unknown[] = [];
  const ask = (...about: unknown[]) => void asked.push(about);
  const members = { ...WHERE, mirrors: [{ name: "m1" }], configuration_path: "/nowhere" };
  const configuration = await configure(consumer, members, ask);
  assertEquals(configuration.mirrors, [{ name: "m1", columns: ["output_port"] }]);
  assertEquals(asked, [[members, configuration]]);
  // Without either it does, which nothing is allowed to do here.
  for (const name of ["bridge", "socket_file"]) {
    const less = { ...members, [name]: undefined, configuration_path: "nowhere" };
    asked = [];
    await assertRejects(() => configure(consumer, less, ask), FileError, "not an absolute path");
    assertEquals(asked, [[less]]);
  }
});

Deno.test("configure() and configureLeniently() read what takes more, of whichever mirror has it", async () => {
  const cases: [Role, object, string[]][] = [
    [consumer, {}, []],
    [consumer, { shared: true }, ["shared"]],
    [consumer, { snaplen: 64 }, ["options"]],
    [producer, { ingress: true, remote: REMOTE }, ["remote"]],
    [producer, { ingress: true, remote: null }, []],
  ];
  for (const [role, more, names] of cases) {
    const members = { ...WHERE, mirrors: [{ name: "m1", ingress: true }, { name: "m2", ...more }] };
    for (const read of [configure, configureLeniently]) {
      const { mirrors: [, second] } = await read(role, members);
      assertEquals(Object.keys(second!).slice(2), names, JSON.stringify(more));
    }
  }
});

Deno.test("configureLeniently() makes of any configuration what can be made", async () => {
  const endpoint = { transport: "unix", path: "/db.sock" };
  const [plain, nothing] = [[{ name: "m1", columns: ["output_port"] }], []];
  const cases: [what: string, object, unknown][] = [
    ["no mirrors", {}, nothing],
    ["mirrors of another type", { mirrors: 5 }, nothing],
    ["options of another type", { mirrors: [{ name: "m1", snaplen: "64" }] }, plain],
    ["options that are not valid", { mirrors: [{ name: "m1", filter: "x" }] }, plain],
    ["what another role has", { mirrors: [{ name: "m1", remote: REMOTE }] }, plain],
  ];
  for (const [what, members, mirrors] of cases) {
    const found = await configureLeniently(consumer, { ...WHERE, ...members });
    assertEquals<unknown>(found, { bridge: "br1", endpoint, mirrors }, what);
  }
  for (const mirrors of [5, [{ name: "m1", snaplen: "64" }]]) {
    await assertRejects(() => configure(consumer, { ...WHERE, mirrors }), ShapeError);
  }
  await assertRejects(() => configure(consumer, { ...WHERE, mirorrs: [] }), Refusal, "mirorrs");
});

Deno.test("loadDefaults() takes absolute paths alone", async () => {
  for (const path of ["ovs.conf", "./ovs.conf", "/a\0b", "a\0"]) {
    await assertRejects(() => loadDefaults(path), FileError, "is not an absolute path");
  }
});
