import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "@std/yaml/parse";
import { stringMap } from "../../lib/ovsdb/value.ts";
import type { Pod } from "kubernetes-types/core/v1";
import { frame } from "../support/cli/receiving.ts";
import { Host } from "../support/cni/host.ts";
import { Cluster } from "../support/deploy/kubectl.ts";
import { typeCheck } from "../support/deploy/type_check.ts";
import { ROOT } from "../support/project/documents.ts";
import { Files } from "../support/run/files.ts";
import { lacks } from "../support/run/lacks.ts";
import { run, until } from "../support/run/process.ts";

const ignore = lacks({ tcpdump: "tcpdump", bash: "bash" });

/** Packets that the switch's stand-in sends when a pod is attached. */
const PACKETS = 3;

/** What a switch does with a mirror: copies go to the address, with the key. */
function mirroring(directory: string): string {
  return `
    [ "$1" = attach ] || exit 0
    remote=$(echo "$*" | sed 's/.*--remote vxlan:\\([^ ]*\\).*/\\1/')
    key=\${remote##*=}
    datagram=${directory}/$key
    header=$(printf '\\\\%03o' 8 0 0 0 $((key >> 16)) $((key >> 8 & 255)) $((key & 255)) 0)
    { printf "$header"; cat ${directory}/frame; } >$datagram
    for number in $(seq ${PACKETS}); do
      bash -c 'cat "$0" >/dev/udp/$1/4789' $datagram "\${remote%%,*}"
    done
    exit 0
  `;
}

/** A cluster whose node attaches pods so. */
async function start(answer = mirroring) {
  await using stack = new AsyncDisposableStack();
  const files = stack.use(await Files.make({}));
  await Deno.writeFile(files.path("frame"), frame(100, 7));
  const node = { node: "worker-1", answer: answer(files.path(".")) };
  const cluster = stack.use(await Cluster.make([{ node: "worker-2" }, node]));
  const resources = stack.move();
  return { cluster, files, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

async function count(path: string): Promise<number> {
  const { code, stdout } = await run("tcpdump", { args: ["-n", "-r", path] });
  assertEquals(code, 0);
  return stdout.match(/IP 10\.0\.0\.1\.7 > 10\.0\.0\.2\.9: UDP/g)?.length ?? 0;
}

Deno.test({
  name: "kubectl ovs-mirror capture writes a pod's packets, and takes back all that it did",
  ignore,
  async fn() {
    await using started = await start();
    const { cluster, files } = started;
    const args = [
      "-n",
      "shop",
      "web-0",
      "-i",
      "net1",
      "--filter=tcp,tcp_dst=80",
      "--snaplen",
      "96",
    ];
    const path = files.path("packets");
    const finished = await cluster.run(["capture", ...args, "--for", "2s", "-w", path]);
    assertEquals([finished.code, finished.stdout], [0, ""], finished.stderr);
    assertMatch(finished.stderr, /^capturing shop\/web-0 for 2 s; Ctrl-C ends it$/m);
    assertMatch(finished.stderr, /^3 packets written; lost: 0 in the kernel, 0 as/m);
    assertEquals(await count(path), PACKETS);
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
    const calls = cluster.calls();
    const [attach, detach] = ["attach", "detach"].map((command) =>
      calls.filter((call) => call.includes(`ovs-mirror-producer ${command} `))
    );
    assertEquals([attach!.length, detach!.length], [1, 1]);
    assertMatch(attach![0]!, /^exec --namespace kube-system pod-1 --container metrics -- /);
    const words =
      /attach (--pod shop\/web-0 --pod uid-1 --interface net1 --mirror (capture-\d+) --remote \S+)/
        .exec(attach![0]!)!;
    assertMatch(attach![0]!, / --filter tcp,tcp_dst=80 --snaplen 96 --for 2s$/);
    assert(detach![0]!.endsWith(`detach ${words[1]}`), detach![0]);
    assertMatch(calls.at(-1)!, /^delete pod --namespace shop ovs-mirror-capture-\d+ --wait=false$/);
  },
});

Deno.test(
  { name: "the receiving pod has no rights, ends by itself, and is a pod", ignore },
  async () => {
    await using started = await start();
    assertEquals((await started.cluster.run(["capture", "web-0", "--for", "1s"])).code, 0);
    const pod = JSON.parse(started.cluster.created()) as Pod;
    assertEquals(await typeCheck("core/v1", "Pod", pod), "");
    const { spec } = pod;
    assertEquals([spec!.activeDeadlineSeconds, spec!.nodeName], [61, "worker-1"]);
    assertEquals(spec!.automountServiceAccountToken, false);
    assertEquals([spec!.hostNetwork, spec!.volumes], [undefined, undefined]);
    assertEquals(spec!.securityContext?.runAsNonRoot, true);
    const [container] = spec!.containers;
    assertEquals(container!.image, "registry.example/ovs-mirror-cni:1");
    assertEquals(container!.securityContext?.capabilities, { drop: ["ALL"] });
  },
);

Deno.test(
  { name: "the ClusterRole allows what the script does, and no more", ignore },
  async () => {
    await using started = await start();
    assertEquals((await started.cluster.run(["capture", "web-0", "--for", "1s"])).code, 0);
    // The program of the receiving shell has lines of its own.
    const calls = started.cluster.calls()
      .filter((call) => /^(get|create|wait|exec|delete) /.test(call));
    const needed = new Set(calls.flatMap((call) => {
      const [verb] = call.split(" ");
      if (verb === "exec") return ["pods/exec get", "pods/exec create"];
      if (verb === "wait") return ["pods list", "pods watch"];
      return [`pods ${call.includes("--selector") ? "list" : verb}`];
    }));
    const { rules } = parse(
      Deno.readTextFileSync(`${ROOT}deploy/components/capture/clusterrole.yaml`),
    ) as { rules: { resources: string[]; verbs: string[] }[] };
    const allowed = rules.flatMap(({ resources, verbs }) =>
      verbs.map((verb) => `${resources} ${verb}`)
    );
    assertEquals(allowed.sort(), [...needed].sort());
  },
);

Deno.test({ name: "several captures of one pod go side by side", ignore }, async () => {
  await using started = await start();
  const { cluster, files } = started;
  const paths = ["a", "b", "c"].map((name) => files.path(name));
  const all = await Promise.all(
    paths.map((path) => cluster.run(["capture", "web-0", "--for", "3s", "-w", path])),
  );
  for (const { code, stderr } of all) assertEquals(code, 0, stderr);
  for (const path of paths) assertEquals(await count(path), PACKETS);
  const mirrors = cluster.calls().flatMap((call) =>
    Array.from(call.matchAll(/ attach .*--mirror (\S+)/g), ([, name]) => name!)
  );
  assertEquals(new Set(mirrors).size, 3);
});

Deno.test({ name: "kubectl ovs-mirror capture ends in good order on Ctrl-C", ignore }, async () => {
  await using started = await start();
  const { cluster, files } = started;
  let pid: number;
  const path = files.path("packets");
  const finished = cluster.run(["capture", "web-0", "--for", "10m", "-w", path], {}, (id) => {
    pid = id;
  });
  const isAttached = () => cluster.calls().some((call) => call.includes(" attach "));
  await until("the pod to be attached", isAttached);
  await until("packets", async () => (await Deno.stat(path)).size > 300);
  Deno.kill(pid!, "SIGINT");
  const { code, stderr } = await finished;
  assertEquals(code, 0, stderr);
  assertMatch(stderr, /^3 packets written/m);
  assertEquals(await count(path), PACKETS);
  assertMatch(cluster.calls().at(-1)!, /^delete pod /);
});

Deno.test(
  { name: "kubectl ovs-mirror capture ends when nobody reads any more", ignore },
  async () => {
    await using started = await start();
    const { cluster } = started;
    const { stdout } = await cluster.runInto(["capture", "web-0", "--for", "10m"], "head -c 4");
    assertEquals(stdout, "\n\r\r\n");
    assertMatch(cluster.calls().at(-1)!, /^delete pod /);
  },
);

Deno.test({ name: "what can't be attached is told, and nothing is left", ignore }, async () => {
  const refusing = () => 'echo "ovs-mirror-producer: there is no port" >&2; exit 3';
  await using started = await start(refusing);
  const { cluster } = started;
  const { code, stderr } = await cluster.run(["capture", "web-0"]);
  assertEquals(code, 3);
  assertMatch(stderr, /^ovs-mirror-producer: there is no port$/m);
  assertMatch(stderr, /^kubectl ovs-mirror: cannot attach the pod to a mirror$/m);
  assertMatch(cluster.calls().at(-1)!, /^delete pod /);
});

/** The real program; where copies leave for has to be another host. */
function attaching(host: Host): (directory: string) => string {
  return () => `
    for word in "$@"; do
      shift
      case $word in vxlan:127.*) word=vxlan:192.0.2.10,\${word#*,} ;; esac
      set -- "$@" "$word"
    done
    export OVS_MIRROR_CACHE_DIR=${host.cache} OVS_MIRROR_POLICY=/none
    set -- "$@" --socket ${host.db.socket}
  `;
}

for (const marks of [{ contPodUid: "uid-1" }, { contPodUid: "" }]) {
  const known = marks.contPodUid ? "by the UID at its port" : "by what a plugin has on record";
  Deno.test(`kubectl ovs-mirror capture has a pod attached that is known ${known}`, async () => {
    await using host = await Host.withSwitch();
    const pod = await host.addPod();
    const row = { external_ids: stringMap({ ...marks, contIface: "eth1" }) };
    await host.db.transact([
      { op: "update", table: "Port", where: [["name", "==", pod.port]], row },
    ]);
    const CNI_ARGS = "K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0";
    if (!marks.contPodUid) await pod.producer().with({ env: { CNI_ARGS } }).add();
    const before = await host.db.mirrors();
    await using started = await start(attaching(host));
    const running = started.cluster.run(["capture", "web-0", "-i", "eth1", "--for", "5s"]);
    const [mirror] = await until("the mirror", async () => {
      const found = (await host.db.mirrors()).filter(({ name }) => name.startsWith("capture-"));
      return found.length > 0 && found;
    });
    assertEquals([mirror!.src, mirror!.dst], [[pod.port], [pod.port]]);
    const { code, stderr } = await running;
    assertEquals(code, 0, stderr);
    assertEquals(await host.db.mirrors(), before);
  });
}

Deno.test("kubectl ovs-mirror capture says what is wrong with its command line", async () => {
  await using cluster = await Cluster.make([{ node: "worker-2" }]);
  const wrong: [args: string[], code: number, message: RegExp][] = [
    [[], 2, /name the pod to look into/],
    [["web-0", "web-1"], 2, /web-1 is one word too many/],
    [["web-0", "--for", "1d"], 2, /--for can't be 1d: use a time such as 90s, 10m or 2h/],
    [["web-0", "--for=0s"], 2, /--for can't be 0s/],
    [["web-0", "--for"], 2, /option --for needs a value/],
    [["web-0", "--remote=x"], 2, /there is no option --remote/],
    [["nowhere"], 3, /cannot find the pod/],
    [
      ["web-0"],
      3,
      /no pod of the DaemonSet with the component metrics is running on node worker-1/,
    ],
  ];
  for (const [args, code, message] of wrong) {
    const finished = await cluster.run(["capture", ...args]);
    assertEquals([finished.code, finished.stdout], [code, ""], args.join(" "));
    assertMatch(finished.stderr, message);
  }
  assertEquals(cluster.calls().filter((call) => call.startsWith("create")), []);
});
