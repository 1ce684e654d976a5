/**
 * A node of a cluster, with pods, in namespaces of its own: nothing of it shows on the machine.
 *
 * @module
 */

import { FirstProcess, SILENCE, type Way, WAYS } from "./first_process.ts";
import { Place } from "./place.ts";

/** Makes a network namespace and gives it a name in the file system. */
const MAKE_POD = `${SILENCE}; mount --bind /proc/self/ns/net "$1"`;

/** The machine lets us make no namespaces. */
export class NamespacesForbidden extends Error {
  /** Tells this kind of error from others. */
  override name = "NamespacesForbidden";
}

/** A pod: a network namespace of the node. */
export class Pod extends Place {
  /** Whether a process may set its groups there, as programs do that give up root's rights. */
  readonly setsGroups: boolean;

  /**
   * @param netns Path of its network namespace, valid on the node only.
   * @param node The first process of its node.
   */
  constructor(readonly name: string, readonly netns: string, node: FirstProcess) {
    super([...node.enter, "nsenter", `--net=${netns}`, "--"]);
    this.setsGroups = node.setgroups === "allow";
  }

  /**
   * Gives an interface an address, as an IPAM plugin would.
   *
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
    const options = ["-n", "-q", "-c", String(count), "-i", "0.2", "-W", "5"];
    const said = await this.succeed("ping", ...options, address);
    // ping itself is content with one reply.
    if (!said.includes(` ${count} received, 0% packet loss`)) throw new Error(said);
  }
}

/** A node. Leaving the scope ends all that runs on it and removes its network interfaces. */
export class Node extends Place implements AsyncDisposable {
  readonly #first: FirstProcess;
  readonly #directory: string;

  private constructor(
    first: FirstProcess,
    directory: string,
    /** How the namespaces were made. */
    readonly isolation: Way["isolation"],
  ) {
    super(first.enter);
    this.#first = first;
    this.#directory = directory;
  }

  /**
   * Makes a node: as root, or if that is not allowed, in a user namespace.
   *
   * @param directory A directory that is there, for the names of network namespaces.
   * @param covered Directories of the machine that the node has empty ones of its own for.
   * @returns A node without pods.
   * @throws {NamespacesForbidden} Neither is allowed; the message has why.
   */
  static async start(directory: string, covered: readonly string[] = []): Promise<Node> {
    const reasons: string[] = [];
    for (const way of WAYS) {
      const first = await FirstProcess.start(way, directory, covered);
      if (typeof first !== "string") return new Node(first, directory, way.isolation);
      reasons.push(`${way.isolation}: ${first}`);
    }
    throw new NamespacesForbidden(`cannot make namespaces; ${reasons.join("; ")}`);
  }

  /** The `datapath_type` of bridges: `netdev`, or `dummy`, the same without a tap device. */
  get datapath(): string {
    return this.#first.datapath;
  }

  /**
   * Makes a pod, with no interface but its loopback.
   *
   * @param name Its name, for a file.
   */
  async addPod(name: string): Promise<Pod> {
    const netns = `${this.#directory}/${name}.netns`;
    await Deno.writeTextFile(netns, "", { createNew: true });
    await this.succeed("unshare", "--net", "sh", "-ec", MAKE_POD, "sh", netns);
    return new Pod(name, netns, this.#first);
  }

  /** Removes a pod and its interfaces. */
  async removePod(pod: Pod): Promise<void> {
    await this.succeed("umount", pod.netns);
    await Deno.remove(pod.netns);
  }

  /**
   * Writes a file in a directory that the node has of its own.
   *
   * @param path The file; directories are made as needed.
   * @param content What is in it then.
   */
  async write(path: string, content: string): Promise<void> {
    const script = 'mkdir -p "${0%/*}" && cat >"$0"';
    const { code, stderr } = await this.run("sh", { args: ["-c", script, path], stdin: content });
    if (code !== 0) throw new Error(`cannot write ${path}: ${stderr}`);
  }

  /** Ends all that runs on the node and removes its network interfaces. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#first[Symbol.asyncDispose]();
  }
}
