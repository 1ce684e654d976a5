import { Host } from "../support/cni/host.ts";
import { replaceDatabase } from "../support/ovs/schema.ts";

for (const role of ["producer", "consumer"] as const) {
  Deno.test(`${role}: STATUS says nothing if ADD could work`, async () => {
    await using host = await Host.start();
    for (const value of [undefined, ""]) {
      const env = { CNI_CONTAINERID: value, CNI_NETNS: value, CNI_IFNAME: value };
      const status = host.plugin(role).with({ env });
      await host.unchanged(() => status.silently("STATUS"));
    }
  });

  Deno.test(`${role}: STATUS says what stands in the way of ADD`, async (t) => {
    await using host = await Host.start();
    await t.step("the bridge is missing", async () => {
      await host.plugin(role, { bridge: "br9" }).fails("STATUS", 50, '"br9"');
    });
    await t.step("the configuration is not valid", async () => {
      await host.plugin(role, { mirrors: [] }).fails("STATUS", 7, '"mirrors"');
    });
    await t.step("the database cannot be reached", async () => {
      await host.db.stop();
      await host.plugin(role).fails("STATUS", 50, host.db.socket);
      await host.db.run();
      await host.plugin(role).silently("STATUS");
    });
  });
}

Deno.test("STATUS fails as ADD does where Open vSwitch is older than 2.8", async () => {
  await using host = await Host.start();
  await replaceDatabase(host.db, ({ Port, Mirror }) => {
    const mode = Port!.columns.vlan_mode as { type: { key: { enum: [string, string[]] } } };
    const [, values] = mode.type.key.enum;
    values.splice(values.indexOf("dot1q-tunnel"), 1);
    delete Mirror!.columns.snaplen;
  });
  await host.db.addBridges("br1");
  await (await host.addPod()).producer().fails("ADD", 107, "dot1q-tunnel", "2.8 or later");
  await host.plugin("producer").fails("STATUS", 50, "dot1q-tunnel", "2.8 or later");
});
