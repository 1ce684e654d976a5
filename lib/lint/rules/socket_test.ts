import { assertEquals } from "@std/assert";
import { definition, feeds, lint } from "../../../tests/support/cli/lint.ts";

type Members = Record<string, unknown>;

/** Findings about the sockets of a chain. */
function findings(plugin: Members, ovs: Members = {}): string[] {
  const plugins = [{ type: "ovs", bridge: "br1", ...ovs }, { ...feeds("m"), ...plugin }];
  return lint(definition({ plugins })).filter((one) => one.includes(" socket:"))
    .map((finding) => finding.replace(/^\S+ /, ""));
}

const PATH = `/${"x".repeat(106)}`;

const FINE: [plugin: Members, ovs?: Members][] = [
  [{}],
  [{ socket_file: "/run/openvswitch/db.sock" }],
  [{}, { socket_file: "unix:/var/run/openvswitch/db.sock" }],
  [{ socket_file: PATH }, { socket_file: `unix:${PATH}` }],
  [{ socket_file: "tcp:10.0.0.1:6640" }, { Socket_File: "tcp:10.0.0.1:6640" }],
  [{ configuration_path: "/etc/ovs.conf" }, { socket_file: "/a" }],
  [{ socket_file: "/a" }, { configuration_path: "/etc/ovs.conf" }],
];

for (const [plugin, ovs] of FINE) {
  Deno.test(`socket: ${JSON.stringify([plugin, ovs])} is fine`, () => {
    assertEquals(findings(plugin, ovs), []);
  });
}

Deno.test("socket: what can't be one", () => {
  for (const path of ["/run/openvswitch/", "unix:/run/db.sock "]) {
    assertEquals(findings({ socket_file: path }, { socket_file: path }), [
      `error socket: no socket can be at ${
        JSON.stringify(path)
      }; name the socket, mostly …/db.sock`,
    ]);
  }
  // The rule of values says what is wrong with an address.
  assertEquals(findings({ socket_file: `${PATH}x` }), []);
});

Deno.test("socket: another one than that of ovs", () => {
  const hint = "name the same in both: ports are where ovs made them";
  assertEquals(findings({ socket_file: "/a" }, { socket_file: "/b" }), [
    'warning socket: ovs-mirror-producer has socket_file "/a", ' +
    `and ovs before it has socket_file "/b"; ${hint}`,
  ]);
  assertEquals(findings({}, { socket_file: "tcp:10.0.0.1:6640" }), [
    "warning socket: ovs-mirror-producer has no socket_file, " +
    `and ovs before it has socket_file "tcp:10.0.0.1:6640"; ${hint}`,
  ]);
  assertEquals(findings({ socket_file: "/a" }), [
    'warning socket: ovs-mirror-producer has socket_file "/a", ' +
    `and ovs before it has no socket_file; ${hint}`,
  ]);
});
