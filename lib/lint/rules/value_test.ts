import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  consumes,
  definition,
  feeds,
  lint,
  lintText,
  OVS_BR1,
} from "../../../tests/support/cli/lint.ts";

/** Findings of a producer, but for the mirror that nobody consumes. */
function findings(plugin: Record<string, unknown>, config?: Record<string, unknown>): string[] {
  const plugins = [OVS_BR1, { ...feeds("m"), ...plugin }];
  return lint(definition({ plugins, config })).filter((one) => !one.includes("no-consumer"))
    .map((finding) => finding.replace(/^\S+ /, ""));
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
    const [finding, ...others] = findings(plugin).filter((one) => !one.includes(" bridge:"));
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
  [{ bridge: 1 }, "bridge", "it must be a text, in double quotes"],
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

const VERSIONS: [config: Record<string, unknown>, findings: string[]][] = [
  [{ cniVersion: "0.3.0" }, []],
  [{ cniVersion: "1.1.0" }, []],
  [{ cniVersion: undefined, cniVersions: ["1.0.0", "1.1.0"] }, []],
  [{ cniVersion: undefined }, ["error version: the configuration has no cniVersion; "]],
  [{ cniVersion: "0.2.0" }, ['error version: cniVersion "0.2.0" is not supported; ']],
  [{ cniVersion: 1 }, ["error version: cniVersion 1 is not supported; "]],
];

for (const [config, expected] of VERSIONS) {
  Deno.test(`version: ${JSON.stringify(config)}`, () => {
    const supported = "supported are 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0";
    assertEquals(findings({}, config), expected.map((finding) => finding + supported));
  });
}

Deno.test("version: networks without mirrors may have any", () => {
  const config = { cniVersion: "0.2.0" };
  assertEquals(lint(definition({ plugins: [{ type: "bridge" }], config })), []);
});

const GRAMMAR = 'set "name" to a letter or digit, then letters, digits, "_", "." and "-"';

Deno.test("name: a configuration file needs one, a definition gives its own", () => {
  const plugins = [OVS_BR1, feeds("m"), consumes("n")];
  const named = (findings: string[]) => findings.filter((one) => one.includes(" name:"));
  assertEquals(named(lint({ cniVersion: "1.0.0", plugins })), [
    `1.json:1 error name: the network has no valid name; ${GRAMMAR}`,
  ]);
  assertEquals(named(lint({ cniVersion: "1.0.0", name: "net", plugins })), []);
  assertEquals(named(lint(definition({ plugins }))), []);
  assertEquals(named(lint(definition({ plugins, config: { name: "" } }))), []);
  assertEquals(named(lint(definition({ plugins, config: { name: "a/b" } }))), [
    `1.json:8 error name: the network has no valid name; ${GRAMMAR}`,
  ]);
  assertEquals(named(lint(definition({ plugins, name: "" }))), [
    "1.json:5 error name: the definition has no name; set metadata.name",
  ]);
});

Deno.test("direction: a consumer does not choose one", () => {
  const mirrors = [{ name: "m", ingress: true }];
  const objects = [
    definition({ name: "p", plugins: [OVS_BR1, feeds("m")] }),
    definition({ name: "c", plugins: [OVS_BR1, { ...consumes("m"), mirrors }] }),
  ];
  assertEquals(lint(...objects), [
    '2.json:8 warning direction: "ingress" means nothing to a consumer; ' +
    "set it where the mirror is fed",
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
  const found = findings({ mirrors });
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
