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
