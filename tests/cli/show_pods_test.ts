import { assertEquals, assertMatch } from "@std/assert";
import { PodRecords } from "../../lib/observe/pods.ts";
import { command } from "../support/run/command.ts";
import { Files } from "../support/run/files.ts";
import { Host } from "../support/cni/host.ts";
import { succeed } from "../support/run/process.ts";

/** Puts records beside each other, as the plugins and others leave them. */
async function writeRecords(directory: string, records: Record<string, unknown>): Promise<void> {
  await Deno.mkdir(directory, { recursive: true });
  for (const [name, record] of Object.entries(records)) {
    const text = typeof record === "string" ? record : JSON.stringify(record);
    await Deno.writeTextFile(`${directory}/${name}`, text);
  }
}

/** The row of a port that is not there any more. */
const GONE = "00000000-0000-4000-8000-000000000000";

function record(port: string, netns: string, name: string) {
  return {
    PrevResult: {},
    parts: [{
      netns,
      pod: { namespace: "default", name, uid: "1" },
      ports: [{ id: port, name: "p" }],
    }],
  };
}

Deno.test("show names pods by the records of this node, whatever else is beside them", async () => {
  await using host = await Host.start();
  await (await host.addPod()).producer().add();
  await (await host.addPod()).consumer().add();
  const [[, source], [, output]] = [await host.db.port("veth1"), await host.db.port("veth2")];
  const records = `${host.db.directory}/records`;
  await writeRecords(records, {
    "a-eth1_prod": record(source, "/elsewhere", "web-0"),
    "b-eth1_cons": record(GONE, "/var/run/tests/pod-2", "ids"),
    "c-eth1_prod": '{"PrevResult":',
    "d-eth1_prod": { PrevResult: {}, parts: [{ network: "net", mirrors: [{ name: "m1" }] }] },
    "e-eth1_prod": { parts: [null, 1, { pod: {} }, { pod: { namespace: 1, name: [] }, ports: 7 }] },
    "f-eth1_prod": "null",
    "ovs-cache": record(output, "/elsewhere", "none-of-ours"),
  });
  await Deno.mkdir(`${records}/g-eth1_prod`);
  await Deno.symlink("/dev/zero", `${records}/h-eth1_cons`);
  await succeed("mkfifo", `${records}/i-eth1_cons`);
  const env = { OVS_MIRROR_CACHE_DIR: records };
  const named = (...args: string[]) =>
    command(["show", "--socket", host.db.socket, ...args], { env });
  const { code, stdout } = await named();
  assertEquals(code, 0);
  assertMatch(
    stdout,
    / default\/web-0 \(veth1, eth1, ingress\+egress\) +default\/ids \(veth2, eth1\)$/m,
  );
  const json = JSON.parse((await named("--format", "json")).stdout);
  assertEquals(json.mirrors[0].sources[0].pod, "default/web-0");
  assertMatch((await named("--format", "mermaid")).stdout, /veth1<br>default\/web-0<br>eth1/);
  await host.db.addMirror("br1", { name: "other" });
  assertEquals((await named("--pod", "default/web-0")).stdout.includes("other"), false);
  assertMatch((await named("--pod", "default/web-0")).stdout, /^m1 /m);
  assertEquals(await named("--pod", "default/none"), {
    code: 1,
    stdout: "",
    stderr: 'ovs-mirror-producer: no mirror on this switch has a port of pod "default/none" ' +
      "that is on record\n",
  });
});

Deno.test("show names the pods that the plugins recorded", async () => {
  await using host = await Host.start();
  const env = (name: string) => ({ CNI_ARGS: `K8S_POD_NAMESPACE=ns;K8S_POD_NAME=${name}` });
  await (await host.addPod()).producer().with({ env: env("web-0") }).add();
  await (await host.addPod()).consumer().with({ env: env("ids") }).add();
  const show = async (...args: string[]) => {
    const env = { OVS_MIRROR_CACHE_DIR: host.cache };
    return (await command(["show", "--socket", host.db.socket, ...args], { env })).stdout;
  };
  const shown = await show();
  assertMatch(shown, / ns\/web-0 \(veth1, eth1, ingress\+egress\) +ns\/ids \(veth2, eth1\)$/m);
  for (const pod of ["ns/web-0", "ns/ids"]) assertEquals(await show("--pod", pod), shown);
});

Deno.test("PodRecords notices records that come, change and go", async () => {
  await using files = await Files.make();
  const pods = new PodRecords(files.directory);
  const path = files.path("a-eth1_prod");
  for (const [second, name] of ["web-0", "web-1"].entries()) {
    await writeRecords(files.directory, { "a-eth1_prod": record(GONE, "/n", name) });
    await Deno.utime(path, second, second);
    pods.refresh();
    assertEquals(pods.names(), [`default/${name}`]);
  }
  await Deno.remove(path);
  pods.refresh();
  assertEquals(pods.names(), []);
});
