import { assertEquals } from "@std/assert";
import { consumes, feeds, OVS_BR1 } from "../../tests/support/cli/lint.ts";
import type { Policy } from "../policy/policy.ts";
import { check } from "./check.ts";
import { readDocuments } from "./document.ts";

/** A network and a pod that asks for it, each member on a line of its own. */
function text({ plugins, config, annotations, element }: Parts): string {
  const json = (value: unknown) =>
    `|\n${JSON.stringify(value, null, 1).replaceAll(/^/gm, "      ")}\n`;
  const marks = Object.entries(annotations ?? {}).map(([key, value]) => `    ${key}: ${value}\n`);
  return `\
apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata:
  name: net
  annotations:
    a: b
${marks.join("")}spec:
  config: ${json({ name: "net", cniVersion: "1.0.0", ...config, plugins })}
---
kind: Pod
metadata:
  name: pod
  annotations:
    k8s.v1.cni.cncf.io/networks: ${json([{ namespace: "", name: "net", ...element }])}
`;
}

interface Parts {
  plugins: unknown[];
  config?: Record<string, unknown>;
  annotations?: Record<string, string>;
  /** Members of the pod's annotation. */
  element?: Record<string, unknown>;
}

const POLICY: Policy = { databases: [], configurationFiles: [] };

const BOTH = [OVS_BR1, feeds("m")];

function consuming(members: object, mirror: object = {}): unknown {
  return { ...consumes("m"), ...members, mirrors: [{ name: "m", ...mirror }, { name: "n" }] };
}

/** Rules, the lines that findings are to be at, and what they are about. */
const CASES: [rule: string, lines: string[], parts: Parts][] = [
  ["address", ['"ipam": {'], { plugins: [{ ...OVS_BR1, ipam: { type: "dhcp" } }, consumes("m")] }],
  ["address", ['"ips": ['], { plugins: [OVS_BR1, consumes("m")], element: { ips: ["10.0.0.1"] } }],
  ["annotation", ['"name": "a/b"'], { plugins: BOTH, element: { name: "a/b" } }],
  ["annotation", ['"mac": "x"'], { plugins: BOTH, element: { mac: "x" } }],
  ["bridge", ['"bridge": "br2"'], { plugins: [OVS_BR1, consuming({ bridge: "br2" })] }],
  ["bridge", ["k8s.v1.cni.cncf.io/resourceName: ovs-cni.network.kubevirt.io/br2"], {
    plugins: BOTH,
    annotations: { "k8s.v1.cni.cncf.io/resourceName": "ovs-cni.network.kubevirt.io/br2" },
  }],
  ["direction", ['"egress": true'], { plugins: [OVS_BR1, consuming({}, { egress: true })] }],
  ["field", ['"colour": 1'], { plugins: [OVS_BR1, consuming({}, { colour: 1 })] }],
  ["field", ['"namspace": ""'], { plugins: BOTH, element: { namspace: "" } }],
  ["no-consumer", ['"name": "m"', '"name": "n"'], { plugins: [OVS_BR1, feeds("m", "n")] }],
  ["policy", ['"socket_file": "/x/db.sock"'], {
    plugins: [OVS_BR1, consuming({ socket_file: "/x/db.sock" })],
  }],
  ["policy", ['"configuration_path": "/x"'], {
    plugins: [OVS_BR1, consuming({ configuration_path: "/x" })],
  }],
  ["socket", ['"socket_file": "unix:/x/"'], {
    plugins: [{ ...OVS_BR1, socket_file: "unix:/x/" }, consuming({ socket_file: "unix:/x/" })],
  }],
  ["type", ['"type": "ovs-mirror-producr"'], {
    plugins: [OVS_BR1, { bridge: "br1", type: "ovs-mirror-producr" }],
  }],
  ["value", ['"configuration_path": "x"'], {
    plugins: [OVS_BR1, consuming({ socket_file: undefined, configuration_path: "x" })],
  }],
  ["value", ['"snaplen": 5'], { plugins: [OVS_BR1, consuming({}, { snaplen: 5 })] }],
  ["value", ['"filter": "x=1"'], { plugins: [OVS_BR1, consuming({}, { filter: "x=1" })] }],
  ["value", ['"vlan": 4096'], { plugins: [{ ...OVS_BR1, vlan: 4096 }, feeds("m")] }],
  ["version", ['"cniVersion": "2.0.0"'], { plugins: BOTH, config: { cniVersion: "2.0.0" } }],
];

for (const [rule, lines, parts] of CASES) {
  Deno.test(`${rule}: the finding is at ${lines.join(" and ")}`, () => {
    const yaml = text(parts);
    const { findings } = check(readDocuments("a.yaml", yaml), POLICY);
    const own = findings.filter((finding) => finding.rule === rule);
    assertEquals(own.map(({ line }) => yaml.split("\n")[line - 1]!.replace(/^ +|,$/g, "")), lines);
  });
}
