/**
 * containerd with its own CNI support, as its client `ctr` has it.
 *
 * @module
 */

import { basename } from "@std/path";
import type { ContainerHost } from "./container_host.ts";
import { Daemon } from "../run/daemon.ts";
import type { Engine, NetworkFile } from "./engine.ts";
import { lacks } from "../run/lacks.ts";
import { lacksSwitch } from "../run/lacks_switch.ts";
import { until } from "../run/process.ts";
import { CONTAINER_PROGRAMS } from "../run/programs.ts";

const PROGRAMS = {
  ...CONTAINER_PROGRAMS,
  containerd: "containerd",
  ctr: "containerd",
  runc: "runc",
};

/** Without what kubelet talks to, and without a storage driver that would load kernel modules. */
const CONFIGURATION = `
version = 2
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.aufs"]
`;

/** Where `ctr` reads, as it starts, the one network that its container gets. */
const NETWORK = "/etc/cni/net.d/10-network.conflist";

/** How a container was started. */
interface Life {
  network: NetworkFile;
  command: string[];
  /** The client that waits for the container's end, to detach it then. */
  client: Daemon;
}

/**
 * Tells whether tests with containerd have to be left out, and says so.
 *
 * @returns Whether a program is missing, or this user may not run containers.
 * @throws {Error} That is so in CI, which must leave nothing out.
 */
export async function lacksContainerd(): Promise<boolean> {
  if (lacks(PROGRAMS) || await lacksSwitch()) return true;
  if (Deno.uid() === 0) return false;
  console.warn("tests left out, containerd needs root");
  return true;
}

/** containerd on a node of its own. Leaving the scope ends it. */
export class Containerd implements Engine, AsyncDisposable {
  readonly programs = ["containerd-shim-runc-v2", "ctr"];
  readonly leavesPorts = true;
  readonly #lives = new Map<string, Life>();

  private constructor(readonly host: ContainerHost, readonly daemon: Daemon) {}

  /** Starts containerd on a node. */
  static async on(host: ContainerHost): Promise<Containerd> {
    const { node } = host.vswitch;
    const configuration = "/run/containerd.toml";
    await node.write(configuration, CONFIGURATION);
    const daemon = new Daemon(node, ["containerd", "--config", configuration]);
    const version = () => node.run("ctr", { args: ["version"] });
    await until("containerd to answer", async () => (await version()).code === 0);
    return new Containerd(host, daemon);
  }

  async start(name: string, network: NetworkFile, ...command: string[]): Promise<void> {
    const { node } = this.host.vswitch;
    await node.write(NETWORK, network);
    const process = ["--cap-add", "CAP_NET_RAW", "--env", "PATH=/bin"];
    // Without a share of the processor no controller is needed.
    const group = ["--cgroup", `/${this.#group}/${name}`, "--cpu-shares", "0"];
    const options = ["--rm", "--rootfs", "--cni", ...process, ...group];
    const run = ["ctr", "run", ...options, this.host.root, name, ...command];
    const client = new Daemon(node, ["sh", "-c", APPEND, log(name), ...run]);
    this.#lives.set(name, { network, command, client });
    await until(`${name} to run`, async () => {
      const tasks = (await this.#ctr("task", "list")).split("\n");
      return tasks.some((line) => line.startsWith(`${name} `) && line.includes("RUNNING"));
    }).catch(async (error) => {
      throw new Error(`${error.message}: ${await this.output(name)}`);
    });
  }

  async exec(name: string, ...command: string[]): Promise<string> {
    const id = crypto.randomUUID();
    return await this.#ctr("task", "exec", "--exec-id", id, name, ...command);
  }

  async output(name: string): Promise<string> {
    return await this.host.vswitch.node.succeed("cat", log(name));
  }

  async kill(name: string): Promise<void> {
    await this.#ctr("task", "kill", "--signal", "SIGKILL", name);
  }

  async restart(name: string): Promise<void> {
    const { network, command } = this.#lives.get(name)!;
    await this.remove(name);
    await this.start(name, network, ...command);
  }

  async remove(name: string): Promise<void> {
    // It may have been killed before.
    await this.kill(name).catch(() => {});
    await until(`${name} to be gone`, async () => {
      return !(await this.#ctr("container", "list", "--quiet")).split("\n").includes(name);
    });
    await this.#lives.get(name)!.client[Symbol.asyncDispose]();
  }

  async #ctr(...args: string[]): Promise<string> {
    return await this.host.vswitch.node.succeed("ctr", ...args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { node } = this.host.vswitch;
    const group = `/sys/fs/cgroup/${this.#group}`;
    await node.run("sh", { args: ["-c", '[ ! -d "$0" ] || echo 1 >"$0/cgroup.kill"', group] });
    await this.daemon[Symbol.asyncDispose]();
    const remove = { args: [group, "-depth", "-type", "d", "-delete"] };
    await until("the control group to be empty", async () => {
      await node.run("find", remove);
      return (await node.run("test", { args: ["-d", group] })).code !== 0;
    });
  }

  /** The control group of all containers, which is the machine's and so needs a name of its own. */
  get #group(): string {
    return basename(this.host.vswitch.db.directory);
  }
}

/** Runs a program whose output is added to a file. */
const APPEND = 'exec "$@" >>"$0" 2>&1';

function log(name: string): string {
  return `/run/${name}.log`;
}
