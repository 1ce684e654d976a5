import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ShapeError } from "../../input/shape.ts";
import {
  DEFAULT_SOCKET,
  type Defaults,
  parseDefaults,
  parseMembers,
  type PluginMembers,
  refuseMisspelt,
  resolveConfiguration,
} from "./config.ts";
import { Refusal } from "../refusal.ts";
import { consumer, producer, type Role } from "../role.ts";

const MINIMAL = { bridge: "br1", mirrors: [{ name: "m1", ingress: true }] };

function refusal(members: PluginMembers, role: Role = producer, defaults: Defaults = {}): Refusal {
  const error = assertThrows(() => resolveConfiguration(role, members, defaults), Refusal);
  assertEquals(error.reason, "invalid configuration");
  return error;
}

Deno.test("parseMembers() passes over members of others", () => {
  const members = { ...MINIMAL, cniVersion: "1.0.0", vlan: 7, socket_file: "/s" };
  assertEquals(parseMembers(members), members);
});

Deno.test("parseMembers() refuses members that are missing or of the wrong type", () => {
  const mirrors = [undefined, null, [], {}, ["m1"], [null], [{}], [{ name: "" }], [{ name: 1 }]];
  const wrong = [
    ...mirrors.map((some) => ({ mirrors: some })),
    { mirrors: [{ name: "m1", ingress: "yes" }] },
    { mirrors: [{ name: "m1", egress: 1 }] },
    { bridge: 1 },
    { socket_file: 1 },
    { configuration_path: [] },
  ];
  for (const members of wrong) {
    assertThrows(
      () => parseMembers({ ...MINIMAL, ...members }),
      ShapeError,
      "the configuration is",
    );
  }
});

Deno.test("parseMembers() takes of each member of a mirror its type, and null for nothing", () => {
  const cases: [name: string, taken: unknown[], refused: unknown[]][] = [
    ...["ingress", "egress", "shared", "all"].map((
      name,
    ): [string, unknown[], unknown[]] => [name, [true, false, null, undefined], [
      1,
      "true",
      [],
      {},
    ]]),
    ["vlans", [[0], [1, 2], [4095], null], [[], 5, "1", ["1"], [1, null], [1.5], {
      length: 1,
      0: 1,
    }]],
    ["snaplen", [14, null], ["14", 14.5, [14], true]],
    ["filter", ["", "tcp", null], [5, ["tcp"], {}]],
    ["remote", [{}, null, undefined], [5, "gre:192.0.2.1", [], true]],
  ];
  const isTaken = (name: string, value: unknown) => {
    try {
      return parseMembers({ mirrors: [{ name: "m1" }, { name: "m2", [name]: value }] }) !==
        undefined;
    } catch (error) {
      if (error instanceof ShapeError) return false;
      throw error;
    }
  };
  for (const [name, taken, refused] of cases) {
    for (const value of taken) assertEquals(isTaken(name, value), true, `${name}: ${value}`);
    for (const value of refused) assertEquals(isTaken(name, value), false, `${name}: ${value}`);
  }
});

Deno.test("parseMembers() takes numbers within their bounds only", () => {
  const isTaken = (options: object) => {
    try {
      return parseMembers({ bridge: "br1", mirrors: [{ name: "m1", ...options }] }) !== undefined;
    } catch {
      return false;
    }
  };
  const snaplens = [13, 14, 65_535, 65_536].map((snaplen) => isTaken({ snaplen }));
  const vlans = [-1, 0, 4095, 4096].map((vlan) => isTaken({ vlans: [vlan] }));
  assertEquals([snaplens, vlans], [[false, true, true, false], [false, true, true, false]]);
});

Deno.test("parseDefaults() reads bridge and socket of a configuration file", () => {
  for (const value of [{}, { bridge: "br1" }, { socket_file: "/s", mirrors: 1 }]) {
    assertEquals(parseDefaults(value, "/ovs.conf"), value);
  }
});

Deno.test("parseDefaults() refuses what is not a configuration file, and names it", () => {
  for (const value of [null, [], "SECRET", { bridge: 1 }, { socket_file: false }]) {
    const error = assertThrows(() => parseDefaults(value, "/ovs.conf"), ShapeError);
    assertEquals(error.message, "the configuration file /ovs.conf is not valid");
  }
});

Deno.test("resolveConfiguration() fills what is left empty", () => {
  const configuration = {
    bridge: "br1",
    endpoint: { transport: "unix", path: DEFAULT_SOCKET.slice("unix:".length) },
    mirrors: [{ name: "m1", columns: ["select_src_port"] }],
  };
  assertEquals(resolveConfiguration(producer, MINIMAL, {}), configuration);
  const { mirrors } = MINIMAL;
  for (const own of [{ mirrors }, { mirrors, bridge: "", socket_file: "" }]) {
    const defaults = { bridge: "br1", socket_file: "tcp:h:1" };
    const endpoint = { transport: "tcp", hostname: "h", port: 1 };
    assertEquals(resolveConfiguration(producer, own, defaults), { ...configuration, endpoint });
  }
});

Deno.test("resolveConfiguration() prefers the network configuration to the file", () => {
  const members = { ...MINIMAL, socket_file: "/own" };
  const defaults = { bridge: "other", socket_file: "/other" };
  const { bridge, endpoint } = resolveConfiguration(producer, members, defaults);
  assertEquals([bridge, endpoint], ["br1", { transport: "unix", path: "/own" }]);
});

Deno.test("resolveConfiguration() takes a mirror named twice as one", () => {
  const mirrors = [
    { name: "m1", ingress: true },
    { name: "m2", egress: true },
    { name: "m1", egress: true },
    { name: "m1", ingress: true },
  ];
  assertEquals(resolveConfiguration(producer, { ...MINIMAL, mirrors }, {}).mirrors, [
    { name: "m1", columns: ["select_src_port", "select_dst_port"] },
    { name: "m2", columns: ["select_dst_port"] },
  ]);
});

Deno.test("resolveConfiguration() refuses a configuration without a bridge", () => {
  const { message, hint } = refusal({ mirrors: MINIMAL.mirrors });
  assertEquals(message, "the configuration names no bridge");
  assertStringIncludes(hint, '"bridge"');
});

Deno.test("resolveConfiguration() refuses an address that is none, without repeating it", () => {
  const { message, hint } = refusal({ ...MINIMAL, socket_file: "ssl:h:1" });
  assertEquals(message, '"socket_file" is not an address of a database');
  assertStringIncludes(hint, "ssl is not supported");
});

Deno.test("resolveConfiguration() refuses a producer's mirror without a direction", () => {
  const mirrors = [{ name: "m1", ingress: true }, { name: "m2", ingress: false }];
  const message = 'mirrors[1], "m2", mirrors no traffic of its producer';
  assertEquals(refusal({ ...MINIMAL, mirrors }).message, message);
  assertEquals(resolveConfiguration(consumer, { ...MINIMAL, mirrors }, {}).mirrors.length, 2);
});

Deno.test("resolveConfiguration() names members that may be misspelt directions", () => {
  const mirrors = [{ name: "m1", ingres: true, egres: true }];
  const { message } = refusal({ ...MINIMAL, mirrors });
  assertStringIncludes(message, 'unknown there: "ingres", "egres"');
  const one = refusal({ ...MINIMAL, mirrors: [{ name: "m1", a: 1 } as { name: string }] });
  assertEquals(one.message.split("; ")[1], 'unknown there: "a"');
  const many = { name: "m1", ...Object.fromEntries([..."abcdef"].map((name) => [name, 1])) };
  const { message: five } = refusal({ ...MINIMAL, mirrors: [many] });
  assertEquals(five.split("; ")[1], 'unknown there: "a", "b", "c", "d", "e"');
});

Deno.test("resolveConfiguration() refuses names too long to come back in a reply", () => {
  const longest = "x".repeat(1024);
  const mirrors = [{ name: longest, ingress: true }];
  assertEquals(resolveConfiguration(producer, { bridge: longest, mirrors }, {}).bridge, longest);
  const { message } = refusal({ ...MINIMAL, bridge: `${longest}x` });
  assertEquals(message, '"bridge" is longer than 1024 characters');
  const { message: ofMirror } = refusal({ mirrors: [{ name: `${longest}x` }] }, producer, MINIMAL);
  assertEquals(ofMirror, '"mirrors[0].name" is longer than 1024 characters');
});

Deno.test("resolveConfiguration() refuses names with characters that no name may have", () => {
  for (const name of ["a\0", "a\nb", "\x1b[31m", "\x7f", "\ud800"]) {
    const mirrors = [{ name, ingress: true }];
    const message = '"mirrors[0].name" holds characters that no name may have';
    assertEquals(refusal({ ...MINIMAL, mirrors }).message, message);
    const { message: ofBridge } = refusal({ ...MINIMAL, bridge: name });
    assertEquals(ofBridge, '"bridge" holds characters that no name may have');
  }
  const mirrors = [{ name: "mirör 1/€", ingress: true }];
  assertEquals(resolveConfiguration(producer, { ...MINIMAL, mirrors }, {}).mirrors.length, 1);
});

Deno.test("refuseMisspelt() names a member that is one slip away from a known one", () => {
  for (const name of ["Mirrors", "mirors", "mirrrors", "mirrots", "mirorrs"]) {
    assertThrows(() => refuseMisspelt({ [name]: [] }), Refusal, `"${name}"`);
  }
  for (const name of ["mirrors", "miors", "morrirs", "bridging"]) refuseMisspelt({ [name]: [] });
  // Two letters that are others, and two swapped ones with one more.
  for (const name of ["mirabrs", "mirorxrs", "nirrots", "nirrorx"]) refuseMisspelt({ [name]: [] });
});

Deno.test("refuseMisspelt() looks at each member of each mirror", () => {
  const names = [
    "name",
    "ingress",
    "egress",
    "all",
    "vlans",
    "snaplen",
    "filter",
    "shared",
    "remote",
  ];
  for (const name of names) {
    const mirrors = [{ name: "m1" }, { name: "m2", [`${name}x`]: 64 }];
    const { message, hint } = assertThrows(() => refuseMisspelt({ mirrors }), Refusal);
    assertEquals(
      [message, hint],
      [`the configuration has an unknown member "mirrors[1].${name}x"`, `is "${name}" meant?`],
    );
  }
});
