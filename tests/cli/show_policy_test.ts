import { assertEquals, assertMatch } from "@std/assert";
import { Host } from "../support/cni/host.ts";
import { executable } from "../support/cni/plugin.ts";
import { PolicyFile } from "../support/cni/policy_file.ts";
import { lacks } from "../support/run/lacks.ts";
import { run } from "../support/run/process.ts";

Deno.test("show tells which attachments the node's policy would refuse now", {
  ignore: lacks({ unshare: "util-linux", mount: "mount" }),
}, async () => {
  await using host = await Host.start();
  const file = await PolicyFile.make(host.db);
  const CNI_ARGS = "K8S_POD_NAMESPACE=web;K8S_POD_NAME=a";
  await (await host.addPod()).producer().with({ env: { CNI_ARGS } }).add();
  await (await host.addPod()).consumer().with({ env: { CNI_ARGS } }).add();
  const show = async (...more: string[]) => {
    const [program, ...through] = file.through;
    const args = [...through, executable("producer"), "show", "--socket", host.db.socket, ...more];
    const env = { OVS_MIRROR_CACHE_DIR: host.cache };
    return await run(program!, { args, env, clearEnv: true, cwd: "/" });
  };
  const refused = async () => {
    const [{ sources, rows }] = JSON.parse((await show("--format", "json")).stdout).mirrors;
    return [sources[0].refused, rows[0].output.refused];
  };
  assertEquals(await refused(), [undefined, undefined]);
  await file.write({ consumers: [{ namespaces: ["security"] }], producers: [{}] });
  const why = 'no rule of "consumers" lets namespace "web" read mirror "m1" on bridge "br1"';
  assertEquals(await refused(), [undefined, why]);
  const { code, stdout } = await show();
  assertEquals(code, 0);
  assertMatch(stdout, /web\/a \(veth2, eth1, the policy would refuse it now\)/);
  await file.write("{");
  for (const reason of await refused()) assertMatch(reason, /the policy can't be used: .* JSON$/);
});
