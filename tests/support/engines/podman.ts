/**
 * Podman with its CNI backend.
 *
 * @module
 */

import { type ContainerHost, OWN } from "./container_host.ts";
import type { Engine, NetworkFile } from "./engine.ts";
import { lacks } from "../run/lacks.ts";
import { lacksSwitch } from "../run/lacks_switch.ts";
import { Node } from "../run/namespace.ts";
import { CONTAINER_PROGRAMS } from "../run/programs.ts";

const PROGRAMS = { ...CONTAINER_PROGRAMS, podman: "podman", conmon: "conmon", crun: "crun" };

/** Needs no control group and nothing of the machine's shared memory. */
const CONFIGURATION = `
[containers]
cgroups = "disabled"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
runtime = "crun"
[network]
network_backend = "cni"
`;

/** Needs no file system that the machine would have to support. */
const STORAGE = `
[storage]
driver = "vfs"
runroot = "/run/storage"
graphroot = "/var/lib/storage"
`;

/**
 * Tells whether tests with Podman have to be left out, and says so.
 *
 * @returns Whether something is missing, or Podman has no CNI backend, as from version 5 on.
 * @throws {Error} Something that could be installed is missing in CI.
 */
export async function lacksPodman(): Promise<boolean> {
  if (lacks(PROGRAMS) || await lacksSwitch()) return true;
  if (Deno.uid() !== 0) return leaveOut("Podman needs root");
  const directory = await Deno.makeTempDir({ prefix: "ovs-mirror-test-" });
  try {
    await using node = await Node.start(directory, OWN);
    await configure(node);
    const args = ["info", "--format", "{{.Host.NetworkBackend}}"];
    const { code, stdout, stderr } = await node.run("podman", { args });
    if (code === 0 && stdout.trim() === "cni") return false;
    return leaveOut(`Podman has no CNI backend: ${stderr.trim() || stdout.trim()}`);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function leaveOut(why: string): true {
  console.warn(`tests left out, ${why}`);
  return true;
}

async function configure(node: Node): Promise<void> {
  await node.write("/etc/containers/containers.conf", CONFIGURATION);
  await node.write("/etc/containers/storage.conf", STORAGE);
}

/** Podman on a node of its own. */
export class Podman implements Engine {
  readonly programs = ["conmon", "podman"];

  private constructor(readonly host: ContainerHost) {}

  /** Sets Podman up on a node. */
  static async on(host: ContainerHost): Promise<Podman> {
    await configure(host.vswitch.node);
    return new Podman(host);
  }

  async start(name: string, network: NetworkFile, ...command: string[]): Promise<void> {
    const networkName = JSON.parse(network).name;
    await this.host.vswitch.node.write(`/etc/cni/net.d/${networkName}.conflist`, network);
    const options = ["--detach", "--name", name, "--network", networkName, "--cap-add", "NET_RAW"];
    await this.#podman("run", ...options, "--rootfs", this.host.root, ...command);
  }

  async exec(name: string, ...command: string[]): Promise<string> {
    return await this.#podman("exec", name, ...command);
  }

  async output(name: string): Promise<string> {
    return await this.host.vswitch.node.succeed("sh", "-c", 'podman logs "$0" 2>&1', name);
  }

  async kill(name: string): Promise<void> {
    await this.#podman("kill", name);
  }

  async restart(name: string): Promise<void> {
    await this.#podman("restart", "--time", "0", name);
  }

  async remove(name: string): Promise<void> {
    await this.#podman("rm", "--force", "--time", "0", name);
  }

  async #podman(...args: string[]): Promise<string> {
    return await this.host.vswitch.node.succeed("podman", ...args);
  }
}
