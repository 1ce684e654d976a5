import { assert, assertEquals } from "@std/assert";
import type { ChainedPlugin, Config } from "../support/cni/chained.ts";
import { Host, ours, type Pod } from "../support/cni/host.ts";
import { lacks } from "../support/run/lacks.ts";
import { ownEtcAndVar } from "../support/run/own_root.ts";

/** A producer that leaves bridge and database to a file with this content. */
async function configuredBy(pod: Pod, content: string | Config): Promise<ChainedPlugin> {
  const configuration_path = `${pod.host.db.directory}/ovs.conf`;
  const text = typeof content === "string" ? content : JSON.stringify(content);
  await Deno.writeTextFile(configuration_path, text);
  return pod.producer({ bridge: undefined, socket_file: undefined, configuration_path });
}

Deno.test("the file fills what the network configuration leaves empty", async (t) => {
  await using host = await Host.start("br1", "br2");
  const pod = await host.addPod();
  const attached = ours("m1", { src: [pod.port], dst: [pod.port] });
  const file = { bridge: "br1", socket_file: `unix:${host.db.socket}`, vlan: 5, log: { x: [] } };
  const cases: Record<string, [file: string | Config, configured: Config]> = {
    "both": [file, {}],
    "both, as long as it may be": [JSON.stringify(file).padEnd(1024 * 1024), {}],
    "both, where they are empty": [file, { bridge: "", socket_file: "" }],
    "only the bridge": [{ bridge: "br1" }, { socket_file: host.db.socket }],
    "only the address": [{ socket_file: host.db.socket }, { bridge: "br1" }],
    "nothing: the network configuration goes first": [
      { bridge: "br2", socket_file: "/nonexistent" },
      { bridge: "br1", socket_file: host.db.socket },
    ],
  };
  for (const [name, [content, config]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const producer = (await configuredBy(pod, content)).with({ config });
      await producer.add();
      await host.assertMirrors(attached);
      await producer.check();
      await producer.del();
      await host.assertMirrors();
    });
  }
});

Deno.test("a file that is needed and can't be used", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const contents: [string, code: number, words: string][] = [
    ["", 7, "is not valid JSON: it ends too early"],
    ["{", 7, "is not valid JSON: it ends too early"],
    ['\ufeff{"bridge": "br1"}', 7, "a byte order mark at line 1, column 1"],
    ['{\n  // SECRET\n  "bridge": "br1"}', 7, "a comment at line 2, column 3"],
    ['{"bridge": "br1",\n}', 7, "a comma too many at line 1, column 17"],
    ["[]", 7, "is not valid: it must be of type object"],
    ["null", 7, "is not valid: it must be of type object"],
    ['{"bridge": 1}', 7, '"bridge" must be of type string'],
    ['{"bridge": "br1", "socket_file": ["x"]}', 7, '"socket_file" must be of type string'],
    ["{}", 7, "names no bridge"],
    [`{"bridge":"br1"}${" ".repeat(1024 * 1024)}`, 5, "longer than"],
  ];
  for (const [content, code, words] of contents) {
    await t.step(content.slice(0, 40), async () => {
      const producer = await configuredBy(pod, content);
      await producer.fails("ADD", code, words, code === 7 && content === "{}" ? "" : "ovs.conf");
    });
  }
});

Deno.test("a path that names no file", async (t) => {
  await using host = await Host.start();
  const producer = await configuredBy(await host.addPod(), {});
  const { directory } = host.db;
  await new Deno.Command("mkfifo", { args: [`${directory}/fifo`] }).output();
  const paths: Record<string, string> = {
    [`${directory}/db.sock`]: "not a regular file",
    [`${directory}/fifo`]: "not a regular file",
    [directory]: "not a regular file",
    "/dev/zero": "not a regular file",
    "ovs.conf": "not an absolute path",
    "/a\0b": "not an absolute path",
    [`/${"x".repeat(5000)}`]: "cannot be used",
  };
  for (const [configuration_path, words] of Object.entries(paths)) {
    await t.step(words, async () => {
      await producer.with({ config: { configuration_path } }).fails("ADD", 5, words);
    });
  }
  await t.step("is as none: the default ones are looked at", async () => {
    const missing = { config: { configuration_path: `${directory}/none` } };
    await producer.with(missing).fails("ADD", 7, "names no bridge");
  });
});

Deno.test("a file system that does not answer", {
  ignore: lacks({ strace: "strace" }),
}, async () => {
  await using host = await Host.start();
  const producer = await configuredBy(await host.addPod(), { bridge: "br1" });
  const path = `${producer.request.config?.configuration_path}`;
  const through = ["/usr/bin/env", "strace", "-f", "-qq", "-o", "/dev/null", "-P", path]
    .concat("-e", "trace=openat", "-e", `inject=openat:delay_enter=${4_000_000}`);
  await producer.with({ through, env: { OVS_MIRROR_TIMEOUT: "1" } })
    .fails(
      "ADD",
      11,
      "ADD failed: the file system did not answer in time at the policy or the configuration file",
    );
});

/** What a file of secrets may look like; no piece of it may be seen. */
const SECRETS: Record<string, string> = {
  "text": "root:hunter2:19000:0:99999:7:::\n",
  "a key": "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n",
  "a JSON string": '"hunter2"',
  "a JSON object": '{"password":"hunter2"}',
  "a JSON object, cut": '{"password":"hunter2',
  "a list": '["hunter2"]',
  "a bridge of the wrong type": '{"bridge":["hunter2"],"socket_file":{"hunter2":1}}',
  "an address that is none": '{"bridge":"br1","socket_file":["hunter2"]}',
};

Deno.test("nothing of a file's content is ever printed", async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  for (const [name, secret] of Object.entries(SECRETS)) {
    for (const command of ["ADD", "CHECK", "DEL", "GC", "STATUS"]) {
      await t.step(`${name}, ${command}`, async () => {
        const config = { cniVersion: "1.1.0", "cni.dev/valid-attachments": [] };
        const producer = (await configuredBy(pod, secret)).with({ config });
        const { stdout, stderr } = await host.unchanged(() => producer.call(command));
        for (const word of ["hunter2", "password", "root:", "BEGIN"]) {
          assert(!(stdout + stderr).includes(word), stdout + stderr);
        }
      });
    }
  }
});

Deno.test("the default files, socket and cache are found by themselves", {
  ignore: lacks({ unshare: "util-linux", mount: "mount" }),
}, async (t) => {
  await using host = await Host.start();
  const pod = await host.addPod();
  const { root, through } = await ownEtcAndVar(host.db);
  const producer = pod.producer({ bridge: undefined, socket_file: undefined }).with({
    through,
    env: { OVS_MIRROR_CACHE_DIR: undefined },
  });
  const kubernetes = `${root}/etc/kubernetes/cni/net.d/ovs.d`;
  const plain = `${root}/etc/cni/net.d/ovs.d`;
  const attached = ours("m1", { src: [pod.port], dst: [pod.port] });

  await t.step("no file: no bridge", async () => {
    await producer.fails("ADD", 7, "names no bridge");
  });
  await t.step("the second file alone", async () => {
    await Deno.mkdir(plain, { recursive: true });
    await Deno.writeTextFile(`${plain}/ovs.conf`, '{"bridge":"br1"}');
    await producer.add();
    await host.assertMirrors(attached);
    const [entry] = Array.from(Deno.readDirSync(`${root}/var/lib/cni/ovs-cni/cache`));
    assertEquals(entry?.name, "pod-1-eth1_prod");
    await producer.del();
    await host.assertMirrors();
  });
  await t.step("the first file goes before the second", async () => {
    await Deno.mkdir(kubernetes, { recursive: true });
    await Deno.writeTextFile(`${kubernetes}/ovs.conf`, '{"bridge":"br9"}');
    await producer.fails("ADD", 101, '"br9"');
  });
  await t.step("only the first is read", async () => {
    await Deno.writeTextFile(`${kubernetes}/ovs.conf`, '{"socket_file":""}');
    await producer.fails("ADD", 7, "names no bridge");
  });
  await t.step("the default files serve where the named one is missing", async () => {
    await Deno.writeTextFile(`${kubernetes}/ovs.conf`, '{"bridge":"br1"}');
    await producer.with({ config: { configuration_path: "/nonexistent" } }).add();
  });
  await t.step("they are not looked at if nothing is left out", async () => {
    await Deno.writeTextFile(`${kubernetes}/ovs.conf`, "{");
    const socket_file = "unix:/var/run/openvswitch/db.sock";
    await producer.with({ config: { bridge: "br1", socket_file } }).check();
    await producer.fails("ADD", 7, "/etc/kubernetes/cni/net.d/ovs.d/ovs.conf", "JSON");
  });
});
