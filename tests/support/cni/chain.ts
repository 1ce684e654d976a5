/**
 * A small CNI runtime: it runs the plugins of a network configuration list as `libcni` does.
 *
 * Source: CNI specification, section "Execution of Network Configurations".
 *
 * @module
 */

import { type CniVersion, isAtLeast } from "../../../lib/cni/version.ts";
import type { Finished } from "../run/process.ts";

/** One plugin's part of a list. */
export interface PluginConfiguration {
  /** The name of the executable. */
  type: string;
  [member: string]: unknown;
}

/** A network configuration list, as a NetworkAttachmentDefinition holds it. */
export interface NetworkList {
  cniVersion: CniVersion;
  name: string;
  plugins: readonly PluginConfiguration[];
}

/** A pod's interface in a network. */
export interface Attachment {
  containerId: string;
  /** Path of the pod's network namespace. */
  netns: string;
  ifname: string;
}

/** An interface that a plugin made. */
export interface ResultInterface {
  name: string;
  mac?: string;
  /** The network namespace that it is in; absent for one on the node. */
  sandbox?: string;
}

/** Result of ADD, as far as it matters here. */
export interface CniResult {
  cniVersion: string;
  interfaces: ResultInterface[];
}

/** Runs a plugin with standard input and environment to its end. */
export type Plugin = (stdin: string, env: Record<string, string>) => Promise<Finished>;

/** Options of a runtime. */
export interface RuntimeOptions {
  /** The plugins by `type`. */
  plugins: ReadonlyMap<string, Plugin>;
  /** Members that every plugin's configuration gets, such as `socket_file`. */
  members?: Readonly<Record<string, unknown>>;
  /** The namespace that pods are in. */
  namespace?: string;
  /** Environment variables that every plugin gets besides the protocol's own. */
  env?: Readonly<Record<string, string>>;
}

/** A plugin of a chain failed. */
export class ChainError extends Error {
  /** Tells this kind of error from others. */
  override name = "ChainError";
  /** The code of the CNI error; absent if the plugin left none. */
  readonly code?: number;

  /**
   * @param command The command that it failed at.
   * @param finished What it left.
   */
  constructor(readonly type: string, readonly command: string, finished: Finished) {
    const { code, msg, details } = parseObject(finished.stdout);
    const said = msg ?? (finished.stderr.trim() || `exit status ${finished.code}`);
    super(`${type} failed at ${command}: ${said}${details ? ` (${details})` : ""}`);
    if (typeof code === "number") this.code = code;
  }
}

/** A runtime. It remembers the result of each attachment until DEL, as `libcni` does on disk. */
export class Runtime {
  readonly #options: RuntimeOptions;
  readonly #results = new Map<string, CniResult>();

  /** @param options The plugins, and what all of them get. */
  constructor(options: RuntimeOptions) {
    this.#options = options;
  }

  /**
   * Attaches a pod to a network: each plugin gets the result of the one before.
   *
   * @param attachment The pod's interface.
   * @returns The result of the last plugin.
   * @throws {ChainError} A plugin failed. What those before it did stays until {@linkcode del}.
   */
  async add(list: NetworkList, attachment: Attachment): Promise<CniResult> {
    let result: CniResult | undefined;
    for (const plugin of list.plugins) {
      const output = await this.#call("ADD", list, plugin, attachment, result);
      result = JSON.parse(output) as CniResult;
    }
    if (!result) throw new Error(`network ${list.name} has no plugins`);
    this.#results.set(keyOf(list, attachment), result);
    return result;
  }

  /**
   * Checks an attachment.
   *
   * @param attachment The pod's interface.
   * @throws {ChainError} A plugin found something wrong.
   */
  async check(list: NetworkList, attachment: Attachment): Promise<void> {
    const result = this.#results.get(keyOf(list, attachment));
    for (const plugin of list.plugins) {
      await this.#call("CHECK", list, plugin, attachment, result);
    }
  }

  /**
   * Detaches a pod from a network, the last plugin first.
   *
   * @param attachment The pod's interface.
   * @throws {ChainError} A plugin failed; those that come before it in the list were not called.
   */
  async del(list: NetworkList, attachment: Attachment): Promise<void> {
    for (const plugin of list.plugins.toReversed()) await this.#del(list, plugin, attachment);
    this.#results.delete(keyOf(list, attachment));
  }

  /**
   * Undoes what one plugin of a chain has done, and leaves the rest attached.
   *
   * @param attachment The pod's interface.
   * @throws {ChainError} It failed.
   */
  async delPlugin(list: NetworkList, attachment: Attachment, type: string): Promise<void> {
    const plugins = list.plugins.filter((plugin) => plugin.type === type);
    for (const plugin of plugins) await this.#del(list, plugin, attachment);
  }

  /**
   * Does what one plugin of a chain does once more, after {@linkcode delPlugin}.
   *
   * @param attachment The pod's interface, attached to it.
   * @param type The plugin, one that passes on the result of those before it.
   * @throws {ChainError} It failed.
   */
  async addPlugin(list: NetworkList, attachment: Attachment, type: string): Promise<void> {
    const result = this.#results.get(keyOf(list, attachment));
    const plugins = list.plugins.filter((plugin) => plugin.type === type);
    for (const plugin of plugins) await this.#call("ADD", list, plugin, attachment, result);
  }

  async #del(list: NetworkList, plugin: PluginConfiguration, attachment: Attachment) {
    const result = this.#results.get(keyOf(list, attachment));
    const known = isAtLeast(list.cniVersion, "0.4.0") ? result : undefined;
    await this.#call("DEL", list, plugin, attachment, known);
  }

  async #call(
    command: string,
    { cniVersion, name }: NetworkList,
    plugin: PluginConfiguration,
    attachment: Attachment,
    prevResult: CniResult | undefined,
  ): Promise<string> {
    const { plugins, members, namespace = "emu-cni", env } = this.#options;
    const execute = plugins.get(plugin.type);
    if (!execute) throw new Error(`there is no plugin ${plugin.type}`);
    const configuration = { ...members, ...plugin, cniVersion, name, prevResult };
    const variables = { ...env, ...protocolVariables(command, attachment, namespace) };
    const finished = await execute(JSON.stringify(configuration), variables);
    if (finished.code !== 0) throw new ChainError(plugin.type, command, finished);
    return finished.stdout;
  }
}

function protocolVariables(
  command: string,
  { containerId, netns, ifname }: Attachment,
  namespace: string,
) {
  return {
    CNI_COMMAND: command,
    CNI_CONTAINERID: containerId,
    CNI_NETNS: netns,
    CNI_IFNAME: ifname,
    CNI_PATH: "/opt/cni/bin",
    CNI_ARGS: `IgnoreUnknown=1;K8S_POD_NAMESPACE=${namespace};K8S_POD_NAME=${containerId}`,
  };
}

function keyOf({ name }: NetworkList, { containerId, ifname }: Attachment): string {
  return [name, containerId, ifname].join(" ");
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
