import { assertEquals, assertStringIncludes } from "@std/assert";
import { AT_ONCE, World } from "../../../tests/model/interleaving/world.ts";
import { idOf } from "../../../tests/model/database/row.ts";
import { consumerCall, exampleSwitch } from "../../../tests/model/switch/examples.ts";
import { build } from "../../../tests/model/switch/layout.ts";
import { requestFor } from "../../../tests/model/switch/request.ts";
import { named } from "../../../tests/model/switch/rows.ts";
import { mirrorsIn } from "../../../tests/model/switch/view.ts";
import { OWNER } from "../../mirror/snapshot/snapshot.ts";
import { stringMap } from "../../ovsdb/value.ts";

const POD = { namespace: "default", name: "web-0", uid: "u1" };
const TAKEN = { name: "m1", bridge: "br1", owner: OWNER, output: "p2" };

/** How the ADD of a pod's new sandbox ends where `p2` is the output. */
async function added(
  marks: Record<string, string>,
  parts: object[] = [],
  pod: Partial<typeof POD> | undefined = POD,
) {
  const { tables } = build(exampleSwitch(TAKEN));
  const ports = [{ id: idOf(named(tables.Port, "p2")[0]!), name: "p2" }];
  const files = parts.map((part, index): [string, string] => {
    const whole = {
      ...{ containerId: "old", ifname: "eth1", network: "net", netns: "/netns/0", pod: POD },
      ...{ database: "unix:/db.sock", bridge: "br1", ports },
      ...{ mirrors: [{ name: "m1", columns: ["output_port"] }], ...part },
    };
    return [`old${index}-eth1_cons`, JSON.stringify({ PrevResult: {}, parts: [whole] })];
  });
  const world = new World(tables, new Map(files));
  const row = { external_ids: stringMap(marks) };
  world.change([{ op: "update", table: "Port", where: [["name", "==", "p2"]], row }]);
  const call = consumerCall({ attachment: { netns: "/netns/1", ifname: "eth1" } });
  const request = requestFor("ADD", call);
  if (pod) request.attachment.pod = pod as typeof POD;
  const { code, message } = await world.call("1", call.role, request, AT_ONCE);
  const [{ output }] = mirrorsIn(world.tables) as [ReturnType<typeof mirrorsIn>[number]];
  assertEquals(output, code === 0 ? "p1" : "p2", message);
  return { code, message, files: world.files.size };
}

Deno.test("ADD takes over what the ovs plugin marked as of the same interface of the same pod", async () => {
  const marks = { contPodUid: "u1", contIface: "eth1" };
  const cases: [what: string, Record<string, string>, Partial<typeof POD> | undefined, number][] = [
    ["marked by pod", marks, POD, 0],
    ["in another namespace", { ...marks, contNetns: "/netns/0" }, POD, 0],
    ["another pod", { ...marks, contPodUid: "u2" }, POD, 103],
    ["another interface", { ...marks, contIface: "eth2" }, POD, 103],
    ["no marks", {}, POD, 103],
    ["no UID in CNI_ARGS", marks, { ...POD, uid: undefined }, 103],
    ["no pod in CNI_ARGS", marks, undefined, 103],
  ];
  for (const [what, marks, pod, code] of cases) {
    // An argument that is left out would be the usual pod.
    const found = await added(marks, [], pod ?? {});
    assertEquals(found.code, code, `${what}: ${found.message}`);
  }
});

Deno.test("ADD takes over what is on record of the pod's earlier sandbox, or names whose it is", async () => {
  const [own, theirs] = ['of an earlier sandbox of pod "default/web-0"', 'of pod "default/web-1"'];
  const other = { ...POD, name: "web-1", uid: "u2" };
  const cases: [what: string, object[], Partial<typeof POD>, code: number, words?: string][] = [
    ["of the pod", [{}], POD, 0],
    ["twice", [{}, { containerId: "older" }], POD, 0],
    ["another pod's", [{ pod: other }], POD, 103, theirs],
    [
      "of the same name in another namespace",
      [{ pod: { ...POD, namespace: "x", uid: "u2" } }],
      POD,
      103,
      'of pod "x/web-0"',
    ],
    ["of the same name, another UID", [{ pod: { ...POD, uid: "u2" } }], POD, 103, own],
    ["another interface of the pod", [{ ifname: "eth2" }], POD, 103, own],
    ["no UID in CNI_ARGS", [{}], { ...POD, uid: undefined }, 103, own],
    ["the pod's and another's", [{}, { pod: other }], POD, 103, own],
    ["another's without a name", [{ pod: undefined }], POD, 103, 'port "p2"'],
  ];
  for (const [what, parts, pod, code, words] of cases) {
    const found = await added({}, parts, pod);
    assertEquals(found.code, code, `${what}: ${found.message}`);
    assertEquals(found.files, code === 0 ? 1 : parts.length, what);
    if (words) assertStringIncludes(found.message, words, what);
  }
});
