import { assertEquals } from "@std/assert";
import { explain } from "./explain.ts";
import { type Kind, ShapeError } from "../input/shape.ts";

const DATABASE = "unix:PATH, an absolute path or tcp:HOST:PORT, without *";
const NETWORK =
  "a network such as 192.0.2.0/24 or 2001:db8::/32, without bits after its length, or an address";
const BOUND = '"mirrors[0].snaplen" must be at least 14';

Deno.test("explain() names the first member that is wrong and what it should be", () => {
  const cases: [Kind, unknown, string][] = [
    ["configuration", {}, '"mirrors" must be of type array'],
    ["configuration", { mirrors: [] }, '"mirrors" must not be empty'],
    ["configuration", { bridge: 1, mirrors: [{}] }, '"bridge" must be of type string'],
    ["configuration", { mirrors: [{ name: "" }] }, '"mirrors[0].name" must not be empty'],
    [
      "configuration",
      { mirrors: [{ name: "a", egress: "yes" }] },
      '"mirrors[0].egress" must be of type boolean',
    ],
    ["configuration", { mirrors: [{ name: "a", snaplen: 5 }] }, BOUND],
    [
      "configuration",
      { mirrors: [{ name: "a", snaplen: 65_536 }] },
      BOUND.replace("least 14", "most 65535"),
    ],
    ["configuration", { mirrors: { length: { toString: 0 } } }, '"mirrors" must be of type array'],
    ["configuration", {
      mirrors: [{ name: { length: { toString: 0 } } }],
    }, '"mirrors[0].name" must be of type string'],
    ["configuration file", null, "it must be of type object"],
    ["configuration file", { socket_file: [] }, '"socket_file" must be of type string'],
    ["prevResult", { interfaces: [{}] }, '"interfaces[0].name" must be of type string'],
    ["prevResult", { cniVersion: null }, '"cniVersion" must be of type string'],
    [
      "configuration",
      { mirrors: [{ name: "a", vlans: [] }] },
      '"mirrors[0].vlans" must not be empty',
    ],
    [
      "configuration",
      { mirrors: [{ name: "a", vlans: [0, 4096] }] },
      '"mirrors[0].vlans[1]" must be at most 4095',
    ],
    [
      "configuration",
      { mirrors: [{ name: "a", remote: { type: "ipip", address: "192.0.2.10" } }] },
      '"mirrors[0].remote.type" must be one of erspan, gre, vxlan, geneve',
    ],
    ["policy", { databases: ["db.sock"] }, `"databases[0]" must be ${DATABASE}`],
    [
      "policy",
      { configurationFiles: ["/a/../b"] },
      '"configurationFiles[0]" must be an absolute path without ".", ".." and *',
    ],
    ["policy", { byHand: 1 }, '"byHand" must be true, false or { "seconds": … }'],
    ["policy", { consumers: [{ bridges: [""] }] }, '"consumers[0].bridges[0]" must not be empty'],
    [
      "policy",
      { consumers: [{ namespaces: ["\n"] }] },
      '"consumers[0].namespaces[0]" must be printable, of at most 1024 characters',
    ],
    [
      "policy",
      { consumers: [{ vlans: "all" }] },
      '"consumers[0].vlans" must be true, false or a list of VLANs, 0 to 4095',
    ],
    ["policy", { producers: [{ remotes: ["x"] }] }, `"producers[0].remotes[0]" must be ${NETWORK}`],
    [
      "policy",
      { consumers: [{ vlans: [4096] }] },
      '"consumers[0].vlans[0]" must be at most 4095',
    ],
    // Unknown members are content of the file.
    ["policy", { secret: 1 }, "it has an unknown member"],
    ["policy", { cosumers: [] }, 'it has an unknown member, is "consumers" meant?'],
    [
      "policy",
      { consumers: [{ share: true }] },
      '"consumers[0]" has an unknown member, is "shared" meant?',
    ],
    [
      "policy",
      { producers: [{ remote: [] }] },
      '"producers[0]" has an unknown member, is "remotes" meant?',
    ],
    ["valid attachments", [{ containerID: "a" }], '"[0].ifname" must be of type string'],
  ];
  for (const [kind, value, fault] of cases) {
    assertEquals(explain(new ShapeError(kind, value, "x")), `x is not valid: ${fault}`);
  }
});

Deno.test("explain() says no more than that of a value that is right", () => {
  assertEquals(explain(new ShapeError("prevResult", {})), "prevResult is not valid");
});
