/**
 * The first process of a node's namespaces, which keeps them and all that runs in them alive.
 *
 * @module
 */

import { firstLine } from "./lines.ts";

/** Ways to get namespaces, in the order in which they are tried. */
export const WAYS = [
  { isolation: "as root", unshare: [], enter: [] },
  {
    isolation: "in a user namespace",
    unshare: ["--user", "--map-root-user"],
    enter: ["--user", "--preserve-credentials"],
  },
] as const;

/** One of {@linkcode WAYS}. */
export type Way = typeof WAYS[number];

/** Where new network interfaces must not begin to talk IPv6 by themselves. */
export const SILENCE =
  "{ echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6 || true; ip link set lo up; } 2>/dev/null";

/**
 * The kernel ends all other processes with this one, and it ends when its input closes. It learns
 * its process id outside the namespaces from the machine's `/proc`, before that of the namespaces
 * is mounted over it: there programs find themselves. In a container that may be forbidden.
 */
const SCRIPT = `
read -r pid _ </proc/self/stat
mount -t proc proc /proc 2>/dev/null || true
mount --bind "$1" "$1"
shift
for covered in "$@"; do
  mount -t tmpfs tmpfs "$covered"
done
${SILENCE}
datapath=dummy
if ip tuntap add dev probe mode tap 2>/dev/null; then
  ip link delete probe
  datapath=netdev
fi
read -r setgroups </proc/self/setgroups
echo "node $pid $datapath $setgroups"
read -r _ || true
`;

/** A running first process. */
export class FirstProcess implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;

  private constructor(
    process: Deno.ChildProcess,
    /** The command that runs another one in its namespaces. */
    readonly enter: readonly string[],
    /** The `datapath_type` of bridges: `netdev`, or `dummy`, the same without a tap device. */
    readonly datapath: string,
    /** Whether a process there may set its groups, as the kernel says: `allow` or `deny`. */
    readonly setgroups: string,
  ) {
    this.#process = process;
  }

  /**
   * Makes namespaces.
   *
   * @param way How to get them.
   * @param directory A directory in which network namespaces get names.
   * @param covered Directories that are empty ones of their own in there.
   * @returns Their first process, or why there is none.
   */
  static async start(
    way: Way,
    directory: string,
    covered: readonly string[],
  ): Promise<FirstProcess | string> {
    const flags = [...way.unshare, "--net", "--mount", "--pid", "--fork", "--kill-child"];
    const command = [...flags, "sh", "-ec", SCRIPT, "sh", directory, ...covered];
    const process = new Deno.Command("sh", {
      args: ["-c", 'exec unshare "$@" 2>&1', "sh", ...command],
      stdin: "piped",
      stdout: "piped",
      detached: true,
    }).spawn();
    const answer = await firstLine(process.stdout);
    const [, pid, datapath = "", setgroups = ""] = /^node (\d+) (\w+) (\w+)$/.exec(answer) ?? [];
    const enter = ["nsenter", `--target=${pid}`, ...way.enter, "--net", "--mount", "--pid", "--"];
    const first = new FirstProcess(process, enter, datapath, setgroups);
    if (pid) return first;
    await first[Symbol.asyncDispose]();
    return answer;
  }

  /** Ends everything in the namespaces. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stdin.close().catch(() => {});
    await this.#process.status;
  }
}
