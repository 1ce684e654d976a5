/**
 * Mirrors that an administrator renamed or made again: DEL goes by the rows of ports, whatever
 * mirrors are called by then.
 */

import { assertEquals } from "@std/assert";
import type { Config } from "../support/cni/chained.ts";
import { assertGone, clueless } from "../support/cni/gone.ts";
import { Host, OWNER } from "../support/cni/host.ts";
import type { Row } from "../../lib/ovsdb/value.ts";

const GC = { cniVersion: "1.1.0", "cni.dev/valid-attachments": [] };

/** What a mirror still holds. */
async function held(host: Host): Promise<Row[]> {
  return await host.db.rows("Mirror", [
    "name",
    "select_src_port",
    "select_dst_port",
    "output_port",
  ]);
}

async function rename(host: Host, name: string): Promise<void> {
  await host.db.transact([{ op: "update", table: "Mirror", where: [], row: { name } }]);
}

for (const role of ["producer", "consumer"] as const) {
  for (const [owner, isOurs] of [["ours", true], ["another's", false]] as const) {
    for (const end of ["DEL", "GC"]) {
      Deno.test(`${role}: ${end} after a mirror of ${owner} was renamed`, async () => {
        await using host = await Host.start();
        const pod = await host.addPod();
        if (!isOurs) await host.db.addMirror("br1", { name: "m1" });
        await pod[role]().add();
        await rename(host, "renamed");
        if (end === "DEL") await clueless(pod[role]()).del();
        else await host.plugin(role, GC).silently("GC");
        if (isOurs) return await assertGone(host);
        const none = ["set", []];
        const columns = { select_src_port: none, select_dst_port: none, output_port: none };
        assertEquals(await held(host), [{ name: "renamed", ...columns }] as unknown as Row[]);
      });
    }
  }

  Deno.test(`${role}: DEL after somebody made the mirror again`, async () => {
    await using host = await Host.start();
    const pod = await host.addPod();
    await pod[role]().add();
    await host.db.transact([{
      op: "update",
      table: "Bridge",
      where: [],
      row: { mirrors: ["set", []] },
    }]);
    const column = role === "producer" ? "select_src_port" : "output_port";
    const port = await host.db.port(pod.port);
    await host.db.addMirror("br1", { name: "m1", [column]: port, select_vlan: 7 });
    await clueless(pod[role]()).del();
    assertEquals((await held(host))[0]![column], ["set", []]);
  });

  Deno.test(`${role}: DEL of a part whose mirrors are damaged`, async () => {
    for (const mirrors of [null, [], [{}]]) {
      await using host = await Host.start();
      const pod = await host.addPod();
      await pod[role]().add();
      const [entry] = host.entries();
      const record = JSON.parse(entry!.content!);
      record.parts = record.parts.map((part: Config) => ({ ...part, mirrors }));
      await Deno.writeTextFile(`${host.cache}/${entry!.name}`, JSON.stringify(record));
      await pod[role]().del();
      await assertGone(host);
    }
  });
}

Deno.test("DEL after a mirror was renamed takes the consumer's options back, even the only one", async () => {
  const options: [Config, Row][] = [
    [{ all: true }, { select_all: false }],
    [{ vlans: [7] }, { select_vlan: ["set", []] }],
    [{ snaplen: 64 }, { snaplen: ["set", []] }],
  ];
  for (const name of ["m1", "renamed"]) {
    for (const [option, columns] of options) {
      await using host = await Host.start();
      const pod = await host.addPod();
      const consumer = pod.consumer({ mirrors: [{ name: "m1", ...option }] });
      await consumer.add();
      await rename(host, name);
      await host.db.addPorts("br1", "other");
      if (!option.all) {
        const row = { select_src_port: await host.db.port("other") };
        await host.db.transact([{ op: "update", table: "Mirror", where: [], row }]);
      }
      await clueless(consumer).del();
      const rows = await host.db.rows("Mirror", [...Object.keys(columns), "external_ids"]);
      const kept = { ...columns, external_ids: ["map", [["owner", OWNER]]] };
      assertEquals(rows, option.all ? [] : [kept] as unknown as Row[]);
    }
  }
});

Deno.test("DEL takes its port out of the mirrors alone, other members stay", async () => {
  await using host = await Host.start();
  const [one, two] = [await host.addPod(), await host.addPod()];
  for (const pod of [one, two]) await pod.producer().add();
  await rename(host, "renamed");
  await one.producer().del();
  const port = await host.db.port(two.port);
  assertEquals((await held(host)).map((row) => row.select_src_port), [port]);
});
