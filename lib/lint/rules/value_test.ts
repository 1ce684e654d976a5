import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  consumes,
  definition,
  feeds,
  findings,
  lint,
  lintText,
  OVS_BR1,
} from "../../../tests/support/cli/lint.ts";

/** Findings of a producer. */
function ofProducer(plugin: Record<string, unknown>, config?: Record<string, unknown>): string[] {
  return findings(definition({ plugins: [OVS_BR1, { ...feeds("m"), ...plugin }], config }));
}

const REFUSED: [plugin: Record<string, unknown>, ...words: string[]][] = [
  [{ mirrors: "m" }, '"mirrors"', "array"],
  [{ mirrors: [] }, '"mirrors"', "empty"],
  [{ mirrors: [{ name: 1, ingress: true }] }, '"mirrors[0].name"', "string"],
  [{ mirrors: [{ name: "m", ingress: "yes" }] }, '"mirrors[0].ingress"', "boolean"],
  [{ mirrors: [{ name: "m" }] }, "mirrors[0]", '"m"', "no traffic", '"ingress"', '"egress"'],
  [{ socket_file: "ssl:10.0.0.1:6640" }, '"socket_file"', "ssl is not supported"],
  [{ socket_file: "db.sock" }, '"socket_file"', "absolute path"],
  [{ configuration_path: "ovs.d/ovs.conf" }, '"configuration_path"', "absolute path"],
  [{ bridge: "br\n" }, '"bridge"', "characters"],
];

for (const [plugin, ...words] of REFUSED) {
  Deno.test(`value: ${JSON.stringify(plugin)}`, () => {
    const [finding, ...others] = ofProducer(plugin).filter((one) => !one.includes(" bridge:"));
    assertEquals(others, []);
    for (const word of ["error value: ", ...words]) assertStringIncludes(finding!, word);
  });
}

/** Members of ovs, and the one that it refuses. */
const REFUSED_BY_OVS: [members: Record<string, unknown>, member?: string, hint?: string][] = [
  [{ VLAN: 100, trunk: [{ id: 42 }, { minID: 1000, maxID: 1010 }], mtu: 9000 }],
  [{ vlan: null, deviceID: "0000:00:00.1", ofport_request: 1, interface_type: "system" }],
  [{ vlan: "1000" }, "vlan", "it must be a whole number, without quotes"],
  [{ vlan: 1.5 }, "vlan", "it must be a whole number, without quotes"],
  [{ Vlan: 4096 }, "vlan", "it must be a VLAN from 0 to 4095"],
  [{ bridge: 1 }, "bridge", "it must be a string, in double quotes"],
  [{ mtu: -1 }, "mtu", "it must not be negative"],
  [{ trunk: [100] }, "trunk[0]", "it must be an object"],
  [{ trunk: [{ minID: 2, maxID: 1 }] }, "trunk[0]", "it must begin before it ends"],
];

for (const [members, member, hint] of REFUSED_BY_OVS) {
  Deno.test(`value: ovs ${member ? "refuses" : "takes"} ${JSON.stringify(members)}`, () => {
    const plugins = [{ type: "ovs", bridge: "br1", ...members }, { type: "tuning" }];
    const expected = `1.json:8 error value: "${member}" of ovs is not valid; ${hint}`;
    assertEquals(lint(definition({ plugins })), member ? [expected] : []);
  });
}

Deno.test("value: each mirror is judged, at its own line", () => {
  const text = `\
apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: { name: net }
spec:
  config: |-
    {
      "cniVersion": "1.0.0",
      "plugins": [
        { "type": "ovs", "bridge": "br1" },
        { "type": "ovs-mirror-producer", "bridge": "br\\u0007",
          "mirrors": [
            { "name": "a" },
            { "name": "b", "ingress": true },
            {
              "name": "c",
              "egress": false
            },
            { "name": "d", "ingres": true }
          ] }
      ]
    }
`;
  const found = lintText(text).map((finding) => finding.split(" ").slice(0, 4).join(" "));
  assertEquals(found.filter((one) => !one.includes("no-consumer")), [
    'a.yaml:10 error value: "bridge"',
    "a.yaml:10 error bridge: ovs-mirror-producer",
    "a.yaml:12 error value: mirrors[0],",
    "a.yaml:15 error value: mirrors[2],",
    "a.yaml:18 error field: mirrors[3]",
  ]);
});

/** Options of a consumer, and what is said about them. */
const OPTIONS: [options: Record<string, unknown>, ...words: string[]][] = [
  [{ shared: true, all: true, vlans: [100, 0, 4095], snaplen: 14, filter: "tcp,tcp_dst=443" }],
  [{ shared: null, vlans: null, filter: null }],
  [{ vlans: [] }, '"mirrors[0].vlans"', "empty"],
  [{ vlans: [1, 1] }, "has a VLAN twice"],
  [{ vlans: [4096] }, '"mirrors[0].vlans[0]"'],
  [{ vlans: ["1"] }, '"mirrors[0].vlans[0]"'],
  [{ snaplen: 13 }, '"mirrors[0].snaplen"'],
  [{ filter: "in_port=1" }, "can't ask for a port"],
  [{ filter: "tcp,,tcp_dst=443" }, "a comma too many"],
  [{ filter: "tcp,tcp_dest=443" }, 'there is no field "tcp_dest"'],
  [{ filter: `tcp,tcp_dst=443${",".repeat(10_000)}` }, "longer than"],
];

for (const [options, ...words] of OPTIONS) {
  Deno.test(`value: a consumer with ${JSON.stringify(options).slice(0, 80)}`, () => {
    const mirrors = [{ name: "m", ...options }];
    const [finding, ...others] = lint(
      definition({ plugins: [OVS_BR1, { ...consumes("m"), mirrors }] }),
    ).filter((one) => !one.includes("no-producer"));
    assertEquals([others, finding !== undefined], [[], words.length > 0]);
    for (const word of words) assertStringIncludes(finding!, word);
  });
}

Deno.test("value: options in a producer, each with the hint that the consumer says it", () => {
  const mirrors = [{ name: "m", ingress: true, vlans: [1], filter: "tcp" }];
  const found = ofProducer({ mirrors });
  assertEquals(found.map((one) => one.split(";")[0]), [
    'error value: mirrors[0], "m", of a producer has "vlans"',
    'error value: mirrors[0], "m", of a producer has "filter"',
  ]);
  for (const one of found) assertStringIncludes(one, "it is the consumer that says");
});

Deno.test("value: the same mirror with other options", () => {
  const mirrors = [{ name: "m", snaplen: 100 }, { name: "m", snaplen: 200 }];
  const [finding] = lint(definition({ plugins: [OVS_BR1, { ...consumes("m"), mirrors }] }));
  assertStringIncludes(finding!, 'asks for other packets of "m" than before');
});
