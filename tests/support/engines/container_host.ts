/**
 * A node with a switch on which a container engine finds all that it looks for, at the usual places.
 *
 * @module
 */

import { basename } from "@std/path";
import { REAL_OVS_PLUGIN } from "../ovs/ovs_plugin.ts";
import { makeOvsExecutable } from "../ovs/ovs_executable.ts";
import { executable } from "../cni/plugin.ts";
import { BRIDGE } from "../cni/pods.ts";
import { CNI_PLUGINS } from "../run/programs.ts";
import { Switch } from "../ovs/switch.ts";

/** Directories that engines write to, of which the node has its own. */
export const OWN = ["/dev/shm", "/etc/cni", "/etc/containers", "/run", "/var/lib"];

/**
 * The switch's socket and the plugins at their places. `/opt` may have the very Deno that runs
 * this, so only something is added to it. Engines shall see control groups of version 2: the
 * programs of Debian 12 refuse a machine with both.
 */
const PREPARE = `
database=$1; shift
mkdir -p /etc/cni/net.d /run/openvswitch /run/opt/upper/cni/bin /run/opt/work
ln -s "$database" /run/openvswitch/db.sock
mount -t overlay -o lowerdir=/opt,upperdir=/run/opt/upper,workdir=/run/opt/work overlay /opt
ln -sf "$@" /opt/cni/bin
mount -t cgroup2 cgroup2 /sys/fs/cgroup
`;

/** A root file system: `$1` gets BusyBox, ping, tcpdump and their libraries. */
const MAKE_ROOT = `
cd /
mkdir -p "$1/bin" "$1/etc"
echo "root:x:0:0::/:/bin/sh" >"$1/etc/passwd"
for name in busybox ping tcpdump; do
  program=$(command -v "$name")
  cp -L "$program" "$1/bin"
  for library in $(ldd "$program" 2>/dev/null | grep -o '/[^ ]*'); do
    cp -L --parents "$library" "$1"
  done
done
for name in sh sleep ip; do ln -s busybox "$1/bin/$name"; done
`;

/** A node. Leaving the scope ends all that runs on it. */
export class ContainerHost implements AsyncDisposable {
  private constructor(
    /** Its switch, with bridge `br1`. */
    readonly vswitch: Switch,
    /** Root file system of its containers. */
    readonly root: string,
  ) {}

  /** Makes a node without containers. */
  static async start(): Promise<ContainerHost> {
    await using resources = new AsyncDisposableStack();
    const vswitch = resources.use(await Switch.start(OWN));
    const { db: { directory, socket }, node } = vswitch;
    const root = `${directory}/root`;
    await node.succeed("sh", "-ec", MAKE_ROOT, "sh", root);
    const ovs = REAL_OVS_PLUGIN ?? await makeOvsExecutable(directory);
    const plugins = [
      ovs,
      executable("producer"),
      executable("consumer"),
      `${CNI_PLUGINS}/host-local`,
    ];
    await node.succeed("sh", "-ec", PREPARE, "sh", socket, ...plugins);
    await vswitch.addBridges(BRIDGE);
    resources.move();
    return new ContainerHost(vswitch, root);
  }

  /**
   * Looks for what containers have left: rows, links, namespaces, addresses, records and processes.
   *
   * @param programs Names of executables that must not be running.
   * @returns A few words for each thing.
   */
  async leftovers(...programs: string[]): Promise<string[]> {
    const { db, node } = this.vswitch;
    const mirrors = (await db.mirrors()).map(({ name }) => `mirror ${name}`);
    const ports = (await db.rows("Port", ["name"])).filter(({ name }) => name !== BRIDGE);
    const others = lines(await node.succeed("sh", "-c", FIND));
    const running = lines(await node.succeed("sh", "-c", "readlink /proc/[0-9]*/exe || true"));
    return [
      ...mirrors,
      ...ports.map(({ name }) => `port ${name}`),
      ...others,
      ...running.filter((path) => programs.includes(basename(path))),
    ];
  }

  /** Ends all that runs on the node and removes what it was made of. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.vswitch[Symbol.asyncDispose]();
  }
}

/** Interfaces, namespaces, and files of plugins without those that stay. */
const FIND = `
ip -o link show type veth
[ ! -d /run/netns ] || find /run/netns -type f
[ ! -d /var/lib/cni ] || find /var/lib/cni -type f ! -name lock ! -name 'last_reserved_ip.*'
`;

/** Its lines, without empty ones. */
function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
