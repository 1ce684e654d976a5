import { assertEquals, assertThrows } from "@std/assert";
import { ProtocolError } from "../../ovsdb/error.ts";
import type { Select } from "../../ovsdb/operation.ts";
import type { OperationResult } from "../../ovsdb/result.ts";
import { EMPTY, stringMap } from "../../ovsdb/value.ts";
import { producer } from "../role.ts";
import { ask, OWNER, portsOf } from "./snapshot.ts";

const QUERY = { role: producer, bridge: "br1", mirrors: ["m1"], ports: ["p1"] };
const ATTACHMENT = { netns: "/netns/1", ifname: "eth1" };

function selected(...rows: Record<string, unknown>[]): OperationResult {
  return { rows } as OperationResult;
}

const BRIDGE = { _uuid: ["uuid", "b"], mirrors: ["uuid", "m"] };
const MIRROR = { _uuid: ["uuid", "m"], name: "m1", output_port: EMPTY, output_vlan: EMPTY };
const EMPTY_MIRROR = {
  _uuid: ["uuid", "e"],
  select_all: false,
  select_vlan: EMPTY,
  external_ids: stringMap({}),
  output_port: EMPTY,
};
const PORT = { _uuid: ["uuid", "p"], name: "p1", external_ids: stringMap({}) };

Deno.test("ask() reads the bridge, the mirrors and the ports by name", () => {
  const { operations, read } = ask(QUERY);
  assertEquals(operations.map((operation) => (operation as Select).table), [
    "Bridge",
    "Mirror",
    "Mirror",
    "Mirror",
    "Port",
  ]);
  const rows = [selected(BRIDGE), selected(EMPTY_MIRROR), selected(), selected(MIRROR)];
  assertEquals(read([...rows, selected(PORT)]), {
    bridge: { id: "b", mirrors: ["m"] },
    emptyMirrors: [{ id: "e", fromConsumer: false }],
    mirrors: [{ id: "m", name: "m1", output: undefined, outputVlan: false }],
    ports: [{ id: "p", name: "p1", netns: undefined }],
    tunnels: [],
    attachedPorts: [],
  });
});

Deno.test("ask() reads no column that may hold thousands of rows", () => {
  const large = ["ports", "select_src_port", "select_dst_port"];
  for (const operation of ask({ ...QUERY, attachment: ATTACHMENT }, true).operations) {
    const { columns } = operation as Select;
    assertEquals(columns!.filter((column) => large.includes(column)), []);
  }
});

Deno.test("ask() finds nothing where there is nothing", () => {
  const { operations, read } = ask(QUERY);
  assertEquals(read(operations.map(() => selected())), {
    bridge: undefined,
    emptyMirrors: [],
    mirrors: [],
    ports: [],
    tunnels: [],
    attachedPorts: [],
  });
});

Deno.test("ask() reads outputs of a mirror and marks of a port", () => {
  const mirror = { ...MIRROR, output_port: ["uuid", "p"], output_vlan: 7 };
  const port = { ...PORT, external_ids: stringMap({ contNetns: "/netns/1" }) };
  const { mirrors, ports } = ask(QUERY).read(
    [selected(), selected(), selected(), selected(mirror), selected(port)],
  );
  assertEquals(mirrors, [{ id: "m", name: "m1", output: "p", outputVlan: true }]);
  assertEquals(ports, [{ id: "p", name: "p1", netns: "/netns/1" }]);
});

Deno.test("ask() looks for the attachment's port where no name is known", () => {
  const asksByMark = (ports: string[], byAttachment?: boolean) =>
    JSON.stringify(ask({ ...QUERY, ports, attachment: ATTACHMENT }, byAttachment).operations)
      .includes(
        '["external_ids","includes",["map",[["contNetns","/netns/1"],["contIface","eth1"]]]]',
      );
  assertEquals([asksByMark([]), asksByMark(["p1"]), asksByMark(["p1"], true)], [true, false, true]);
});

Deno.test("ask() does not look for an attachment whose network namespace is not known", () => {
  const attachment = { netns: "", ifname: "eth1" };
  const { operations } = ask({ ...QUERY, ports: [], attachment }, true);
  assertEquals(operations, ask({ ...QUERY, ports: [] }, true).operations);
});

Deno.test("ask() looks by the pod where the network namespace is not known, and only there", () => {
  const asksByPod = (netns: string) =>
    JSON.stringify(ask({ ...QUERY, ports: [], attachment: { netns, ifname: "", podUid: "1-2" } }))
      .includes('["contPodUid","1-2"]');
  assertEquals([asksByPod(""), asksByPod("/netns/1")], [true, false]);
});

Deno.test("ask() looks for empty mirrors of ours alone", () => {
  const [, empty] = ask(QUERY).operations as [Select, Select];
  assertEquals(empty.columns, [
    "_uuid",
    "select_all",
    "select_vlan",
    "external_ids",
    "output_port",
  ]);
  assertEquals(empty.where[0], ["external_ids", "includes", stringMap({ owner: OWNER })]);
});

Deno.test("ask() asks with one question each for all that a call may want, and reads it", () => {
  const marks = { contPodUid: "u", contIface: "eth1" };
  const { operations, read } = ask({
    ...{ role: producer, bridge: "br1", mirrors: ["m1"], ports: ["p1"], tunnels: ["mir-1"] },
    ...{ attachment: { ...ATTACHMENT, podUid: "u" }, ofPod: true, optionColumns: ["snaplen"] },
  }, true);
  const named = (name: string) => ["name", "==", name];
  const port = (where: unknown) => ["Port", [where], ["_uuid", "name", "external_ids"]];
  const marked = (marks: Record<string, string>) =>
    port(["external_ids", "includes", stringMap(marks)]);
  const idle = ["select_src_port", "select_dst_port"].map((column) => [column, "==", EMPTY]);
  const columns = ["_uuid", "name", "output_port", "output_vlan", "external_ids", "snaplen"];
  const asked = operations.map((one) => one.op === "select" && [one.table, one.where, one.columns]);
  assertEquals<unknown>([asked[0], ...asked.slice(2)], [
    ["Bridge", [named("br1")], ["_uuid", "mirrors", "datapath_type"]],
    ["Mirror", [["external_ids", "includes", stringMap({ "ovs-mirror-hand": "on" })]], ["_uuid"]],
    ["Mirror", [named("m1")], columns],
    ["Mirror", [named("m1"), ...idle], ["_uuid"]],
    ...[port(named("p1")), port(named("mir-1"))],
    ...[marked({ contNetns: "/netns/1", contIface: "eth1" }), marked(marks)],
  ]);
  const entries = {
    ...{ owner: OWNER, "ovs-mirror-shared": "consumer", "ovs-mirror-remote": "gre:192.0.2.1" },
    ...{ "ovs-mirror-options": "consumer", "ovs-mirror-shares": "consumer" },
  };
  const ours = {
    ...MIRROR,
    external_ids: stringMap({ ...entries, "ovs-mirror-filter": "consumer" }),
  };
  const theirs = { ...MIRROR, _uuid: ["uuid", "n"], external_ids: stringMap({ owner: "x" }) };
  const ofPod = { ...PORT, external_ids: stringMap({ ...marks, contNetns: "/netns/0" }) };
  const tunnel = { ...PORT, external_ids: stringMap({ "ovs-mirror-remote": "gre:192.0.2.1" }) };
  const all = { ...{ isOurs: true, isCopy: true, isShared: true, remote: "gre:192.0.2.1" } };
  const none = { isOurs: false, isCopy: false, isShared: false, remote: undefined };
  const mirror = { id: "m", name: "m1", output: undefined, outputVlan: false };
  assertEquals(
    read([
      ...[selected({ ...BRIDGE, datapath_type: "netdev" }), selected(), selected(MIRROR)],
      selected({ ...ours, snaplen: 64 }, { ...theirs, snaplen: EMPTY }),
      ...[selected({ _uuid: ["uuid", "n"] }), selected(PORT), selected(tunnel)],
      ...[selected(), selected(ofPod)],
    ]),
    {
      bridge: { id: "b", mirrors: ["m"], datapath: "netdev" },
      ...{ emptyMirrors: [], hasByHand: true, withOptions: true },
      mirrors: [{
        ...mirror,
        rowOptions: {
          ...all,
          ...{ fromConsumer: true, filterFromConsumer: true, columns: { snaplen: 64 } },
          hasSources: true,
        },
      }, {
        ...{ ...mirror, id: "n" },
        rowOptions: {
          ...none,
          ...{ fromConsumer: false, filterFromConsumer: false, columns: { snaplen: EMPTY } },
          hasSources: false,
        },
      }],
      ports: [{ id: "p", name: "p1", netns: undefined }],
      tunnels: [{ id: "p", name: "p1", netns: undefined, remote: "gre:192.0.2.1" }],
      attachedPorts: [],
      portsOfPod: [{ id: "p", name: "p1", netns: "/netns/0", podUid: "u" }],
    },
  );
});

Deno.test("ask() counts as empty what a vanished consumer left, and not what others use", () => {
  const left = { "ovs-mirror-options": "consumer" }, far = { "ovs-mirror-remote": "gre:192.0.2.1" };
  const output_port = ["uuid", "t"];
  const cases: [what: string, row: object, found: object | undefined][] = [
    ["one of all ports", { select_all: true }, undefined],
    ["one of a VLAN", { select_vlan: 7 }, undefined],
    ["what a consumer left", { select_all: true, external_ids: stringMap(left) }, {
      fromConsumer: true,
    }],
    ["one with an output", { output_port }, undefined],
    [
      "what a consumer left, with an output",
      { output_port, external_ids: stringMap(left) },
      undefined,
    ],
    ["one with a tunnel", { output_port, external_ids: stringMap(far) }, { output: "t" }],
    ["one with no tunnel any more", { external_ids: stringMap(far) }, {}],
    [
      "one of a VLAN with a tunnel",
      { output_port, select_vlan: 7, external_ids: stringMap(far) },
      undefined,
    ],
  ];
  for (const [what, row, found] of cases) {
    const { emptyMirrors } = ask(QUERY).read([
      ...[selected(), selected({ ...EMPTY_MIRROR, ...row })],
      ...[selected(), selected(), selected()],
    ]);
    assertEquals(emptyMirrors, found ? [{ id: "e", fromConsumer: false, ...found }] : [], what);
  }
});

Deno.test("ask() refuses rows of another schema", () => {
  const wrong = [
    [selected({ ...BRIDGE, mirrors: "m" }), selected(), selected(), selected(), selected()],
    [selected(), selected({}), selected(), selected(), selected()],
    [selected(), selected(), {}, selected(), selected()],
    [selected(), selected(), selected(), selected({ ...MIRROR, name: 1 }), selected()],
    [
      selected(),
      selected(),
      selected(),
      selected({ ...MIRROR, output_vlan: undefined }),
      selected(),
    ],
    [selected(), selected(), selected(), selected(), selected({ ...PORT, external_ids: {} })],
    [{}, selected(), selected(), selected(), selected()],
  ];
  for (const results of wrong) assertThrows(() => ask(QUERY).read(results), ProtocolError);
});

Deno.test("portsOf() lists ports found by name and by attachment", () => {
  const [byName, byMark] = [{ id: "a", name: "a" }, { id: "b", name: "b" }];
  const snapshot = { mirrors: [], emptyMirrors: [], ports: [byName], attachedPorts: [byMark] };
  assertEquals(portsOf(snapshot), [byName, byMark]);
});
