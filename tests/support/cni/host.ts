/**
 * A host in small: the database of a switch with bridge `br1`, pods with ports on it, and the
 * plugins that a runtime calls for them.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { both, ChainedPlugin, type Config } from "./chained.ts";
import { type MirrorView, Ovsdb } from "../ovs/ovsdb.ts";
import { runSwitch } from "../ovs/vswitchd.ts";
import type { Daemon } from "../run/daemon.ts";
import type { RoleName } from "./plugin.ts";
import { type CacheFile, readCache, readState } from "./state.ts";

/** Value of `external_ids:owner` in rows that the plugins, or the `ovs` plugin, made. */
export const OWNER = "ovs-cni.network.kubevirt.io";

/** Where a pod's port is and what it is called. */
export interface Place {
  bridge?: string;
  port?: string;
  ifname?: string;
}

/** All that a test needs of a host. Leaving the scope removes it. */
export class Host implements AsyncDisposable {
  /** The switch's database. */
  readonly db: Ovsdb;
  #pods = 0;
  #switch?: Daemon;

  private constructor(db: Ovsdb) {
    this.db = db;
  }

  /** Starts a host with bridges, `br1` alone unless named. */
  static async start(...bridges: string[]): Promise<Host> {
    const host = Host.of(await Ovsdb.start());
    await host.db.addBridges(...(bridges.length > 0 ? bridges : ["br1"]));
    return host;
  }

  /** Starts a host whose switch runs, with bridge `br1` and ports without packets. */
  static async withSwitch(): Promise<Host> {
    const host = Host.of(await Ovsdb.start());
    host.#switch = runSwitch(host.db, "--enable-dummy=override");
    await host.db.addBridgesWith({ datapath_type: "dummy" }, "br1");
    return host;
  }

  /** A host whose switch has this database, with bridge `br1` there already. */
  static of(db: Ovsdb): Host {
    return new Host(db);
  }

  /** The plugins' directory of records. */
  get cache(): string {
    return `${this.db.directory}/cache`;
  }

  /** Makes a pod. Its port `veth1`, `veth2`, … is made and marked as the `ovs` plugin does. */
  async addPod(place: Place = {}): Promise<Pod> {
    const number = ++this.#pods;
    const pod = new Pod(this, `pod-${number}`, { port: `veth${number}`, ...place });
    await pod.plugIn();
    return pod;
  }

  /** A plugin that is called for the host, not for a pod: GC and STATUS. */
  plugin(role: RoleName, config: Config = {}): ChainedPlugin {
    const env = { CNI_CONTAINERID: undefined, CNI_NETNS: undefined, CNI_IFNAME: undefined };
    return this.plugged(role, env, { cniVersion: "1.1.0", ...config });
  }

  /** A plugin with environment variables of its own, and members that all configurations have. */
  plugged(role: RoleName, env: Record<string, string | undefined>, config: Config): ChainedPlugin {
    const { directory, socket } = this.db;
    const members = { bridge: "br1", socket_file: socket, mirrors: [both("m1")], ...config };
    const unchanged = <T>(action: () => Promise<T>) => this.unchanged(action);
    return new ChainedPlugin(role, { directory, env, config: members }, unchanged);
  }

  /** The records. */
  entries(): CacheFile[] {
    return readCache(this.cache);
  }

  /** Makes sure that mirrors are so, and no others are there. */
  async assertMirrors(...expected: MirrorView[]): Promise<void> {
    assertEquals(await this.db.mirrors(), expected);
  }

  /** Runs something that must change nothing: no row, no file. */
  async unchanged<T>(action: () => Promise<T>): Promise<T> {
    const before = await readState(this.db, this.cache);
    const value = await action();
    assertEquals(await readState(this.db, this.cache), before, "something was changed");
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#switch?.[Symbol.asyncDispose]();
    await this.db[Symbol.asyncDispose]();
  }
}

/** A pod: a network namespace, one interface in it and the port of that interface. */
export class Pod {
  readonly bridge: string;
  readonly port: string;
  readonly ifname: string;

  constructor(readonly host: Host, readonly containerId: string, place: Place) {
    const { bridge = "br1", port = "veth0", ifname = "eth1" } = place;
    this.bridge = bridge;
    this.port = port;
    this.ifname = ifname;
  }

  /** Path of the network namespace. Nothing is there, nor in its place, so nobody takes it for gone. */
  get netns(): string {
    return `/var/run/tests/${this.containerId}`;
  }

  /** Makes the port. */
  async plugIn(): Promise<void> {
    const marks = { contNetns: this.netns, contIface: this.ifname, contPodUid: "", owner: OWNER };
    await this.host.db.addPortsWith(this.bridge, marks, this.port);
  }

  /** A further interface of the same pod. */
  async addInterface(place: Place): Promise<Pod> {
    const pod = new Pod(this.host, this.containerId, place);
    await pod.plugIn();
    return pod;
  }

  /** The result of the `ovs` plugin: the port on the host, the interface in the container. */
  result(cniVersion = "1.0.0"): Config {
    const inside = { name: this.ifname, mac: "02:00:00:00:00:02", sandbox: this.netns };
    return { cniVersion, interfaces: [{ name: this.port, mac: "02:00:00:00:00:01" }, inside] };
  }

  /** The producer, chained after `ovs`; of `m1` in both directions unless configured otherwise. */
  producer(config: Config = {}): ChainedPlugin {
    return this.#plugin("producer", config);
  }

  /** The consumer, chained after `ovs`; of `m1` unless configured otherwise. */
  consumer(config: Config = {}): ChainedPlugin {
    return this.#plugin("consumer", { mirrors: [{ name: "m1" }], ...config });
  }

  #plugin(role: RoleName, config: Config): ChainedPlugin {
    const env = {
      CNI_CONTAINERID: this.containerId,
      CNI_NETNS: this.netns,
      CNI_IFNAME: this.ifname,
    };
    const prevResult = this.result(config.cniVersion as string | undefined);
    return this.host.plugged(role, env, { bridge: this.bridge, prevResult, ...config });
  }
}

/**
 * A mirror as {@linkcode Ovsdb.mirrors} shows it: made by the plugins on `br1`, empty but for what
 * is given.
 */
export function ours(name: string, parts: Partial<MirrorView> = {}): MirrorView {
  return { name, bridge: "br1", owner: OWNER, src: [], dst: [], output: undefined, ...parts };
}
