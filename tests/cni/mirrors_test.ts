import { assertEquals } from "@std/assert";
import { stringMap } from "../../lib/ovsdb/value.ts";
import { both, egress, ingress } from "../support/cni/chained.ts";
import { Host, ours, OWNER } from "../support/cni/host.ts";

const OURS = { external_ids: stringMap({ owner: OWNER }) };
const THEIRS = { external_ids: stringMap({ owner: "someone" }) };

for (const role of ["producer", "consumer"] as const) {
  Deno.test(`${role}: adding twice is success, and leaves mirrors and record as they are`, async () => {
    await using host = await Host.start();
    const pod = await host.addPod();
    const first = await pod[role]().add();
    const before = [await host.db.mirrors(), host.entries()];
    assertEquals(await pod[role]().add(), first);
    assertEquals([await host.db.mirrors(), host.entries()], before);
  });

  Deno.test(`${role}: several mirrors in one configuration`, async () => {
    await using host = await Host.start();
    const pod = await host.addPod();
    const plugin = pod[role]({ mirrors: ["m1", "m2", "m3"].map(ingress) });
    await plugin.add();
    const attached = role === "producer" ? { src: [pod.port] } : { output: pod.port };
    await host.assertMirrors(...["m1", "m2", "m3"].map((name) => ours(name, attached)));
    await plugin.check();
    await plugin.del();
    await host.assertMirrors();
  });

  Deno.test(`${role}: a mirror of that name on another bridge is named with its bridge`, async (t) => {
    await using host = await Host.start("br1", "br2");
    await host.db.addMirror("br2", { name: "m1", ...OURS, select_all: true });
    const plugin = (await host.addPod())[role]({ mirrors: [both("m0"), both("m1")] });
    await t.step("ADD changes nothing", async () => {
      await plugin.fails("ADD", 102, '"m1"', 'bridge "br2"');
    });
    await t.step("CHECK says so too", async () => {
      const alone = plugin.with({ config: { mirrors: [both("m1")] } });
      await alone.fails("CHECK", 106, '"m1"', 'bridge "br2"');
    });
    await t.step("DEL leaves it", () => host.unchanged(() => plugin.del()));
  });

  Deno.test(`${role}: rows of one name on the right bridge are treated as one`, async () => {
    await using host = await Host.start();
    for (const owner of [OURS, THEIRS]) await host.db.addMirror("br1", { name: "m1", ...owner });
    const pod = await host.addPod();
    await pod[role]().add();
    const attached = role === "producer"
      ? { src: [pod.port], dst: [pod.port] }
      : { output: pod.port };
    const [one, two] = await host.db.mirrors();
    for (const row of [one, two]) assertEquals(row, { ...ours("m1", attached), owner: row?.owner });
    await pod[role]().check();
    await pod[role]().del();
    await host.assertMirrors({ ...ours("m1"), owner: "someone" });
  });

  Deno.test(`${role}: a name on both bridges is refused too`, async () => {
    await using host = await Host.start("br1", "br2");
    for (const bridge of ["br1", "br2"]) await host.db.addMirror(bridge, { name: "m1", ...THEIRS });
    await (await host.addPod())[role]().fails("ADD", 102, '"m1"', '"br2"');
  });

  Deno.test(`${role}: mirrors of other owners are used, and never deleted`, async () => {
    await using host = await Host.start();
    await host.db.addPorts("br1", "theirs");
    const theirs = await host.db.port("theirs");
    const columns = { select_src_port: theirs, select_dst_port: theirs };
    await host.db.addMirror("br1", { name: "m1", ...THEIRS, ...columns });
    await host.db.addMirror("br1", { name: "m2" });
    const before = await host.db.mirrors();
    const pod = await host.addPod();
    const plugin = pod[role]({ mirrors: [egress("m1"), egress("m2")] });
    await plugin.add();
    const [m1, m2] = await host.db.mirrors();
    const expected = role === "producer"
      ? [{ ...before[0]!, dst: ["theirs", pod.port] }, { ...before[1]!, dst: [pod.port] }]
      : before.map((mirror) => ({ ...mirror, output: pod.port }));
    assertEquals([m1, m2], expected);
    await plugin.check();
    await plugin.del();
    assertEquals(await host.db.mirrors(), before);
  });

  Deno.test(`${role}: what else a mirror selects stays as it is`, async () => {
    await using host = await Host.start();
    const selection = { select_all: true, select_vlan: ["set", [7, 9]] as const, snaplen: 99 };
    await host.db.addMirror("br1", { name: "m1", ...OURS, ...selection });
    const read = () => host.db.rows("Mirror", Object.keys(selection));
    const before = await read();
    const plugin = (await host.addPod())[role]();
    for (const command of ["ADD", "CHECK", "DEL"]) {
      await plugin.run(command);
      assertEquals(await read(), before);
    }
  });
}

Deno.test("CHECK tells what is not as it was", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const set = (row: Parameters<typeof host.db.addMirror>[1]) =>
    host.db.transact([{ op: "update", table: "Mirror", where: [], row }]);
  const port = await host.db.port(pod.port);
  await pod.producer().add();
  await host.db.addPorts("br1", "holder");
  await t.step("not a source of what arrives any more", async () => {
    await set({ select_src_port: ["set", []] });
    await pod.producer().fails("CHECK", 106, '"veth1"', "ingress", '"m1"');
  });
  await t.step("not a source of what leaves any more", async () => {
    await set({ select_src_port: port, select_dst_port: ["set", []] });
    await pod.producer().fails("CHECK", 106, '"veth1"', "egress", '"m1"');
  });
  await t.step("directions that were not asked for do not matter", async () => {
    await pod.producer({ mirrors: [ingress("m1")] }).check();
  });
  await t.step("the first of several, in the order of the configuration", async () => {
    const producer = pod.producer({ mirrors: [both("m3"), both("m1")] });
    await producer.add();
    const none = ["set", []] as const;
    await set({ select_src_port: none, select_dst_port: none });
    await producer.fails("CHECK", 106, '"veth1"', "ingress", '"m3"');
    await set({ select_src_port: port });
    await producer.fails("CHECK", 106, '"veth1"', "egress", '"m3"');
  });
  await t.step("another port is the output", async () => {
    await set({ output_port: await host.db.port("holder") });
    await pod.consumer().fails("CHECK", 106, '"veth1"', '"m1"', 'port "holder"');
  });
  await t.step("no port is the output", async () => {
    await set({ output_port: ["set", []] });
    await pod.consumer().fails("CHECK", 106, '"veth1"', '"m1"', "output");
  });
  await t.step("the mirror is gone", async () => {
    await pod.producer({ mirrors: [both("m2")] }).fails("CHECK", 106, '"m2"', "gone");
  });
  await t.step("the port is gone", async () => {
    await host.db.removePort("br1", pod.port);
    await pod.producer().fails("CHECK", 106, '"veth1"', '"br1"');
  });
});
