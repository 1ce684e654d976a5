/**
 * Records docs/recording.svg: `show` and `lint` in a terminal, on a private switch with three pods
 * that talk. Takes root, as the commands are to find the switch where it is on a node.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { stringMap } from "../lib/ovsdb/value.ts";
import { Deployment } from "../tests/support/deploy/deployment.ts";
import { both } from "../tests/support/cni/chained.ts";
import { consumer, network, on, ovs, pod, producer } from "../tests/support/cni/pods.ts";
import { run, succeed, until } from "../tests/support/run/process.ts";
import { SWITCH_PROGRAMS } from "../tests/support/run/programs.ts";
import { createRuntime } from "../tests/support/cni/runtime.ts";
import { Talk } from "../tests/support/packets/talk.ts";
import { field } from "./demo/print.ts";
import { Stage } from "./demo/stage.ts";
import { ensureExecutables, ensurePrograms } from "./prepare.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));
const RICH = "rich==15.0.0";
const WIDTH = 100;

const [WEB, DB] = ["10.1.0.1", "10.1.0.2"];
const PRODUCERS = network("shop", ovs(100), producer(both("shop")));
const TALKING = [pod("web-0", on("eth1", PRODUCERS, WEB)), pod("db-0", on("eth1", PRODUCERS, DB))];
const CONSUMERS = network("ids", ovs(), consumer("shop"));
const LISTENING = [pod("ids-0", on("eth1", CONSUMERS))];

/** The networks, with a slip in them. */
const YAML = [PRODUCERS, CONSUMERS].map(({ name, ...config }) =>
  `\
apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata:
  name: ${name}
spec:
  config: |-
    ${JSON.stringify(config, undefined, 2).replaceAll("\n", "\n    ")}
`
).join("---\n").replace("ingress", "ingres");

/** Puts the switch and the records where they are on a node, for one command in a terminal. */
const ON_NODE = `
  mount -t tmpfs tmpfs /run && mkdir /run/openvswitch && mount --bind "$1" /run/openvswitch
  mount -t tmpfs tmpfs /var/lib && mkdir -p /var/lib/cni/ovs-cni/cache
  mount --bind "$1/cache" /var/lib/cni/ovs-cni/cache
  cd "$1"
  exec script -qec "stty cols ${WIDTH} rows 50; exec $2" /dev/null`;

await ensurePrograms(SWITCH_PROGRAMS, field);
await ensureExecutables(field);
await Deno.writeTextFile(`${ROOT}docs/recording.svg`, await draw(await record()));

/** Plays it, and returns what the terminal showed. */
async function record(): Promise<string> {
  await using stage = await Stage.open();
  const { db, node } = stage;
  const external_ids = stringMap({ hostname: "worker-1" });
  await db.transact([{ op: "update", table: "Open_vSwitch", where: [], row: { external_ids } }]);
  await Deno.writeTextFile(`${db.directory}/networks.yaml`, YAML);
  const pods = new Deployment(createRuntime(db, node, "shop"), node);
  await pods.add(TALKING);
  let shown = await inTerminal(db.directory, "ovs-mirror-producer show");
  await pods.add(LISTENING);
  await using _talk = await Talk.start(pods.pod("web-0"), WEB, DB);
  await until("packets", async () => (await stage.vswitch!.mirroredPackets()).get("shop"));
  shown += await inTerminal(db.directory, "ovs-mirror-producer show --for 10");
  return shown + await inTerminal(db.directory, "ovs-mirror-producer lint networks.yaml");
}

async function inTerminal(directory: string, line: string): Promise<string> {
  const { stdout } = await run("unshare", {
    args: ["--mount", "sh", "-ec", ON_NODE, "sh", directory, line],
    env: { PATH: `${ROOT}dist:${Deno.env.get("PATH")}`, TERM: "xterm-256color" },
    clearEnv: true,
  });
  return `\x1b[1m# ${line}\x1b[0m\n${stdout.replaceAll("\r\n", "\n")}\n`;
}

async function draw(shown: string): Promise<string> {
  const directory = await Deno.makeTempDir();
  try {
    await succeed("python3", "-m", "pip", "install", "--quiet", "--target", directory, RICH);
    const args = [`${ROOT}scripts/recording/render.py`, String(WIDTH), "worker-1"];
    const drawn = await run("python3", { args, stdin: shown, env: { PYTHONPATH: directory } });
    if (drawn.code !== 0) throw new Error(drawn.stderr);
    return drawn.stdout;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
