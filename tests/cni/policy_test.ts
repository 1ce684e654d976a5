import { assert, assertEquals } from "@std/assert";
import { dirname } from "@std/path";
import { both, type ChainedPlugin, type Config } from "../support/cni/chained.ts";
import { Host, ours, type Pod } from "../support/cni/host.ts";
import { POLICY, PolicyFile } from "../support/cni/policy_file.ts";
import { changesFile, pathsOf, readTrace, traced } from "../support/run/strace.ts";
import { lacks } from "../support/run/lacks.ts";
import { succeed } from "../support/run/process.ts";

const ignore = lacks({ unshare: "util-linux", mount: "mount" });

/** A node with a policy at its place, and a pod of a namespace. */
async function start() {
  const host = await Host.start();
  const file = await PolicyFile.make(host.db);
  const pod = await host.addPod();
  /** A plugin of the pod, called where the policy is, by a runtime that says this namespace. */
  const plugin = (role: "producer" | "consumer", config: Config = {}, namespace = "web") =>
    pod[role](config).with({
      through: file.through,
      env: { CNI_ARGS: `IgnoreUnknown=1;K8S_POD_NAMESPACE=${namespace};K8S_POD_NAME=a` },
    });
  return { host, file, pod, plugin, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
}

Deno.test("what a policy allows is attached as without one", { ignore }, async () => {
  await using node = await start();
  const { host, file, pod, plugin } = node;
  await plugin("producer").add();
  await plugin("producer").del();
  await file.write({
    databases: [`unix:${host.db.socket}`],
    consumers: [],
    producers: [{ namespaces: ["we*"], bridges: ["br1"], mirrors: ["m1"] }],
  });
  await plugin("producer").add();
  await host.assertMirrors(ours("m1", { src: [pod.port], dst: [pod.port] }));
});

Deno.test("the namespace is what the runtime says, and nothing else", { ignore }, async (t) => {
  await using node = await start();
  const { file, plugin } = node;
  const of = (CNI_ARGS?: string) => plugin("producer").with({ env: { CNI_ARGS } });
  await file.write({ producers: [{ namespaces: ["security"] }] });
  const refused: Record<string, ChainedPlugin> = {
    "another": plugin("producer"),
    "none, as of Podman": of(undefined),
    "an empty one": of("K8S_POD_NAMESPACE=;K8S_POD_NAME=security"),
    "one in the configuration": plugin("producer", {
      args: { cni: { K8S_POD_NAMESPACE: "security" } },
      K8S_POD_NAMESPACE: "security",
      namespace: "security",
    }),
    "the network's name": plugin("producer", { name: "security" }),
  };
  for (const [name, producer] of Object.entries(refused)) {
    await t.step(name, async () => {
      await producer.fails("ADD", 110, POLICY, '"producers"', "ask the node's administrator");
    });
  }
  await t.step("the right one, also without a pod's name", async () => {
    await of("K8S_POD_NAMESPACE=security").add();
  });
  await t.step('containers without one are those of rules that name ""', async () => {
    for (const namespaces of [["*"], undefined]) {
      await file.write({ producers: [{ namespaces }] });
      await of(undefined).fails("ADD", 110, "a container without namespace");
    }
    await file.write({ producers: [{ namespaces: [""] }] });
    await of(undefined).add();
  });
});

/** Policies, configurations that they refuse, and words for why. */
const REFUSALS: Record<
  string,
  [policy: unknown, role: "producer" | "consumer", Config, ...string[]]
> = {
  "a database": [{ databases: ["unix:/run/db.sock"] }, "producer", {}, '"databases"'],
  "a TCP address": [
    { databases: ["unix:/run/db.sock"] },
    "producer",
    { socket_file: "tcp:127.0.0.1:9" },
    '"tcp:127.0.0.1:9"',
  ],
  "the default database": [
    { databases: ["unix:/run/db.sock"] },
    "producer",
    { socket_file: undefined },
    '"unix:/var/run/openvswitch/db.sock"',
  ],
  "a configuration file": [
    { configurationFiles: [] },
    "producer",
    { bridge: "", configuration_path: "/HERE/ovs.conf" },
    '"configurationFiles"',
    "/HERE/ovs.conf",
  ],
  "a consumer, before the configuration file is read": [
    { consumers: [{ namespaces: ["security"] }] },
    "consumer",
    { socket_file: "", configuration_path: "/HERE/ovs.conf" },
    'namespace "web" read mirror "m1" on bridge "br1"',
  ],
  "all": [{ consumers: [{}] }, "consumer", { mirrors: [{ name: "m1", all: true }] }, '"all"'],
  "shared": [
    { consumers: [{}] },
    "consumer",
    { mirrors: [{ name: "m1", shared: true }] },
    '"shared"',
  ],
  "a VLAN": [
    { consumers: [{ vlans: [1] }] },
    "consumer",
    { mirrors: [{ name: "m1", vlans: [1, 2] }] },
    '"vlans"',
  ],
  "a producer's mirror": [
    { producers: [{ mirrors: ["m1"] }] },
    "producer",
    { mirrors: [both("m1"), both("m2")] },
    'feed mirror "m2"',
    '"producers[0]" would but for its "mirrors"',
  ],
  "a bridge": [{ producers: [{ bridges: ["br2", "x*"] }] }, "producer", {}, '"bridges"'],
  "all of it, as the policy is none": ["{}}", "producer", {}, "is not valid JSON"],
};

Deno.test("a refusal connects to nothing, reads nothing but the policy and changes nothing", {
  ignore: ignore || lacks({ strace: "strace" }),
}, async (t) => {
  await using node = await start();
  const { host, file, plugin } = node;
  const { directory } = host.db;
  await Deno.writeTextFile(`${directory}/ovs.conf`, JSON.stringify({ bridge: "br1" }));
  for (const [name, [policy, role, config, ...words]] of Object.entries(REFUSALS)) {
    await t.step(name, async () => {
      await file.write(policy);
      const here = JSON.parse(JSON.stringify(config).replace("/HERE", directory));
      // What is undefined is left out, not kept.
      const members = { ...config, ...here };
      const report = `${directory}/trace`;
      await plugin(role, members).with({ through: [...file.through, ...traced(report)] })
        .fails("ADD", 110, POLICY, ...words.map((word) => word.replace("/HERE", directory)));
      const calls = await readTrace(report);
      assertEquals(calls.filter(({ name }) => /^(socket|connect|bind)$/.test(name)), []);
      assertEquals(calls.filter(changesFile), []);
      const paths = calls.flatMap(pathsOf);
      assert(paths.includes(POLICY));
      // The directory has the database, the records and the configuration file.
      const own = paths.filter((path) => path.startsWith(directory));
      assertEquals(own.filter((path) => !path.startsWith(`${directory}/node`)), []);
    });
  }
});

Deno.test("CHECK, DEL and GC never ask the policy, and STATUS asks whether it can be used", {
  ignore,
}, async (t) => {
  await using node = await start();
  const { host, file, plugin } = node;
  const config = { cniVersion: "1.1.0", "cni.dev/valid-attachments": [] };
  const status = host.plugin("producer").with({ through: file.through });
  for (const policy of [{ producers: [], databases: [] }, "nonsense"]) {
    await t.step(JSON.stringify(policy), async () => {
      const producer = plugin("producer", config);
      await file.write({});
      await producer.add();
      await file.write(policy);
      await producer.fails("ADD", 110, POLICY);
      await producer.check();
      if (policy === "nonsense") await status.fails("STATUS", 50, POLICY, "is not valid JSON");
      else await status.silently("STATUS");
      await producer.del();
      await host.assertMirrors();
      await file.write({});
      await producer.add();
      await file.write(policy);
      await host.plugin("producer", config).with({ through: file.through }).silently("GC");
      await host.assertMirrors();
    });
  }
});

/** What can be in the place of a policy, or around it, and words for it. */
const ODD: Record<string, [make: (path: string) => Promise<unknown>, ...string[]]> = {
  "a link": [
    async (path) => {
      await Deno.rename(path, `${path}.real`);
      await Deno.symlink("policy.json.real", path);
    },
    "is not a regular file",
  ],
  "a link that leads nowhere": [
    async (path) => {
      await Deno.remove(path);
      await Deno.symlink("nowhere", path);
    },
    "is not a regular file",
  ],
  "a fifo": [
    async (path) => {
      await Deno.remove(path);
      await succeed("mkfifo", path);
    },
    "is not a regular file",
  ],
  "a directory": [
    async (path) => {
      await Deno.remove(path);
      await Deno.mkdir(path);
    },
    "is not a regular file",
  ],
  "0666": [(path) => Deno.chmod(path, 0o666), "policy.json may be written by others than root"],
  "0620": [(path) => Deno.chmod(path, 0o620), "policy.json may be written by others than root"],
  "a directory that others may write": [
    (path) => Deno.chmod(dirname(path), 0o777),
    "/etc/ovs-mirror-cni may be written by others than root",
  ],
  "a directory that others may write, sticky": [
    (path) => Deno.chmod(dirname(path), 0o1777),
    "/etc/ovs-mirror-cni may be written by others than root",
  ],
  "a directory above": [(path) => Deno.chmod(dirname(dirname(path)), 0o775), "/etc may be written"],
  "a linked directory": [
    async (path) => {
      await Deno.rename(dirname(path), `${dirname(path)}.real`);
      await Deno.symlink("ovs-mirror-cni.real", dirname(path));
    },
    "/etc/ovs-mirror-cni is not a directory",
  ],
  "a file in place of the directory": [
    async (path) => {
      await Deno.rename(dirname(path), `${dirname(path)}.real`);
      await Deno.writeTextFile(dirname(path), "");
    },
    "/etc/ovs-mirror-cni is not a directory",
  ],
  "more than 1 MiB": [
    (path) => Deno.writeTextFile(path, `{}${" ".repeat(1024 * 1024)}`),
    "is longer than 1048576 bytes",
  ],
  "an empty file": [(path) => Deno.writeTextFile(path, ""), "is not valid JSON"],
  "no UTF-8": [
    (path) => Deno.writeFile(path, new Uint8Array([123, 255, 125])),
    "is not valid JSON",
  ],
  "deep nesting": [
    (path) =>
      Deno.writeTextFile(path, `{"consumers":${"[".repeat(500_000)}${"]".repeat(500_000)}}`),
    '"consumers[0]" must be of type object',
  ],
  "a member twice": [
    (path) => Deno.writeTextFile(path, '{"consumers":[],"consumers":[{}]}'),
    "has a member twice",
  ],
  "an unknown member": [
    (path) => Deno.writeTextFile(path, '{"consumers":[{"namespace":["hunter2"]}]}'),
    '"consumers[0]" has an unknown member, is "namespaces" meant?',
  ],
};

Deno.test("a policy that others may have made, or that is none, lets nothing pass", {
  ignore,
}, async (t) => {
  for (const [name, [make, ...words]] of Object.entries(ODD)) {
    await t.step(name, async () => {
      await using node = await start();
      await node.file.write({});
      await make(node.file.path);
      const { msg } = await node.plugin("producer").fails("ADD", 110, ...words);
      assert(!msg.includes("hunter2"));
    });
  }
});

Deno.test("a policy, or a directory on the way, that is another user's", {
  ignore: ignore || Deno.uid() !== 0,
}, async () => {
  await using node = await start();
  const { file, plugin } = node;
  await file.write({});
  for (
    const [path, name] of [[file.path, POLICY], [dirname(file.path), dirname(POLICY)]] as const
  ) {
    await Deno.chown(path, 1234, 0);
    await plugin("producer").fails("ADD", 110, `${name} belongs to user 1234, not to root`);
    await Deno.chown(path, 0, 1234);
    await plugin("producer").add();
  }
});

Deno.test("a policy elsewhere, as the environment says", { ignore }, async () => {
  await using node = await start();
  const { file, plugin } = node;
  await file.write({ producers: [] });
  const at = (OVS_MIRROR_POLICY: string) => plugin("producer").with({ env: { OVS_MIRROR_POLICY } });
  await at("").fails("ADD", 110, POLICY);
  await at("etc/ovs-mirror-cni/policy.json").fails("ADD", 110, "is not an absolute path");
  await at("/etc/ovs-mirror-cni/../ovs-mirror-cni/policy.json").fails("ADD", 110, '"producers"');
  await at(file.path).fails("ADD", 110, "/tmp may be written by others than root");
  await at("/etc/none.json").add();
});

Deno.test("a policy that is replaced all the time is the old or the new one, whole", {
  ignore,
}, async () => {
  await using node = await start();
  const { file, pod } = node;
  const filler = Array.from({ length: 2000 }, (_, index) => ({ mirrors: [`x${index}`] }));
  const policies = [{ producers: [...filler, {}] }, { producers: [{ mirrors: ["x"] }] }];
  await file.write(policies[0]);
  let done = false;
  const replacing = (async () => {
    for (let count = 0; !done; count++) await file.write(policies[count % 2]);
  })();
  const answers = await eachOf(ADDS, 8, async (index) => {
    const { code, json } = await asPod(pod, index).with({ through: file.through }).call("ADD");
    return code === 0 ? "allowed" : `${json?.code} ${json?.msg}`;
  });
  done = true;
  await replacing;
  const refused = `110 the policy ${POLICY} does not allow this: no rule of "producers" lets ` +
    'namespace "web" feed mirror "m1" on bridge "br1"; "producers[0]" would but for its "mirrors"';
  assertEquals([...new Set(answers)].sort(), [refused, "allowed"]);
});

/** ADDs of the race; more with ADDS. */
const ADDS = Number(Deno.env.get("ADDS") || 60);

function asPod(pod: Pod, index: number): ChainedPlugin {
  const CNI_ARGS = "K8S_POD_NAMESPACE=web;K8S_POD_NAME=a";
  return pod.producer().with({ env: { CNI_CONTAINERID: `race-${index}`, CNI_ARGS } });
}

async function eachOf<Value>(
  count: number,
  atOnce: number,
  action: (index: number) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < count) values.push(await action(next++));
  }));
  return values;
}
