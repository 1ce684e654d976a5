import { assertEquals } from "@std/assert";
import { stringMap } from "../../lib/ovsdb/value.ts";
import { both } from "../support/cni/chained.ts";
import { Host, OWNER } from "../support/cni/host.ts";

const OURS = { external_ids: stringMap({ owner: OWNER }) };

for (const command of ["ADD", "DEL", "GC"]) {
  Deno.test(`${command} removes empty mirrors of ours on its bridge, and no others`, async () => {
    await using host = await Host.start("br1", "br2");
    const pod = await host.addPod();
    await host.db.addMirror("br1", { name: "empty-ours", ...OURS });
    await host.db.addMirror("br1", { name: "empty-ours-too", ...OURS });
    const kept = {
      "empty-theirs": { external_ids: stringMap({ owner: "someone" }) },
      "empty-nobody's": {},
      "ours-with-all": { ...OURS, select_all: true },
      "ours-with-vlan": { ...OURS, select_vlan: 7 },
      "ours-with-rspan": { ...OURS, output_vlan: 4000 },
      "ours-with-output": { ...OURS, output_port: await host.db.port(pod.port) },
      "ours-with-source": { ...OURS, select_src_port: await host.db.port(pod.port) },
    };
    for (const [name, row] of Object.entries(kept)) {
      await host.db.addMirror("br1", { name, ...row });
    }
    await host.db.addMirror("br2", { name: "elsewhere", ...OURS });
    const producer = pod.producer({
      cniVersion: "1.1.0",
      "cni.dev/valid-attachments": [],
      mirrors: [both("empty-nobody's")],
    });
    await producer.run(command);
    const left = (await host.db.mirrors()).map(({ name }) => name);
    assertEquals(left, ["elsewhere", ...Object.keys(kept)].sort());
  });
}

Deno.test("an empty mirror of ours that ADD names is filled, not made anew", async () => {
  await using host = await Host.start();
  await host.db.addMirror("br1", { name: "m1", ...OURS, snaplen: 99 });
  const pod = await host.addPod();
  await pod.producer().add();
  assertEquals(await host.db.rows("Mirror", ["snaplen"]), [{ snaplen: 99 }]);
});
