/**
 * A node of a cluster, with pods, in namespaces of its own: nothing of it shows on the machine.
 *
 * @module
 */

import { lines } from "./lines.ts";
import { Place } from "./place.ts";

/** Ways to get namespaces, in the order in which they are tried. */
const WAYS = [
  { isolation: "root", unshare: [], enter: [] },
  {
    isolation: "user namespace",
    unshare: ["--user", "--map-root-user"],
    enter: ["--user", "--preserve-credentials"],
  },
] as const;

type Way = typeof WAYS[number];

/** Where new network interfaces must not begin to talk IPv6 by themselves. */
const SILENCE = "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6 || true; ip link set lo up";

/**
 * The first process of the node. The kernel ends all others with it, and it ends when its input
 * closes. `/proc` is that of the machine, so it learns its process id outside the node.
 */
const FIRST_PROCESS = `
read -r pid _ </proc/self/stat
mount --bind "$1" "$1"
{ ${SILENCE}; } 2>/dev/null
datapath=dummy
if ip tuntap add dev probe mode tap 2>/dev/null; then
  ip link delete probe
  datapath=netdev
fi
echo "node $pid $datapath"
read -r _ || true
`;

/** Makes a network namespace and gives it a name in the file system. */
const MAKE_POD = `{ ${SILENCE}; } 2>/dev/null; mount --bind /proc/self/ns/net "$1"`;

/** The machine lets us make no namespaces. */
export class NamespacesForbidden extends Error {
  /** Tells this kind of error from others. */
  override name = "NamespacesForbidden";
}

/** A pod: a network namespace of the node. */
export class Pod extends Place {
  /**
   * @param name Its name.
   * @param netns Path of its network namespace, valid on the node only.
   * @param node The node that it is on.
   */
  constructor(readonly name: string, readonly netns: string, node: Place) {
    super([...node.enter, "nsenter", `--net=${netns}`, "--"]);
  }

  /**
   * Gives an interface an address, as an IPAM plugin would.
   *
   * @param ifname The interface.
   * @param address The address with its prefix length.
   */
  async setAddress(ifname: string, address: string): Promise<void> {
    await this.succeed("ip", "address", "add", address, "dev", ifname);
  }

  /**
   * Sends echo requests and waits for the replies to all of them.
   *
   * @param address Where to.
   * @param count How many.
   * @throws {Error} A reply is missing.
   */
  async ping(address: string, count: number): Promise<void> {
    await this.succeed("ping", "-n", "-q", "-c", String(count), "-i", "0.2", "-W", "5", address);
  }
}

/** A node. Leaving the scope ends all that runs on it and removes its network interfaces. */
export class Node extends Place implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #directory: string;

  private constructor(
    enter: readonly string[],
    process: Deno.ChildProcess,
    directory: string,
    /** How the namespaces were made. */
    readonly isolation: Way["isolation"],
    /** The `datapath_type` of bridges: `netdev`, or `dummy`, the same without a tap device. */
    readonly datapath: string,
  ) {
    super(enter);
    this.#process = process;
    this.#directory = directory;
  }

  /**
   * Makes a node: as root, or if that is not allowed, in a user namespace.
   *
   * @param directory A directory that is there, for the names of network namespaces.
   * @returns A node without pods.
   * @throws {NamespacesForbidden} Neither is allowed; the message has why.
   */
  static async start(directory: string): Promise<Node> {
    const reasons: string[] = [];
    for (const way of WAYS) {
      const node = await Node.#try(directory, way);
      if (node instanceof Node) return node;
      reasons.push(`as ${way.isolation}: ${node}`);
    }
    throw new NamespacesForbidden(`cannot make namespaces; ${reasons.join("; ")}`);
  }

  /** Makes a node in one way, or tells why it can't. */
  static async #try(directory: string, { isolation, unshare, enter }: Way) {
    const flags = [...unshare, "--net", "--mount", "--pid", "--fork", "--kill-child"];
    const process = new Deno.Command("sh", {
      args: ["-c", 'exec unshare "$@" 2>&1', "sh", ...flags, "sh", "-ec", FIRST_PROCESS]
        .concat("sh", directory),
      stdin: "piped",
      stdout: "piped",
      detached: true,
    }).spawn();
    let answer = "";
    for await (const line of lines(process.stdout)) {
      answer = line;
      break;
    }
    const [, pid, datapath] = /^node (\d+) (\w+)$/.exec(answer) ?? [];
    if (pid && datapath) {
      const command = ["nsenter", `--target=${pid}`, ...enter, "--net", "--mount", "--pid", "--"];
      return new Node(command, process, directory, isolation, datapath);
    }
    await end(process);
    return answer;
  }

  /**
   * Makes a pod, with no interface but its loopback.
   *
   * @param name Its name, for a file.
   * @returns The pod.
   */
  async addPod(name: string): Promise<Pod> {
    const netns = `${this.#directory}/${name}.netns`;
    await Deno.writeTextFile(netns, "", { createNew: true });
    await this.succeed("unshare", "--net", "sh", "-ec", MAKE_POD, "sh", netns);
    return new Pod(name, netns, this);
  }

  /**
   * Removes a pod and its interfaces.
   *
   * @param pod The pod.
   */
  async removePod(pod: Pod): Promise<void> {
    await this.succeed("umount", pod.netns);
    await Deno.remove(pod.netns);
  }

  /** Ends all that runs on the node and removes its network interfaces. */
  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.#process);
  }
}

async function end(process: Deno.ChildProcess): Promise<void> {
  await process.stdin.close().catch(() => {});
  await process.status;
}
