import { assertEquals } from "@std/assert";
import {
  definition,
  feeds,
  findings,
  lintText,
  OVS_BR1,
  workload,
} from "../../../tests/support/cli/lint.ts";

/** A network whose mirror is fed and consumed, with some members besides. */
function producing(
  { plugin, mirror, ovs, config }: Record<string, Record<string, unknown> | undefined>,
): unknown {
  const producer = { ...feeds("m"), ...plugin };
  const mirrors = [{ name: "m", ingress: true, ...mirror }];
  const plugins = [{ ...OVS_BR1, ...ovs }, { ...producer, mirrors }];
  return definition({ plugins, config });
}

/** Findings but for the mirror that nobody consumes. */
Deno.test("field: members that CNI and the plugins have are known", () => {
  const plugin = {
    socket_file: "tcp:127.0.0.1:6640",
    configuration_path: "/etc/ovs.conf",
    ...{ args: {}, capabilities: {}, dns: {}, ipam: {}, "cni.dev/x": 1, cniVersion: "1.0.0" },
  };
  const ovs = { socket_file: "tcp:127.0.0.1:6640", vlan: 100, trunk: [], mtu: 9000, anything: 1 };
  const config = { disableCheck: true, cniVersion: "1.1.0", anything: 1 };
  assertEquals(findings(producing({ plugin, mirror: { egress: false }, ovs, config })), []);
});

const MISSPELT: [where: Parameters<typeof producing>[0], finding: string][] = [
  [
    { plugin: { socketfile: "/x" } },
    'error field: ovs-mirror-producer has no member "socketfile"; did you mean "socket_file"?',
  ],
  [
    { plugin: { Bridge: "br1" } },
    'error field: ovs-mirror-producer has no member "Bridge"; did you mean "bridge"?',
  ],
  [
    { mirror: { egres: true } },
    'error field: mirrors[0] has no member "egres"; did you mean "egress"?',
  ],
  [{ ovs: { Vlans: 100 } }, 'error field: ovs has no member "Vlans"; did you mean "vlan"?'],
  [{ ovs: { brige: "br1" } }, 'error field: ovs has no member "brige"; did you mean "bridge"?'],
  [
    { config: { cniversion: "1.0.0" } },
    'error field: the configuration has no member "cniversion"; did you mean "cniVersion"?',
  ],
  [
    { mirror: { weight: 1 } },
    'warning field: mirrors[0] has no member "weight"; it is ignored; ' +
    "there are name, ingress, egress, shared, all, vlans, snaplen, filter, remote",
  ],
  [
    { mirror: { remote: { type: "gre", address: "192.0.2.10", kye: 7 } } },
    'error field: mirrors[0].remote has no member "kye"; did you mean "key"?',
  ],
];

for (const [where, finding] of MISSPELT) {
  Deno.test(`field: ${JSON.stringify(where)}`, () => {
    assertEquals(findings(producing(where)), [finding]);
  });
}

Deno.test("field: what no plugin reads is only worth a look", () => {
  const [finding] = findings(producing({ plugin: { colour: "red" } }));
  assertEquals(
    finding?.startsWith('warning field: ovs-mirror-producer has no member "colour"'),
    true,
  );
});

Deno.test("field: members of the annotation and of the objects around it", () => {
  const networks = JSON.stringify([{ name: "net", namspace: "a", interface: "eth1" }]);
  assertEquals(findings(producing({}), workload({ networks })), [
    'error field: the annotation has no member "namspace"; did you mean "namespace"?',
  ]);
  const annotations = {
    "k8s.v1.cni.cncf.io/network": "net",
    "k8s.v1.cni.cncf.io/networks-status": "[]",
    "example.org/networks": "x",
  };
  assertEquals(findings({ kind: "Pod", metadata: { annotations } }), [
    'error field: metadata.annotations has no member "k8s.v1.cni.cncf.io/network"; ' +
    'did you mean "k8s.v1.cni.cncf.io/networks"?',
  ]);
  const text = "apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\n" +
    "metadata:\n  name: a\nspec:\n  configs: |-\n    {}\n";
  assertEquals(lintText(text), [
    'a.yaml:6 error field: spec has no member "configs"; did you mean "config"?',
  ]);
});

Deno.test("field: a member that is there twice", () => {
  const config = '{ "type": "ovs-mirror-consumer", "cniVersion": "1.0.0", "bridge": "br1",\n' +
    '"mirrors": [{ "name": "m" }], "bridge": "br2" }';
  const text = `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: { name: a }
spec: { config: '${config}' }
`;
  assertEquals(lintText(text).filter((finding) => finding.includes(" field:")), [
    'a.yaml:5 warning field: ovs-mirror-consumer has "bridge" twice; ' +
    "only the last one counts: remove the others",
  ]);
});
