import { assert } from "@std/assert";
import { isPolicy } from "./policy.ts";

const RULE = { namespaces: ["security", "", "team-*"], bridges: ["br*"], mirrors: ["m/1", "../x"] };

Deno.test("isPolicy() takes each member, and none", () => {
  const policies = [
    {},
    { databases: ["unix:/var/run/openvswitch/db.sock", "/run/db.sock", "tcp:[::1]:6640"] },
    { configurationFiles: ["/etc/cni/net.d/ovs.d/ovs.conf"] },
    { consumers: [], producers: [], databases: [], configurationFiles: [] },
    { consumers: [{}, RULE, { ...RULE, all: true, shared: false, vlans: [0, 4095] }] },
    { consumers: [{ vlans: true }, { vlans: [] }, { namespaces: [] }] },
    { producers: [{}, RULE, { ...RULE, remotes: ["192.0.2.0/24", "2001:db8::1"] }] },
    { byHand: true },
    { byHand: false },
    { byHand: { seconds: 600 } },
  ];
  for (const policy of policies) assert(isPolicy(policy), JSON.stringify(policy));
});

Deno.test("isPolicy() refuses the whole for one slip", () => {
  const long = "x".repeat(1025);
  const wrong = [
    ...[null, [], "", 1, true],
    { consumer: [] },
    { Consumers: [] },
    { consumers: null },
    { consumers: {} },
    { consumers: [null] },
    { consumers: [[]] },
    { databases: "unix:/run/db.sock" },
    ...["", "*", "unix:*", "ssl:1.2.3.4:6640", "run/db.sock", "tcp:h", "unix:/a\n", 1, null]
      .map((one) => ({ databases: [one] })),
    ...["", "ovs.conf", "/", "//a", "/a/", "/a//b", "/a/./b", "/a/../b", "/..", "/a/*", "/a\0", 1]
      .map((one) => ({ configurationFiles: [one] })),
    ...["namespace", "Namespaces", "remotes", "filter", "__proto__x", "toString"]
      .map((name) => ({ consumers: [{ [name]: ["a"] }] })),
    ...["all", "shared", "vlans"].map((name) => ({ producers: [{ [name]: true }] })),
    ...["namespaces", "bridges", "mirrors"].flatMap((name) =>
      ["a", null, {}, [1], [null], ["a\n"], ["\u0085"], ["\ud800"], [long]]
        .map((value) => ({ consumers: [{ [name]: value }] }))
    ),
    ...["bridges", "mirrors"].map((name) => ({ producers: [{ [name]: [""] }] })),
    ...["all", "shared"].flatMap((name) =>
      [null, "true", 1, []].map((value) => ({ consumers: [{ [name]: value }] }))
    ),
    ...[null, "100", 100, [4096], [-1], [1.5], ["1"], [null]]
      .map((vlans) => ({ consumers: [{ vlans }] })),
    ...[null, "10.0.0.0/8", ["10.0.0.0/33"], ["10.1.2.3/8"], ["collector"], [1], ["*"]]
      .map((remotes) => ({ producers: [{ remotes }] })),
    ...[null, 600, "10m", [], {}, { seconds: -1 }, { seconds: "600" }, { seconds: 1, minutes: 1 }]
      .map((byHand) => ({ byHand })),
    JSON.parse('{"__proto__": {}}'),
    JSON.parse('{"consumers": [{"constructor": []}]}'),
    JSON.parse("[".repeat(100_000) + "]".repeat(100_000)),
    { consumers: JSON.parse("[".repeat(100_000) + "]".repeat(100_000)) },
  ];
  for (const policy of wrong) assert(!isPolicy(policy), JSON.stringify(policy)?.slice(0, 80));
});
