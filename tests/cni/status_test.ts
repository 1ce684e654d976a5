import { Host } from "../support/cni/host.ts";

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
