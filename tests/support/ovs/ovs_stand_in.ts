/**
 * A stand-in for the `ovs` plugin, the first of a chain: it makes a pod's port on a bridge, gives it
 * addresses if the network has them, and leaves the same rows, marks and result.
 *
 * @module
 */

import { OWNER } from "../../../lib/mirror/snapshot/snapshot.ts";
import { EMPTY, readStringMap, stringMap } from "../../../lib/ovsdb/value.ts";
import type { CniResult, Plugin } from "../cni/chain.ts";
import { type Call, delegate } from "../cni/ipam.ts";
import type { Database } from "./ovsdb.ts";
import type { Place } from "../run/place.ts";

interface Request {
  cniVersion: string;
  bridge: string;
  vlan?: number;
  netns: string;
  ifname: string;
  /** Its input. */
  call: Call;
}

/**
 * Makes the plugin.
 *
 * @param db The switch's database.
 * @param node Where the interfaces are made; without it, ports are rows of the database only.
 */
export function ovsStandIn(db: Database, node?: Place): Plugin {
  return async (stdin, env) => {
    const { CNI_COMMAND: command, CNI_NETNS: netns = "", CNI_IFNAME: ifname = "" } = env;
    const request: Request = { ...JSON.parse(stdin), netns, ifname, call: { stdin, env } };
    try {
      return succeeded(await new StandIn(db, node, request).run(command));
    } catch (error) {
      const { message: msg } = error as Error;
      const stdout = JSON.stringify({ cniVersion: request.cniVersion, code: 999, msg });
      return { code: 1, stdout, stderr: "" };
    }
  };
}

function succeeded(result: object | void) {
  return { code: 0, stdout: result ? JSON.stringify(result) : "", stderr: "" };
}

const VERSIONS = { cniVersion: "1.0.0", supportedVersions: ["0.3.1", "0.4.0", "1.0.0"] };

class StandIn {
  readonly #db: Database;
  readonly #node?: Place;
  readonly #request: Request;

  constructor(db: Database, node: Place | undefined, request: Request) {
    this.#db = db;
    this.#node = node;
    this.#request = request;
  }

  async run(command: string | undefined): Promise<object | void> {
    if (command === "VERSION") return VERSIONS;
    if (command === "ADD") return await this.#add();
    if (command === "CHECK") return await this.#check();
    if (command === "DEL") return await this.#del();
    throw new Error(`no command ${command}`);
  }

  async #add(): Promise<CniResult> {
    const { cniVersion, bridge, vlan, netns, ifname } = this.#request;
    const bridges = await this.#db.rows("Bridge", ["name"]);
    if (!bridges.some(({ name }) => name === bridge)) throw new Error(`no bridge ${bridge}`);
    const port = `veth${crypto.randomUUID().slice(0, 8)}`;
    const made = await this.#node?.succeed("sh", "-ec", MAKE_VETH, "sh", port, ifname, netns);
    const addresses = await this.#address();
    const external_ids = stringMap({ contNetns: netns, contIface: ifname, owner: OWNER });
    await this.#db.addPortRows(bridge, { tag: vlan ?? EMPTY, external_ids }, port);
    const [outer, inner] = (made?.match(/(?:[0-9a-f]{2}:){5}[0-9a-f]{2}/g) ?? [])
      .map((mac) => ({ mac }));
    const interfaces = [{ name: port, ...outer }, { name: ifname, ...inner, sandbox: netns }];
    return { ...addresses, cniVersion, interfaces };
  }

  /** Gives the pod's interface its addresses; returns them as members of the result. */
  async #address() {
    if (!this.#node) return undefined;
    const { netns, ifname, call } = this.#request;
    const given = await delegate(this.#node, call);
    for (const { address } of given?.ips ?? []) {
      const command = ["ip", "address", "add", address, "dev", ifname];
      await this.#node.succeed("nsenter", `--net=${netns}`, ...command);
    }
    return given && { ...given, ips: given.ips.map((ip) => ({ ...ip, interface: 1 })) };
  }

  async #check(): Promise<void> {
    const { bridge, netns, ifname } = this.#request;
    if ((await this.#ports()).length > 0) return;
    throw new Error(`no port of ${ifname} in ${netns} on bridge ${bridge}`);
  }

  async #del(): Promise<void> {
    if (this.#node) await delegate(this.#node, this.#request.call);
    for (const port of await this.#ports()) {
      await this.#db.removePort(this.#request.bridge, port);
      // It may be gone already, with the pod's namespace.
      await this.#node?.run("ip", { args: ["link", "delete", port] });
    }
  }

  /** Names of the ports with the marks of this attachment. */
  async #ports(): Promise<string[]> {
    const { netns, ifname } = this.#request;
    const rows = await this.#db.rows("Port", ["name", "external_ids"]);
    return rows.flatMap(({ name, external_ids }) => {
      const marks = readStringMap(external_ids);
      const isOurs = marks.get("contNetns") === netns && marks.get("contIface") === ifname;
      return isOurs ? [String(name)] : [];
    });
  }
}

/**
 * A pair of interfaces: `$1` on the node, `$2` in the pod, whose namespace is at `$3`. Their
 * hardware addresses are printed in this order.
 */
const MAKE_VETH = `
ip link add "$1" type veth peer name "$2" netns "$3"
ip link set "$1" up
ip -brief link show dev "$1"
exec nsenter --net="$3" sh -ec 'ip link set "$0" up; exec ip -brief link show dev "$0"' "$2"
`;
