import { assertEquals } from "@std/assert";
import type { Members } from "../../input/shape.ts";
import { consumer, producer, type Role } from "../role.ts";
import type { Defaults } from "./config.ts";
import { readLeniently } from "./lenient.ts";

const SOCKET = "unix:/default.sock";

function read(members: Members, defaults: Defaults = {}, role: Role = producer) {
  return readLeniently(role, members, defaults, SOCKET);
}

Deno.test("readLeniently() takes a text if it is one, else the file's, else nothing", () => {
  const longest = "x".repeat(1024);
  const cases: [what: string, members: Members, defaults: Defaults, bridge?: string][] = [
    ["the network's own", { bridge: "br1" }, { bridge: "br2" }, "br1"],
    ["any case", { Bridge: "br1" }, {}, "br1"],
    ["its very name before another case", { Bridge: "br2", bridge: "br1" }, {}, "br1"],
    ["null beside another case", { Bridge: "br2", bridge: null }, {}, undefined],
    ["null in another case", { Bridge: null }, { bridge: "br2" }, "br2"],
    ["an empty one", { bridge: "" }, { bridge: "br2" }, "br2"],
    ["a number", { bridge: 1 }, { bridge: "br2" }, "br2"],
    ["the longest", { bridge: longest }, {}, longest],
    ["one too long", { bridge: `${longest}x` }, {}, undefined],
    ["one that is not printable", { bridge: "a\0" }, {}, undefined],
    ["an empty one of the file", {}, { bridge: "" }, undefined],
    ["a member of the prototype", { toString: "br1" }, {}, undefined],
  ];
  for (const [what, members, defaults, bridge] of cases) {
    assertEquals(read(members, defaults).bridge, bridge, what);
  }
});

Deno.test("readLeniently() has the usual database where none is named, and none for what is no address", () => {
  const path = (socket_file: unknown, defaults: Defaults = {}) => {
    const { endpoint } = read({ socket_file }, defaults);
    return endpoint?.transport === "unix" ? endpoint.path : endpoint;
  };
  assertEquals(path("/own.sock", { socket_file: "/file.sock" }), "/own.sock");
  assertEquals(path(null, { socket_file: "/file.sock" }), "/file.sock");
  assertEquals(path(null, { socket_file: "" }), "/default.sock");
  assertEquals(path("ssl:h:1", { socket_file: "/file.sock" }), undefined);
  assertEquals(path(null, { socket_file: "ssl:h:1" }), undefined);
});

Deno.test("readLeniently() makes of mirrors what can be made, each name once", () => {
  const mirrors = [
    { name: "m1", ingress: true },
    { Name: "m2", Egress: true, ingress: "true" },
    { name: "m1", egress: true, ingress: false },
    ...[{ name: "m3" }, { name: "" }, { name: 4, ingress: true }, "m5", null, [{ name: "m6" }]],
  ];
  assertEquals(read({ Mirrors: mirrors }).mirrors, [
    { name: "m1", columns: ["select_src_port", "select_dst_port"] },
    { name: "m2", columns: ["select_dst_port"] },
    { name: "m3", columns: [] },
  ]);
  for (const none of [undefined, null, {}, "m1"]) assertEquals(read({ mirrors: none }).mirrors, []);
  const [output] = read({ mirrors: [{ name: "m3" }] }, {}, consumer).mirrors;
  assertEquals(output, { name: "m3", columns: ["output_port"] });
  const many = Array.from({ length: 33 }, (_, index) => ({ name: `m${index}` }));
  assertEquals(read({ mirrors: many }).mirrors.map(({ name }) => name).slice(-2), ["m30", "m31"]);
});
